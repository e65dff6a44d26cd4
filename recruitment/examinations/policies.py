"""Who imports, locks and ranks marks. Nobody else sees a mark before the list is released."""

from accounts.duties import Duty, may
from accounts.enums import Role
from accounts.policies import has_role

may_import_marks = may(Duty.IMPORT_MARKS)
may_import_interviews = may(Duty.ENTER_INTERVIEW_MARKS) | may(Duty.IMPORT_MARKS)
may_lock_marks = may(Duty.LOCK_MARKS) | may(Duty.ENTER_INTERVIEW_MARKS)
may_rank = has_role(Role.EXAM_CENTRE, Role.TALENT_OFFICE)
may_propose = has_role(Role.TALENT_OFFICE)
may_read_marks = may(Duty.SEE_SCORES_BEFORE_RELEASE)
