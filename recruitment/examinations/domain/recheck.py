"""The recheck before the interview: results, the next person for a freed place, the interview notices (A14, R54)."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.errors import Refused
from foundation.jobs.kinds import Report
from foundation.jobs.progress import one_by_one
from foundation.language import rule_language
from recruitment.applications.enums import ApplicationState as S
from recruitment.applications.gateway import move_application
from recruitment.applications.models import Application
from recruitment.applications.policies import require_person
from recruitment.examinations.candidate_messages import tell_of_recheck
from recruitment.examinations.domain.marking import BATCH, refuse_after_interviews
from recruitment.examinations.domain.ranking import told
from recruitment.examinations.domain.running import lock_running
from recruitment.examinations.models import (
    RECHECK_CODES,
    CallUp,
    InterviewNotice,
    Recheck,
    RecheckOutcome,
)
from recruitment.examinations.policies import may_call_up, may_recheck_person
from recruitment.examinations.recheck import IS_CALLED, outlook
from recruitment.publications.models import PublicationKind
from recruitment.publications.queries import is_released
from rulebook.explanation import Explanation

LEAST_WORDS = 4
RELATED = ("position__unit", "campaign", "candidate__user", "written_result", "recheck", "call_up")


def _open(campaign: Campaign) -> Campaign:
    """The campaign, locked, while rechecks are recorded: once the shortlist is out, before the first interview mark."""
    campaign = lock_running(campaign)
    if not rules_of(campaign).recheck.required:
        raise Refused(_("By the rules there is no recheck before the interview. Nothing was saved."), code="no_recheck")
    if not is_released(campaign.pk, PublicationKind.SHORTLIST):
        raise Refused(
            _("The list of people called to the interview is not out yet. Nothing was saved."), code="not_published"
        )
    refuse_after_interviews(campaign)
    return campaign


def _person(application: Application) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related(*RELATED)
    return rows.prefetch_related("recusals", "candidate__relatives").get(pk=application.pk)


@transaction.atomic
def record_recheck(
    *, actor: User, application: Application, outcome: str, reason_code: str = "", reason: str = ""
) -> Recheck:
    """What the recheck of one called person came to; the same result again changes nothing.

    Not passed needs a code and words that the person reads. For who left after the call only “withdrew” is recorded,
    which frees the place. Raises Refused outside the time between the published shortlist and the interview marks, for
    who was not called, and for another result than the one on record.
    """
    campaign = _open(application.campaign)
    person = _person(application)
    require_person(may_recheck_person, actor, person)
    reason = reason.strip()
    _check_outcome(outcome, reason_code, reason)
    _refuse_not_called(person, outcome)
    standing = getattr(person, "recheck", None)
    if standing is not None:
        if (standing.outcome, standing.reason_code, standing.reason) == (outcome, reason_code, reason):
            return standing
        raise Refused(
            _("The recheck of this person is on record; take it back first. Nothing was saved."), code="recorded"
        )
    recheck = Recheck.objects.create(
        application=person, outcome=outcome, reason_code=reason_code, reason=reason, recorded_by=actor
    )
    after = {"outcome": outcome, **({"reason_code": reason_code} if reason_code else {})}
    audit.record(actor=actor, action="examinations.record_recheck", subject=person, after=after, reason=reason)
    if outcome != RecheckOutcome.PASSED:
        tell_of_recheck([person], "recheck_not_passed", occasion=f"recheck{recheck.pk}")
    elif InterviewNotice.objects.filter(campaign=campaign).exists():
        tell_of_recheck([person], "interview_notice", occasion="notice")
    return recheck


def _check_outcome(outcome: str, reason_code: str, reason: str) -> None:
    if outcome not in RecheckOutcome.values:
        raise Refused(_("Please choose an outcome from the list. Nothing was saved."), code="outcome")
    if outcome == RecheckOutcome.FAILED:
        if reason_code not in [code.value for code in RECHECK_CODES]:
            raise Refused(_("Please choose a reason from the list. Nothing was saved."), code="reason_code_required")
        if len(reason) < LEAST_WORDS:
            raise Refused(
                _("Please say in words what is wrong and what would be right; the applicant reads it. "
                  "Nothing was saved."),
                code="reason_required",
            )  # fmt: skip
    elif reason_code:
        raise Refused(_("A reason belongs only to a recheck not passed. Nothing was saved."), code="reason_code")


def _refuse_not_called(person: Application, outcome: str) -> None:
    result = getattr(person, "written_result", None)
    is_called = (result is not None and result.is_called) or hasattr(person, "call_up")
    stands = person.state == S.SHORTLISTED or (person.state == S.WITHDRAWN and outcome == RecheckOutcome.WITHDRAWN)
    if not is_called or not stands:
        raise Refused(
            _("This application is in the state “%(state)s”, so nothing is rechecked. Nothing was saved.")
            % {"state": person.get_state_display()},
            code="wrong_state",
        )


@transaction.atomic
def pass_rechecks(
    *, actor: User, campaign: Campaign, applications: Iterable[Application], report: Report | None = None
) -> int:
    """Record that all of these passed, all or none; who passed before stays so. Returns how many are new.

    Raises Refused naming those who were not called or have another result, and as `record_recheck` does.
    """
    campaign = _open(campaign)
    keys = sorted(row.pk for row in applications)
    rows = campaign.applications.filter(pk__in=keys).select_related(*RELATED).order_by("pk")
    people = list(rows.defer("draft", "snapshot", "clauses").prefetch_related("recusals", "candidate__relatives"))
    wrong = []
    for person in one_by_one(people, report):
        require_person(may_recheck_person, actor, person)
        standing = getattr(person, "recheck", None)
        is_called = person.written_result.is_called or hasattr(person, "call_up")
        if not is_called or person.state != S.SHORTLISTED or (standing and standing.outcome != RecheckOutcome.PASSED):
            wrong.append(person.ticket_no or person.registration_no)
    if wrong:
        raise Refused(
            _("These can't be recorded as passed: %(numbers)s. Nothing was saved.") % {"numbers": ", ".join(wrong[:5])},
            code="wrong_state",
        )
    fresh = [person for person in people if not hasattr(person, "recheck")]
    made = [Recheck(application=person, outcome=RecheckOutcome.PASSED, recorded_by=actor) for person in fresh]
    Recheck.objects.bulk_create(made, batch_size=BATCH)
    if fresh:
        after = {"people": len(fresh), "digest": audit.digest_of([person.pk for person in fresh])}
        audit.record(actor=actor, action="examinations.pass_rechecks", subject=campaign, after=after)
        if InterviewNotice.objects.filter(campaign=campaign).exists():
            tell_of_recheck(fresh, "interview_notice", occasion="notice")
    return len(fresh)


@transaction.atomic
def take_back_recheck(*, actor: User, recheck: Recheck, reason: str) -> Application:
    """Delete a result recorded by mistake, with the reason; the person waits for the recheck again.

    Raises Refused once somebody was called up to the place, or the interview notices were issued.
    """
    campaign = _open(recheck.application.campaign)
    person = _person(recheck.application)
    require_person(may_recheck_person, actor, person)
    if len(reason.strip()) < LEAST_WORDS:
        raise Refused(_("Please say why the result is taken back. Nothing was saved."), code="reason_required")
    row = Recheck.objects.filter(pk=recheck.pk).first()
    if row is None:
        return person
    if CallUp.objects.filter(place=row).exists():
        raise Refused(_("Somebody was called up to this place; the result stays. Nothing was saved."), code="called_up")
    if InterviewNotice.objects.filter(campaign=campaign).exists():
        raise Refused(_("The interview notices are issued; the result stays. Nothing was saved."), code="notified")
    before = {"outcome": row.outcome, "reason_code": row.reason_code}
    row.delete()
    audit.record(
        actor=actor, action="examinations.take_back_recheck", subject=person, before=before, reason=reason.strip()
    )
    return person


@transaction.atomic
def call_up(*, actor: User, place: Recheck, application: Application, extra_test: str = "") -> CallUp:
    """Call `application` to a place that fell free at the recheck, if the rules name this person and nobody else.

    Where several share the next rank, one of them may be called with the number of the `extra_test` that decided. The
    person is told at once. Raises Refused with the rule's explanation if another person or nobody is next, and for a
    place that is not free.
    """
    require(may_call_up, actor, place)
    _open(place.application.campaign)
    place = Recheck.objects.select_related("application__position__campaign").get(pk=place.pk)
    if place.outcome == RecheckOutcome.PASSED or CallUp.objects.filter(place=place).exists():
        raise Refused(_("This place is not free now. Nothing was saved."), code="not_free")
    answer = outlook(place)
    by_test = application in answer.tied and bool(extra_test.strip())
    if application != answer.called and not by_test:
        raise Refused(f"{' '.join(_words(answer.explanation))} {_('Nothing was saved.')}", code="not_next")
    person = Application.objects.select_related("position__campaign").get(pk=application.pk)
    move_application(actor=actor, application=person, move="shortlist")
    made = CallUp.objects.create(
        place=place, application=person, explanation=told(answer.explanation), extra_test=extra_test.strip(),
        called_by=actor,
    )  # fmt: skip
    after = {"called": person.registration_no, "place": place.application.registration_no}
    audit.record(actor=actor, action="examinations.call_up", subject=made, after=after, reason=extra_test.strip())
    return made


def _words(explanation: Explanation) -> Sequence[str]:
    return explanation.lines(rule_language())


@transaction.atomic
def issue_interview_notices(*, actor: User, campaign: Campaign) -> int:
    """Tell everyone admitted to the interview; returns how many. Issued again it changes nothing.

    Raises Refused while somebody who was called has no result of the recheck.
    """
    require(may_call_up, actor, campaign)
    campaign = _open(campaign)
    called = campaign.applications.filter(IS_CALLED, state=S.SHORTLISTED)
    if waiting := called.filter(recheck=None).count():
        raise Refused(
            ngettext(
                "%(n)s person called has no result of the recheck yet. Nothing was saved.",
                "%(n)s people called have no result of the recheck yet. Nothing was saved.",
                waiting,
            ) % {"n": waiting},
            code="recheck_open",
        )  # fmt: skip
    admitted = called.filter(recheck__outcome=RecheckOutcome.PASSED)
    people = list(admitted.select_related("position__unit", "candidate__user").defer("draft", "snapshot", "clauses"))
    _notice, is_new = InterviewNotice.objects.get_or_create(campaign=campaign, defaults={"issued_by": actor})
    if is_new:
        tell_of_recheck(people, "interview_notice", occasion="notice")
        audit.record(
            actor=actor, action="examinations.issue_interview_notices", subject=campaign, after={"people": len(people)}
        )
    return len(people)
