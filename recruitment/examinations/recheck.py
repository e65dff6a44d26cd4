"""What is known of the recheck before the interview: who is rechecked, and who is next for a freed place (R54)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.policies import in_scope
from campaigns.planning.enums import Track
from campaigns.planning.machine import RUNNING
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.language import rule_language
from recruitment.applications.enums import ApplicationState as S
from recruitment.applications.models import Application
from recruitment.examinations.models import CallUp, InterviewNotice, Mark, MarkKind, Recheck, RecheckOutcome
from recruitment.publications.models import Publication, PublicationKind, PublicationState
from recruitment.publications.queries import is_released
from rulebook.explanation import Explanation, Guard
from rulebook.recheck import may_be_interviewed, may_call_up, next_after_recheck
from rulebook.replacement import Waiting
from rulebook.ruleset import RuleSet
from rulebook.ruleset.clauses import render

RECHECKERS = (Role.UNIT_HR, Role.DEPARTMENT, Role.TALENT_OFFICE)
# Called to the interview, by the shortlist or to a freed place, whatever became of them since.
IS_CALLED = Q(written_result__is_called=True) | Q(call_up__isnull=False)


@dataclass(frozen=True)
class Outlook:
    """The rules' answer for one freed place: who is next, who are tied, how it came about."""

    called: Application | None
    tied: list[Application]
    explanation: Explanation


def admission_of(application: Application, rules: RuleSet) -> Guard:
    """Whether the person is admitted to the interview. Uses `written_result`, `call_up` and `recheck` if loaded."""
    result = getattr(application, "written_result", None)
    is_called = (result is not None and result.is_called) or hasattr(application, "call_up")
    recheck = getattr(application, "recheck", None)
    return may_be_interviewed(is_called, recheck.outcome if recheck else None, rules.recheck)


def is_turned_away(application: Application) -> bool:
    """The person did not pass the recheck and was therefore not interviewed."""
    recheck = getattr(application, "recheck", None)
    return recheck is not None and recheck.outcome != RecheckOutcome.PASSED


def recheck_sentences(rules: RuleSet) -> list[str]:
    """What the announcement says of the recheck, the documents first; empty where it asks for none."""
    if not rules.recheck.required:
        return []
    return [line.text for line in render(rules, rule_language()) if line.code.startswith("clause.recheck.")]


@dataclass(frozen=True)
class OwnRecheck:
    """What a person reads of their recheck: the rule's words, the reason if they did not pass, what to bring before."""

    lines: list[str]
    reason_name: str
    reason: str
    sentences: list[str]
    turned_away: bool


def own_recheck(application: Application, rules: RuleSet) -> OwnRecheck | None:
    """For who was called to the interview, once the list of those called is out; None where there is no recheck."""
    call_up = getattr(application, "call_up", None)
    result = getattr(application, "written_result", None)
    is_called = call_up is not None or (result is not None and result.is_called)
    if not rules.recheck.required or not is_called or application.state in (S.WITHDRAWN, S.DISQUALIFIED):
        return None
    if not is_released(application.campaign_id, PublicationKind.SHORTLIST):
        return None
    recheck = getattr(application, "recheck", None)
    lines = list(call_up.explanation[rule_language()]) if call_up else []
    return OwnRecheck(
        lines=[*lines, admission_of(application, rules).explanation.text(rule_language())],
        reason_name=recheck.get_reason_code_display() if recheck else "",
        reason=recheck.reason if recheck else "",
        sentences=[] if recheck else recheck_sentences(rules),
        turned_away=is_turned_away(application),
    )


def interview_day(campaign: Campaign) -> date | None:
    """The day on which the interviews are planned to begin."""
    starts = campaign.milestones.filter(key="interview").values_list("starts_at", flat=True).first()
    return timezone.localdate(starts) if starts else None


def window_of(campaign: Campaign, rules: RuleSet, *, issued: bool | None = None) -> Guard:
    """Whether somebody may be called up today, and why or why not; `issued` is tried in place of what is."""
    if issued is None:
        issued = InterviewNotice.objects.filter(campaign=campaign).exists()
    return may_call_up(timezone.localdate(), rules.recheck, notice_issued=issued, interview_on=interview_day(campaign))


def outlook(place: Recheck) -> Outlook:
    """Who takes this person's place, by the written ranking and the line of the shortlist (R54, R72); reads only."""
    position = place.application.position
    campaign, rules = position.campaign, rules_of(position.campaign)
    rows = Application.objects.filter(position=position, state=S.NOT_SHORTLISTED, written_result__value__isnull=False)
    people = list(rows.select_related("written_result", "position__unit", "candidate").order_by("ticket_no"))
    waiting = [_waiting(row) for row in people]
    used = CallUp.objects.filter(application__position=position).count()
    answer = next_after_recheck(
        waiting,
        place.outcome,
        used,
        rules.replacement,
        window_of(campaign, rules),  # type: ignore[arg-type]
    )
    by_key = {str(row.pk): row for row in people}
    return Outlook(
        by_key[answer.called] if answer.called else None, [by_key[key] for key in answer.tied], answer.explanation
    )


def _waiting(row: Application) -> Waiting:
    result = row.written_result
    below = result.line is not None and result.value < result.line
    return Waiting(str(row.pk), result.rank, result.value, disqualified=below)


def rechecks_visible_to(user: User) -> QuerySet[Application]:
    """Everyone called to the interview of an exam, at positions of the units a person rechecks for or oversees."""
    mine = in_scope(user, *RECHECKERS, Role.AUDITOR, field="position__unit")
    out = Publication.objects.filter(
        campaign=OuterRef("campaign"), kind=PublicationKind.SHORTLIST, state=PublicationState.RELEASED
    )
    rows = Application.objects.filter(mine, IS_CALLED, Exists(out), campaign__track=Track.PUBLIC_EXAM)
    related = ("position__unit", "candidate", "campaign__unit", "written_result", "recheck__recorded_by", "call_up")
    return rows.select_related(*related).defer("draft", "snapshot", "clauses")


def to_recheck(user: User) -> QuerySet[Application]:
    """Who still waits for the recheck by this person: called, not left, not interviewed, no result yet."""
    interviewed = Mark.objects.filter(batch__campaign=OuterRef("campaign"), batch__kind=MarkKind.INTERVIEW)
    mine = in_scope(user, *RECHECKERS, field="position__unit")
    rows = rechecks_visible_to(user).filter(mine, state=S.SHORTLISTED, recheck=None, campaign__state__in=RUNNING)
    return rows.exclude(Exists(interviewed))


def free_places(campaign: Campaign) -> QuerySet[Recheck]:
    """Places that fell free at the recheck and were not taken."""
    rows = Recheck.objects.filter(application__campaign=campaign, call_up=None)
    return rows.exclude(outcome=RecheckOutcome.PASSED)
