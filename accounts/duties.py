"""Who may do what, as one table (tracks.md 2.6): rooms build their policies from it, not beside it.

may_review = may(Duty.FIRST_REVIEW)                      a Predicate: holds for the unit of the subject
rows.filter(scope(Duty.FIRST_REVIEW, user, "position__unit"))     the rows that user may do it on
"""

from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.enums import Role, UserKind
from accounts.models import User
from accounts.policies import ALLOWED, Decision, Predicate, has_role, in_scope


class Duty(StrEnum):
    EDIT_OWN_APPLICATION = "edit_own_application"
    FIRST_REVIEW = "first_review"
    OVERRIDE_REJECTION = "override_rejection"
    VIEW_OVERRIDES = "view_overrides"
    APPROVE_PLAN = "approve_plan"
    PUBLISH_NOTICE = "publish_notice"
    VIEW_PLANS_AND_NOTICES = "view_plans_and_notices"
    IMPORT_MARKS = "import_marks"
    LOCK_MARKS = "lock_marks"
    VIEW_MARKS_TRAIL = "view_marks_trail"
    ENTER_INTERVIEW_MARKS = "enter_interview_marks"
    WATCH_INTERVIEW_MARKS = "watch_interview_marks"
    SEE_SCORES_BEFORE_RELEASE = "see_scores_before_release"
    REQUEST_SLOT = "request_slot"
    RESERVE_OR_RELEASE_SLOT = "reserve_or_release_slot"
    VIEW_SLOTS = "view_slots"
    SEE_NATIONAL_ID = "see_national_id"
    SEE_NAMES = "see_names"
    VIEW_DASHBOARDS = "view_dashboards"


_UNITS = frozenset({Role.UNIT_HR, Role.DEPARTMENT})
_TALENT = frozenset({Role.TALENT_OFFICE})
_EXAM = frozenset({Role.EXAM_CENTRE})
_POSTS = frozenset({Role.ESTABLISHMENT_OFFICE})
_AUDIT = frozenset({Role.AUDITOR})

DUTIES: dict[Duty, frozenset[Role]] = {
    Duty.EDIT_OWN_APPLICATION: frozenset(),
    Duty.FIRST_REVIEW: _UNITS,
    Duty.OVERRIDE_REJECTION: _TALENT | {Role.DEPARTMENT},
    Duty.VIEW_OVERRIDES: _TALENT | _AUDIT | {Role.DEPARTMENT},
    Duty.APPROVE_PLAN: _TALENT,
    Duty.PUBLISH_NOTICE: _TALENT,
    Duty.VIEW_PLANS_AND_NOTICES: _TALENT | _AUDIT,
    Duty.IMPORT_MARKS: _EXAM,
    Duty.LOCK_MARKS: _EXAM,
    Duty.VIEW_MARKS_TRAIL: _EXAM | _AUDIT,
    Duty.ENTER_INTERVIEW_MARKS: _TALENT,
    Duty.WATCH_INTERVIEW_MARKS: _TALENT | _AUDIT,
    Duty.SEE_SCORES_BEFORE_RELEASE: _TALENT | _EXAM | _AUDIT,
    Duty.REQUEST_SLOT: _TALENT | {Role.UNIT_HR},
    Duty.RESERVE_OR_RELEASE_SLOT: _POSTS,
    Duty.VIEW_SLOTS: _UNITS | _TALENT | _POSTS | _AUDIT | {Role.LEADER},
    Duty.SEE_NATIONAL_ID: _UNITS | _TALENT | _EXAM | _POSTS | _AUDIT,
    Duty.SEE_NAMES: _UNITS | _TALENT | _EXAM | _POSTS | _AUDIT | {Role.MEDICAL_RECORDER},
    Duty.VIEW_DASHBOARDS: _UNITS | _TALENT | _EXAM | _POSTS | _AUDIT | {Role.LEADER},
}

TWO_PERSONS = frozenset({Duty.APPROVE_PLAN, Duty.PUBLISH_NOTICE, Duty.LOCK_MARKS, Duty.ENTER_INTERVIEW_MARKS})
LOGGED = frozenset({Duty.SEE_NATIONAL_ID, Duty.SEE_SCORES_BEFORE_RELEASE})


def may(duty: Duty) -> Predicate:
    """Holds a role of the duty for the unit of the subject; without a subject, anywhere."""
    return _own_application if duty is Duty.EDIT_OWN_APPLICATION else has_role(*sorted(DUTIES[duty]))


def scope(duty: Duty, actor: User, field: str = "unit") -> Q:
    """A filter for the rows on which `actor` may do `duty`; `field` leads to the unit, empty for units themselves."""
    roles = DUTIES[duty]
    return in_scope(actor, *roles, field=field) if roles else Q(pk__in=[])


def another_person(first: User | int | None) -> Predicate:
    """The second of two persons: anyone but `first` (a user or their key). Combine it with `may(duty)`."""
    first_pk = first.pk if isinstance(first, User) else first

    def ask(actor: User, subject: Any) -> Decision:
        if actor.pk != first_pk:
            return ALLOWED
        return Decision(False, _("This needs a second person: whoever did the first step can't do this one."))

    return Predicate(ask)


def _ask_own(actor: User, subject: Any) -> Decision:
    candidate = getattr(subject, "candidate", subject)
    if actor.kind == UserKind.CANDIDATE and candidate is not None and candidate.user_id == actor.pk:
        return ALLOWED
    return Decision(False, _("Only the candidate changes their own application."))


_own_application = Predicate(_ask_own)
