"""Who runs competitive selection."""

from accounts.duties import Duty, may
from accounts.enums import Role
from accounts.models import User
from accounts.policies import has_role
from foundation.files.models import PrivateFile
from foundation.files.policies import opens
from recruitment.selection.models import Agreement

AGREEMENT_FILE = "selection.agreement"

may_run_selection = has_role(Role.TALENT_OFFICE)
may_record_agreements = has_role(Role.TALENT_OFFICE, Role.UNIT_HR)
READERS = (Role.TALENT_OFFICE, Role.DEPARTMENT, Role.UNIT_HR, Role.AUDITOR)
may_read_selection = has_role(*READERS)
may_see_results = may(Duty.SEE_SCORES_BEFORE_RELEASE)


@opens(AGREEMENT_FILE)
def may_open_agreement(user: User, file: PrivateFile) -> bool:
    """A signed agreement: for those who read the selection of its position."""
    agreement = Agreement.objects.filter(document=file).select_related("application__position__unit").first()
    return agreement is not None and bool(may_read_selection(user, agreement.application))
