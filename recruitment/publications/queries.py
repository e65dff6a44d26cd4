"""Reading publications: the public sees released lists only, the release team and auditors also what is coming."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Case, Count, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.duties import Duty, scope
from accounts.models import User
from campaigns.planning.models import Milestone
from campaigns.planning.queries import calendar, rules_of, section_of_all
from recruitment.applications.models import Application
from recruitment.publications.models import (
    MILESTONES,
    Publication,
    PublicationEntry,
    PublicationKind,
    PublicationState,
)
from rulebook.explanation import Guard
from rulebook.notice_period import NoticeEvent, NoticePeriod, clock_start, notice_period
from rulebook.publication import page_stays
from rulebook.ruleset.hiring import PublicationRules


def released() -> QuerySet[Publication]:
    """Lists the public may read, the newest first. Withdrawn ones are gone from here, not from the chain."""
    rows = Publication.objects.filter(state=PublicationState.RELEASED, released_at__lte=timezone.now())
    return rows.select_related("campaign").order_by("-released_at", "-pk")


def on_the_page() -> QuerySet[Publication]:
    """Released lists whose public page is still up, the newest first; the rest stays with the press."""
    return released().exclude(pk__in=_taken_off(timezone.now()))


def _with_people() -> QuerySet[Publication]:
    """Released lists that speak of people: a notice in words does so only where it names applications."""
    named = Exists(PublicationEntry.objects.filter(publication=OuterRef("pk")))
    return released().filter(~Q(kind=PublicationKind.OTHER) | named).order_by()


def _taken_off(now: datetime) -> list[int]:
    """Lists with people on them whose page has come down by now, by the rules of each campaign (R95); two queries."""
    rows = list(_with_people().values_list("pk", "campaign_id", "released_at", "notice_ends_at"))
    stored = section_of_all({campaign for _pk, campaign, *_moments in rows}, "publication")
    rules = {campaign: PublicationRules.model_validate(section) for campaign, section in stored.items()}
    return [
        pk
        for pk, campaign, released_at, ends_at in rows
        if released_at and not page_stays(now, released_at, ends_at, rules.get(campaign, PublicationRules()))
    ]


def page_of(publication: Publication, now: datetime) -> Guard | None:
    """Whether the public still reads a released list, and until when; None for one that never comes down (R95)."""
    if publication.released_at is None or not _with_people().filter(pk=publication.pk).exists():
        return None
    rules = rules_of(publication.campaign).publication
    return page_stays(now, publication.released_at, publication.notice_ends_at, rules)


def notice_period_of(publication: Publication, released_at: datetime) -> NoticePeriod:
    """The notice of a list released at that moment, by the campaign's rules and calendar (R74).

    A correction starts the period anew, unless the rules let that of the list it replaces run on (R75). Raises
    RuleError while the working-day calendar does not reach so far.
    """
    rules = rules_of(publication.campaign).notice
    events = [NoticeEvent("published", released_at)]
    older = publication.supersedes
    while older is not None and older.released_at is not None:
        events.append(NoticeEvent("published", older.released_at))
        older = older.supersedes
    return notice_period(clock_start(events, rules) or released_at, rules, calendar())


def visible_to(user: User) -> QuerySet[Publication]:
    """Every list of the campaigns a member of the release team or an auditor covers."""
    rows = Publication.objects.filter(scope(Duty.SEE_SCORES_BEFORE_RELEASE, user, "campaign__unit"))
    return rows.select_related("campaign", "prepared_by", "reviewed_by").order_by("-prepared_at")


def office_list(user: User) -> QuerySet[Publication]:
    """The same for a list page: without the printed rows, with `people`, how many applications each one names."""
    named = PublicationEntry.objects.filter(publication=OuterRef("pk")).order_by().values("publication")
    people = Subquery(named.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    rows = visible_to(user).defer("columns", "rows", "intro")
    return rows.annotate(people=Coalesce(people, 0)).order_by("-prepared_at", "-pk")


def to_review(user: User) -> QuerySet[Publication]:
    """Drafts that wait for this person as the second one."""
    rows = Publication.objects.filter(scope(Duty.PUBLISH_NOTICE, user, "campaign__unit"))
    return rows.filter(state=PublicationState.DRAFT).exclude(prepared_by=user)


def to_release(user: User) -> QuerySet[Publication]:
    """Reviewed lists without an hour of their own."""
    rows = Publication.objects.filter(scope(Duty.PUBLISH_NOTICE, user, "campaign__unit"))
    return rows.filter(state=PublicationState.REVIEWED, release_at=None)


def earliest_due(lists: QuerySet[Publication]) -> datetime | None:
    """The first day on which the campaign of one of these lists planned to have it out; None without a plan."""
    key = Case(*(When(kind=kind, then=Value(key)) for kind, key in MILESTONES.items()), default=Value(""))
    steps = Milestone.objects.filter(campaign=OuterRef("campaign"), key=OuterRef("step"))
    planned = lists.annotate(step=key).annotate(due=Subquery(steps.values("starts_at")[:1]))
    first: datetime | None = planned.aggregate(first=Min("due"))["first"]
    return first


def is_released(campaign_id: int, kind: str) -> bool:
    """True once a list of this kind is out for the campaign: until then nobody outside may see what is in it."""
    return released().filter(campaign_id=campaign_id, kind=kind).exists()


def lists_naming(application: Application) -> QuerySet[Publication]:
    """Lists the public reads with a row about this application, the newest first."""
    return on_the_page().filter(entries__application=application)


def released_kinds_of(application: Application) -> dict[str, datetime]:
    """Kind → when the list that names this application went out. What is missing here the person must not learn yet."""
    rows = PublicationEntry.objects.filter(application=application, publication__in=released())
    return {
        kind: at for kind, at in rows.order_by("publication__released_at").values_list(
            "publication__kind", "publication__released_at"
        ) if at
    }  # fmt: skip


# Moves of an application that tell a result, and the list with which the result becomes public (R94).
TOLD_BY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("mark", "mark_absent"), (PublicationKind.SCORES,)),
    **dict.fromkeys(("shortlist", "leave_out"), (PublicationKind.SHORTLIST,)),
    **dict.fromkeys(("rank", "propose", "not_select"), (PublicationKind.TOTALS, PublicationKind.SELECTION)),
}


# Moves that take a result back: told wherever the result was.
TAKEN_BACK: dict[str, str] = {"reopen_marks": "mark", "unpropose": "propose"}


# Lists that name everyone they speak of; who came in after such a list, say in a later round, waits for the next one.
NAMING = (PublicationKind.TOTALS, PublicationKind.SELECTION)


def embargoed_moves(applications: Collection[Application]) -> dict[int, frozenset[str]]:
    """Id of each application → its moves that nobody outside the release team may learn of yet."""
    campaigns = {row.campaign_id for row in applications}
    out = set(released().filter(campaign__in=campaigns).order_by().values_list("campaign_id", "kind"))
    entries = PublicationEntry.objects.filter(application__in=applications, publication__in=released())
    named = set(entries.filter(publication__kind__in=NAMING).values_list("application_id", "publication__kind"))

    def is_out(row: Application, kind: str) -> bool:
        return (row.pk, kind) in named if kind in NAMING else (row.campaign_id, kind) in out

    return {
        row.pk: frozenset(move for move, kinds in TOLD_BY.items() if not any(is_out(row, kind) for kind in kinds))
        for row in applications
    }
