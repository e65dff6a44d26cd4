"""Who imports, locks and ranks marks. Nobody else sees a mark before the list is released."""

from django.utils.translation import gettext_lazy as _

from accounts.duties import Duty, another_person, may
from accounts.enums import Role
from accounts.models import User
from accounts.policies import Predicate, has_role, predicate
from campaigns.planning.models import Campaign
from foundation.files.models import PrivateFile
from foundation.files.policies import opens
from recruitment.applications.models import Application, Recusal
from recruitment.applications.policies import is_applicant, is_not_recused
from recruitment.candidates.models import Relative
from recruitment.examinations.models import WrittenLine

may_import_marks = may(Duty.IMPORT_MARKS)
may_import_interviews = may(Duty.ENTER_INTERVIEW_MARKS) | may(Duty.IMPORT_MARKS)
may_lock_marks = may(Duty.LOCK_MARKS)
may_lock_interviews = may(Duty.ENTER_INTERVIEW_MARKS) | may(Duty.LOCK_MARKS)
may_rank = has_role(Role.EXAM_CENTRE, Role.TALENT_OFFICE)
may_decide_bonuses = has_role(Role.TALENT_OFFICE, Role.EXAM_CENTRE)
may_decide_bonus = may_decide_bonuses & is_not_recused


@predicate(_("A person with an account claims for themselves."))
def is_ticket_only(actor: User, subject: Application) -> bool:
    """The application came in from a result file; its person can't sign in (decision 25)."""
    return subject.candidate.user_id is None


may_claim_bonus = (is_ticket_only & may_decide_bonus) | is_applicant
may_read_bonus = has_role(Role.TALENT_OFFICE, Role.EXAM_CENTRE, Role.AUDITOR)
may_recheck = has_role(Role.UNIT_HR, Role.DEPARTMENT, Role.TALENT_OFFICE)
may_recheck_person = may_recheck & is_not_recused
may_call_up = has_role(Role.TALENT_OFFICE)
may_propose = has_role(Role.TALENT_OFFICE)
may_answer_checks = may(Duty.IMPORT_MARKS)
may_set_line = has_role(Role.TALENT_OFFICE)
may_read_conduct = has_role(Role.EXAM_CENTRE, Role.TALENT_OFFICE, Role.AUDITOR)
may_report_cases = has_role(Role.EXAM_CENTRE)
may_report_conduct = may_report_cases & is_not_recused
may_record_statement = has_role(Role.EXAM_CENTRE, Role.TALENT_OFFICE)
may_read_marks = may(Duty.SEE_SCORES_BEFORE_RELEASE)


def may_import(kind: str) -> Predicate:
    """Whoever takes in marks of this kind: written ones only the exam centre (tracks, 2.6)."""
    return may_import_marks if kind == "written" else may_import_interviews


def may_decide_conduct(reported_by: int | None) -> Predicate:
    """Exam centre or talent office, never the person who reported the case, nor anyone recused (tracks, 2.5)."""
    return has_role(Role.EXAM_CENTRE, Role.TALENT_OFFICE) & is_not_recused & another_person(reported_by)


def may_lock(kind: str) -> Predicate:
    """Whoever locks marks of this kind, if they did not import them."""
    return may_lock_marks if kind == "written" else may_lock_interviews


@predicate(_("You are recused from one of the examinees: someone else must decide on the lowest mark."))
def is_not_recused_from_exam(actor: User, subject: Campaign) -> bool:
    """No examinee told us of a relative with the person's name, and no recusal is recorded for any of them (R15)."""
    examinees = subject.applications.filter(written_result__isnull=False)
    if Recusal.objects.filter(user=actor, application__in=examinees).exists():
        return False
    relatives = Relative.objects.filter(candidate__in=examinees.values("candidate"))
    return not (actor.name and any(relative.name == actor.name for relative in relatives))


LINE_DOCUMENT = "examinations.line"


@opens(LINE_DOCUMENT)
def may_open_line_document(user: User, file: PrivateFile) -> bool:
    """The document that sets a line: for those who see the marks of its exam before release."""
    line = WrittenLine.objects.filter(attachment=file).select_related("campaign__unit").first()
    return line is not None and bool(may_read_marks(user, line.campaign))
