"""Who reads the figures: everyone with a duty, each for the units they cover; nobody outside."""

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from accounts.policies import has_county_role, has_role, predicate
from campaigns.planning.models import Programme

FIGURE_READERS = (
    Role.LEADER,
    Role.AUDITOR,
    Role.TALENT_OFFICE,
    Role.ESTABLISHMENT_OFFICE,
    Role.DEPARTMENT,
    Role.UNIT_HR,
)
# Names are open to auditors and to the staff who own the step (decision 14).
NAME_READERS = (Role.AUDITOR, Role.TALENT_OFFICE)

may_read_figures = has_role(*FIGURE_READERS)


@predicate(_("Figures are for leaders, auditors and the offices with a duty in recruitment."))
def may_open_lists(actor: User, programme: Programme) -> bool:
    """Whoever reads figures opens their lists: which programmes and rows these are is for the queries to say."""
    return bool(may_read_figures(actor))


may_read_names = has_role(*NAME_READERS)

# A scenario speaks of the whole envelope and of ranks before they are public: only for the county's own offices.
SIMULATORS = (Role.LEADER, Role.AUDITOR, Role.TALENT_OFFICE, Role.ESTABLISHMENT_OFFICE)
may_simulate = has_role(*SIMULATORS)

# What became of an event's people reads across all units: for those who answer for the whole of it.
FUNNEL_READERS = (Role.LEADER, Role.AUDITOR, Role.TALENT_OFFICE)
may_read_funnel = has_role(*FUNNEL_READERS)

# What high-level means is the county's word, kept by the office that answers for talent.
may_define_high_level = has_county_role(Role.TALENT_OFFICE)
