"""Who sets panels up, and who may mark: a member, for the subjects of their own panel only."""

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from accounts.policies import has_role, predicate
from recruitment.panels.models import Panel, Subject

may_set_up_panels = has_role(Role.TALENT_OFFICE)
READERS = (Role.TALENT_OFFICE, Role.AUDITOR)
may_read_panels = has_role(*READERS)
may_judge = has_role(Role.EXPERT)


@predicate(_("Only members of the panel may do this."))
def is_member(actor: User, subject: Panel | Subject) -> bool:
    """The actor sits on the panel (of the subject)."""
    panel = subject.panel if isinstance(subject, Subject) else subject
    return panel.members.filter(user=actor).exists()
