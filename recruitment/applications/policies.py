"""Who may read, write and decide on applications (duties of tracks 2.6)."""

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role, UserKind
from accounts.models import User
from accounts.policies import Decision, has_role, predicate, require, roles_of
from foundation.errors import NotAllowed
from recruitment.applications.models import Application
from recruitment.candidates.rule_profile import RELATIONS
from rulebook.recusal import must_step_aside

READERS = (
    Role.UNIT_HR,
    Role.DEPARTMENT,
    Role.TALENT_OFFICE,
    Role.EXAM_CENTRE,
    Role.LEADER,
    Role.AUDITOR,
)
# Leaders read numbers, units and stages; names are for those who own a step, and for auditors (decision 14).
NAME_READERS = tuple(role for role in READERS if role != Role.LEADER)
REVIEWERS = (Role.UNIT_HR, Role.DEPARTMENT)
OVERRIDERS = (Role.DEPARTMENT, Role.TALENT_OFFICE)


@predicate(_("Only the applicant can do this."))
def is_applicant(actor: User, subject: Application) -> bool:
    return subject.candidate.user_id is not None and subject.candidate.user_id == actor.pk


@predicate(_("Decisions on people are made by a person, never by the system."))
def is_person(actor: User, subject: object) -> bool:
    return actor.kind != UserKind.SYSTEM


@predicate(_("You are recused from this application: someone else must decide."))
def is_not_recused(actor: User, subject: Application) -> bool:
    """No recusal was declared, and no relative the applicant told us of has the reviewer's name (R15)."""
    named = (one for one in subject.candidate.relatives.all() if actor.name and one.name == actor.name)
    relation = next((RELATIONS[one.relation] for one in named), None)
    declared = any(recusal.user_id == actor.pk for recusal in subject.recusals.all())
    return not must_step_aside(relation, other_interest=declared)


@predicate(_("The person who rejected the application can't override it: someone else must decide."))
def is_not_its_reviewer(actor: User, subject: Application) -> bool:
    review = getattr(subject, "review", None)
    return review is None or review.reviewer_id != actor.pk


may_read = has_role(*READERS)
may_read_case = has_role(*NAME_READERS)
is_reviewer = has_role(*REVIEWERS)
may_review = is_reviewer & is_not_recused
may_record_consent = has_role(*REVIEWERS, *OVERRIDERS) & is_not_recused
may_override = has_role(*OVERRIDERS) & is_not_its_reviewer & is_not_recused
# The exam centre decides on claims of bonus, so it too must be able to say that it is related.
may_declare_recusal = has_role(*REVIEWERS, *OVERRIDERS, Role.EXAM_CENTRE)
may_enter = has_role(Role.EXAM_CENTRE, Role.TALENT_OFFICE)
may_disqualify = has_role(Role.TALENT_OFFICE, Role.DEPARTMENT)
may_check_opening = has_role(Role.TALENT_OFFICE)
may_record_withdrawal = has_role(Role.UNIT_HR, Role.DEPARTMENT, Role.TALENT_OFFICE, Role.EXAM_CENTRE)


def require_person(rule: object, actor: User, subject: Application) -> None:
    """As `require`, but the system account is refused too: a machine never decides on a person (PIPL Art. 24)."""
    decision: Decision = is_person(actor, subject)
    if not decision:
        raise NotAllowed(decision.reason)
    require(rule, actor, subject)  # type: ignore[arg-type]


def may_see_names(user: User) -> bool:
    """True if one of the person's roles reads names; a leader's role alone does not (decision 14)."""
    return any(role in NAME_READERS for role, _path in roles_of(user))
