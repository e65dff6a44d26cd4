"""Cases of misconduct: how far the application is, which papers and words are concerned, and who has what to do."""

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.policies import in_scope
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.language import rule_language
from recruitment.applications.enums import CLOSED_STATES
from recruitment.applications.enums import ApplicationState as S
from recruitment.applications.models import Application
from recruitment.examinations.models import ONE_PAPER, ConductCase, ConductState, MarkKind
from rulebook.explanation import Guard
from rulebook.misconduct import MisconductEffect, Severity, Stage, effect_of, may_decide, may_state, sentences_of

DECIDERS = (Role.EXAM_CENTRE, Role.TALENT_OFFICE)


def stage_of(application: Application) -> Stage:
    """How far the application is, as the effect of a decision asks."""
    if application.state in CLOSED_STATES:
        return "ended"
    if application.state == S.HANDED_OVER:
        return "handed_over"
    held = application.campaign.mark_batches.filter(kind=MarkKind.INTERVIEW).exists()
    return "interviewed" if held else "written"


def papers_concerned(case: ConductCase) -> list[str]:
    """The one paper of the case, else those the person sat, else all of the exam."""
    if case.severity in ONE_PAPER:
        return [case.paper]
    papers = [paper.name for paper in rules_of(case.application.campaign).written.papers]
    sat = set(case.application.marks.filter(paper__in=papers).values_list("paper", flat=True))
    return [paper for paper in papers if paper in sat] or papers


def effect_today(case: ConductCase) -> MisconductEffect:
    """What the rule book makes of it if it is decided today (R39)."""
    return effect_of(Severity(case.severity), timezone.localdate())


def effect_words(case: ConductCase) -> list[str]:
    """The effect in the reader's language: as it was applied, or while the case is open as it would be today."""
    if case.state == ConductState.DECIDED:
        return list(case.effect[rule_language()])
    if case.state == ConductState.DROPPED:
        return []
    sentences = sentences_of(effect_today(case), stage_of(case.application), papers_concerned(case))
    return [sentence.text(rule_language()) for sentence in sentences]


def statement_guard(case: ConductCase) -> Guard:
    """Whether the person may still make a statement of their own today."""
    return may_state(timezone.localdate(), case.statement_until)


def decision_guard(case: ConductCase, experts: str = "") -> Guard:
    """Whether the case may be decided today: heard or term over, identical papers confirmed (R38)."""
    return may_decide(
        Severity(case.severity), timezone.localdate(), case.statement_until,
        has_stated=bool(case.statement), confirmed_by_experts=bool(experts.strip()),
    )  # fmt: skip


def cases_of(campaign: Campaign) -> QuerySet[ConductCase]:
    """Every case of an exam, those under way first, then the newest."""
    rows = ConductCase.objects.filter(application__campaign=campaign)
    rows = rows.select_related("application__position", "decided_by", "reported_by")
    waits = Case(When(state=ConductState.OPEN, then=Value(0)), default=Value(1))
    return rows.order_by(waits, F("reported_at").desc(), "-pk")


def cases_to_decide(user: User) -> QuerySet[ConductCase]:
    """Open cases that somebody else reported, whose person was heard or let the term pass, in the units covered."""
    heard = ~Q(statement="") | Q(statement_until__lt=timezone.localdate())
    mine = in_scope(user, *DECIDERS, field="application__position__unit")
    rows = ConductCase.objects.filter(mine, heard, state=ConductState.OPEN).exclude(reported_by=user)
    return rows.exclude(application__recusals__user=user).select_related("application__campaign")


def cases_about(application: Application) -> QuerySet[ConductCase]:
    """The cases of one's own application, newest first."""
    return application.conduct_cases.select_related("record").order_by("-reported_at", "-pk")
