"""Who imports, locks and ranks marks. Nobody else sees a mark before the list is released."""

from accounts.duties import Duty, may
from accounts.enums import Role
from accounts.policies import Predicate, has_role
from recruitment.applications.policies import is_not_recused

may_import_marks = may(Duty.IMPORT_MARKS)
may_import_interviews = may(Duty.ENTER_INTERVIEW_MARKS) | may(Duty.IMPORT_MARKS)
may_lock_marks = may(Duty.LOCK_MARKS)
may_lock_interviews = may(Duty.ENTER_INTERVIEW_MARKS) | may(Duty.LOCK_MARKS)
may_rank = has_role(Role.EXAM_CENTRE, Role.TALENT_OFFICE)
may_decide_bonuses = has_role(Role.TALENT_OFFICE, Role.EXAM_CENTRE)
may_decide_bonus = may_decide_bonuses & is_not_recused
may_read_bonus = has_role(Role.TALENT_OFFICE, Role.EXAM_CENTRE, Role.AUDITOR)
may_propose = has_role(Role.TALENT_OFFICE)
may_read_marks = may(Duty.SEE_SCORES_BEFORE_RELEASE)


def may_import(kind: str) -> Predicate:
    """Whoever takes in marks of this kind: written ones only the exam centre (tracks, 2.6)."""
    return may_import_marks if kind == "written" else may_import_interviews


def may_lock(kind: str) -> Predicate:
    """Whoever locks marks of this kind, if they did not import them."""
    return may_lock_marks if kind == "written" else may_lock_interviews
