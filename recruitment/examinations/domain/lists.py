"""The public lists of an exam, handed to the press as drafts: no names, ticket numbers only (R95)."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rule_set_in_force, rules_of
from foundation.errors import Refused
from foundation.jobs.kinds import Report
from foundation.jobs.progress import one_by_one
from recruitment.applications.models import Application
from recruitment.examinations.bonus import knobs_of, listed_points, points_by_ticket
from recruitment.examinations.domain.bonus import granted_by_rules, refuse_undecided
from recruitment.examinations.domain.ranking import refuse_old_ranking
from recruitment.examinations.domain.running import lock_running
from recruitment.examinations.lines import line_words
from recruitment.examinations.mark_layout import INTERVIEW
from recruitment.examinations.models import MarkStatus, WrittenResult
from recruitment.examinations.queries import bonus_labels, shown, totals_listed
from recruitment.examinations.recheck import is_turned_away
from recruitment.publications.domain import prepare, refuse_second_draft
from recruitment.publications.models import Publication, PublicationKind, PublicationState
from recruitment.publications.queries import released
from rulebook.explanation import number_text
from rulebook.marks import ZERO

Columns = Sequence[tuple[str, str]]


def _prepare(
    actor: User,
    campaign: Campaign,
    kind: str,
    title: str,
    columns: Columns,
    people: Iterable[Application],
    cells: Callable[[Application], list[str]],
    report: Report | None,
    intro: str = "",
) -> Publication:
    """A list that, once released, replaces the one of its kind that is out.

    Raises Refused if a list of this kind waits with the press already, or if there is nobody to be listed.
    """
    lock_running(campaign)
    refuse_second_draft(campaign, kind)
    listed = list(people)
    if not listed:
        raise Refused(_("There is nobody to be listed yet. Nothing was saved."), code="nobody")
    return prepare(
        actor=actor,
        campaign=campaign,
        kind=kind,
        title=title,
        intro=intro,
        columns=[{"code": code, "label": label} for code, label in columns],
        rows=[cells(person) for person in one_by_one(listed, report)],
        entries={number: person.pk for number, person in enumerate(listed, start=1)},
        rule_set=rule_set_in_force(campaign),
        supersedes=_replaced(campaign, kind),
    )


def _replaced(campaign: Campaign, kind: str) -> Publication | None:
    """The list of this kind that is out, or else the last one withdrawn that no other list followed."""
    out = released().filter(campaign=campaign, kind=kind).first()
    gone = Publication.objects.filter(
        campaign=campaign, kind=kind, state=PublicationState.WITHDRAWN, superseded_by=None
    )
    return out or gone.order_by("-sequence").first()


def _people(campaign: Campaign, rank: str, **conditions: object) -> QuerySet[Application]:
    """Applications that meet the conditions, by position, rank (the field named) and ticket number."""
    rows = campaign.applications.filter(ticket_no__isnull=False, **conditions)
    rows = rows.select_related("position", "written_result").prefetch_related("marks")
    return rows.order_by("position__code", F(rank).asc(nulls_last=True), "ticket_no")


class _Bonus:
    """The bonus column of a list, there if anyone listed has any, and the name of the written mark beside it."""

    def __init__(self, people: QuerySet[Application]) -> None:
        self.label, written = bonus_labels(WrittenResult.objects.filter(application__in=people.order_by()))
        self.columns = [("bonus", self.label)] if self.label else []
        self.written = ("written", written)

    def cells(self, result: WrittenResult) -> list[str]:
        return [shown(result.bonus) if result.bonus else "—"] if self.label else []


def _head() -> list[tuple[str, str]]:
    return [("ticket", _("Ticket number")), ("position", _("Position code"))]


@transaction.atomic
def prepare_bonus(*, actor: User, campaign: Campaign, report: Report | None = None) -> Publication:
    """Everyone who was granted bonus points, with the points, by position and ticket number; no grounds (R44).

    Whoever the list that is out gave points which were taken back since stands on it with none. Raises Refused while
    claims wait for a decision, and if nobody was granted any.
    """
    knobs = knobs_of(rules_of(campaign))
    refuse_undecided(campaign)
    points = dict.fromkeys(listed_points(campaign), ZERO)
    points |= points_by_ticket(campaign, granted_by_rules(campaign, knobs))
    people = campaign.applications.filter(ticket_no__in=list(points)).select_related("position")
    columns = [*_head(), ("points", _("Bonus points"))]

    def cells(person: Application) -> list[str]:
        ticket = person.ticket_no or ""
        return [ticket, person.position.code, number_text(points[ticket])]

    title = _("%(campaign)s: bonus points") % {"campaign": campaign}
    ordered = people.order_by("position__code", "ticket_no")
    return _prepare(actor, campaign, PublicationKind.BONUS, title, columns, ordered, cells, report)


@transaction.atomic
def prepare_scores(*, actor: User, campaign: Campaign, report: Report | None = None) -> Publication:
    """Everyone's paper marks and written mark, by position and rank; absent people included.

    Raises Refused unless the written ranking was made on all marks there are.
    """
    refuse_old_ranking(campaign)
    papers = [paper.name for paper in rules_of(campaign).written.papers]
    people = _people(campaign, "written_result__rank", written_result__isnull=False)
    bonus = _Bonus(people)
    columns = [*_head(), *((name, name) for name in papers), *bonus.columns, bonus.written, ("rank", _("Rank"))]

    def cells(person: Application) -> list[str]:
        own = {mark.paper: shown(mark.value, mark.status) for mark in person.marks.all()}
        result = person.written_result
        marks = [own.get(name, "—") for name in papers]
        head = [person.ticket_no or "", person.position.code]
        rank = str(result.rank or "—")
        return [*head, *marks, *bonus.cells(result), shown(result.value, result.status), rank]

    title = _("%(campaign)s: written marks") % {"campaign": campaign}
    return _prepare(actor, campaign, PublicationKind.SCORES, title, columns, people, cells, report)


@transaction.atomic
def prepare_shortlist(*, actor: User, campaign: Campaign, report: Report | None = None) -> Publication:
    """The people called to the interview, by position and rank; the introduction says the line and its basis (R46)."""
    rule = rules_of(campaign).shortlist.min_line
    own_line = rule.kind == "mean_share" and rule.population == "position"
    lined = [("line", _("Lowest written mark"))] if own_line else []
    people = _people(campaign, "written_result__rank", written_result__is_called=True)
    bonus = _Bonus(people)
    columns = [*_head(), *bonus.columns, bonus.written, ("rank", _("Rank")), *lined]

    def cells(person: Application) -> list[str]:
        result = person.written_result
        head = [person.ticket_no or "", person.position.code]
        row = [*head, *bonus.cells(result), shown(result.value), str(result.rank or "—")]
        return [*row, number_text((result.line or Decimal(0)).normalize())] if own_line else row

    title = _("%(campaign)s: people called to the interview") % {"campaign": campaign}
    intro = "\n".join(line_words(campaign))
    return _prepare(actor, campaign, PublicationKind.SHORTLIST, title, columns, people, cells, report, intro)


@transaction.atomic
def prepare_call_ups(*, actor: User, campaign: Campaign, report: Report | None = None) -> Publication:
    """Everyone called up to a place that fell free at the recheck, by position and rank (R54, R82)."""
    people = _people(campaign, "written_result__rank", call_up__isnull=False)
    bonus = _Bonus(people)
    columns = [*_head(), *bonus.columns, bonus.written, ("rank", _("Rank"))]

    def cells(person: Application) -> list[str]:
        result = person.written_result
        head = [person.ticket_no or "", person.position.code]
        return [*head, *bonus.cells(result), shown(result.value), str(result.rank or "—")]

    title = _("%(campaign)s: people called up to the interview") % {"campaign": campaign}
    return _prepare(actor, campaign, PublicationKind.CALL_UPS, title, columns, people, cells, report)


@transaction.atomic
def prepare_totals(*, actor: User, campaign: Campaign, report: Report | None = None) -> Publication:
    """Everyone called to the interview with written, interview and total mark, rank, and who goes on (R69).

    Who did not come is left out where the rules say so; who did not pass the recheck is named as not admitted, without
    the reason.
    """
    people = (
        _people(campaign, "total_result__rank")
        .filter(totals_listed(campaign))
        .select_related("total_result", "recheck")
    )
    bonus = _Bonus(people)
    columns = [
        *_head(),
        *bonus.columns,
        bonus.written,
        ("interview", _("Interview mark")),
        ("total", _("Total mark")),
        ("rank", _("Rank")),
        ("proposed", _("Goes on to medical exam")),
    ]

    def cells(person: Application) -> list[str]:
        result = person.total_result
        statuses = {mark.paper: mark.status for mark in person.marks.all()}
        return [
            person.ticket_no or "",
            person.position.code,
            *bonus.cells(person.written_result),
            shown(person.written_result.value),
            _("Not admitted to the interview")
            if is_turned_away(person)
            else shown(result.interview, statuses.get(INTERVIEW, MarkStatus.ABSENT)),
            shown(result.value),
            str(result.rank or "—"),
            _("yes") if result.is_proposed else "",
        ]

    title = _("%(campaign)s: total marks") % {"campaign": campaign}
    return _prepare(actor, campaign, PublicationKind.TOTALS, title, columns, people, cells, report)
