"""A copy of a programme's posts, positions and people in memory, and the scenarios that are played on it.

Only this module reads, and nothing writes: what happens on the copy is decided by `rulebook.what_if`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Unit
from campaigns.establishment.enums import ExitEnd
from campaigns.establishment.models import EstablishedPost, Permit, PlannedExit
from campaigns.establishment.queries import permits_valid_on
from campaigns.planning.enums import CampaignState, PositionState, Track
from campaigns.planning.models import Campaign, PositionSlot, Programme
from campaigns.planning.models import Position as PlannedPosition
from campaigns.planning.queries import is_registration_open, rules_of_all
from recruitment.applications.enums import ApplicationState
from recruitment.applications.models import Application
from recruitment.applications.opening import post_counts
from recruitment.appointments.enums import ENDED_STATES, AppointmentState
from recruitment.appointments.models import Appointment, Replacement
from rulebook import what_if
from rulebook.notice_period import valid_until
from rulebook.ruleset import RuleSet
from rulebook.ruleset.hiring import ReplacementStage
from rulebook.slots import SlotState
from rulebook.what_if import Event, Person, Place, Situation

PLACES: dict[str, Place] = {
    AppointmentState.OPENED: "medical",
    AppointmentState.MEDICAL_PASSED: "inspection",
    AppointmentState.INSPECTED: "inspection",
    AppointmentState.NOTICED: "notice",
    AppointmentState.ON_HOLD: "notice",
    AppointmentState.APPROVED: "after",
    AppointmentState.ON_POST: "on_post",
    AppointmentState.CONFIRMED: "on_post",
}
CHOSEN = (ApplicationState.PROPOSED, ApplicationState.AGREED)


class Offer(NamedTuple):
    """A published position as people choose it: its key in the copy, and the words for its unit and name."""

    key: str
    unit: str
    name: str


@dataclass(frozen=True)
class Copy:
    """The situation, with the words for its keys: units by code, positions by id."""

    situation: Situation
    unit_names: dict[str, str]
    offers: dict[int, Offer]


@dataclass(frozen=True)
class Scenario:
    """What is supposed to happen: counts of people by step, positions by key, permits and campaigns by number."""

    ratio: int = 0
    is_extended: bool = False
    fails: tuple[str, ...] = ()
    cancels: tuple[str, ...] = ()
    cuts: tuple[str, ...] = ()
    cut_to: int = 0
    voids: tuple[str, ...] = ()
    medical: int = 0
    inspection: int = 0
    objections: int = 0
    notice: int = 0
    after: int = 0
    leaves: int = 0
    pool_leaves: int = 0
    permits: tuple[str, ...] = ()
    permits_by: date | None = None
    exits_by: date | None = None
    notices: tuple[str, ...] = ()
    everyone_noticed: bool = False
    everyone_enters: bool = False
    estimate: what_if.Estimate = "hardest"
    campaign: str = ""
    ratio_campaigns: tuple[str, ...] = ()

    def events(self) -> Iterator[Event]:
        """In the order of a recruitment's steps."""
        yield from map(what_if.PermitExpires, self.permits)
        if self.permits_by:
            yield what_if.PermitsBy(self.permits_by)
        yield from map(what_if.FailRatio, self.fails)
        if self.ratio:
            yield from (what_if.CheckRatio(key, self.ratio, self.is_extended) for key in self.ratio_campaigns)
        yield from map(what_if.CancelPosition, self.cancels)
        yield from (what_if.CutPosition(key, self.cut_to) for key in self.cuts)
        yield from map(what_if.VoidCampaign, self.voids)
        yield from self._drops()
        yield from map(what_if.WithdrawNotice, self.notices)
        if self.everyone_noticed:
            yield what_if.NoticeAll(self.campaign)
        if self.everyone_enters:
            yield what_if.EnterAll(self.campaign)
        if self.leaves:
            yield what_if.LeaveSome(self.leaves, self.campaign)
        if self.pool_leaves:
            yield what_if.LeaveSome(self.pool_leaves, self.campaign, pool_only=True)
        if self.exits_by:
            yield what_if.ExitsBy(self.exits_by)

    def _drops(self) -> Iterator[Event]:
        drops: tuple[tuple[Place, int, what_if.DropReason], ...] = (
            ("medical", self.medical, "failed"),
            ("inspection", self.inspection, "withdrew"),
            ("notice", self.objections, "objection"),
            ("notice", self.notice, "withdrew"),
            ("after", self.after, "withdrew"),
        )
        for place, count, reason in drops:
            if count:
                yield what_if.DropSome(place, count, reason, self.estimate, self.campaign)


def copy_of(programme: Programme) -> Copy:
    """Everything a scenario may touch, in a fixed number of queries whatever the rows."""
    campaigns = list(Campaign.objects.filter(programme=programme, published_at__isnull=False).order_by("code"))
    rules = rules_of_all(campaigns)
    fields = ("pk", "campaign_id", "campaign__code", "code", "unit__code", "unit__name", "name", "headcount_planned",
              "headcount_effective", "opening_ratio", "state")  # fmt: skip
    rows = list(
        PlannedPosition.objects.filter(campaign__in=campaigns).exclude(state=PositionState.DRAFT)
        .order_by("campaign__code", "code").values_list(*fields, named=True)
    )  # fmt: skip
    offers = {row.pk: Offer(f"{row.campaign__code} {row.code}", row.unit__name, row.name) for row in rows}
    units = {pk: (code, name) for pk, code, name in Unit.objects.values_list("pk", "code", "name")}
    valid = dict(permits_valid_on(timezone.localdate()).values_list("number", "expires_on"))
    permits = {pk: (number, unit) for pk, number, unit in Permit.objects.values_list("pk", "number", "unit_id")}
    keys = {pk: offer.key for pk, offer in offers.items()}
    slots = tuple(_slots(programme, keys, units, permits))
    situation = Situation(
        slots=slots,
        positions=tuple(_positions(rows, rules)),
        people=tuple(_people(campaigns, keys)),
        campaigns=tuple(_campaigns(campaigns, rules)),
        exits=tuple(_exits(programme)),
        permits=valid,
        expired_permits=frozenset(number for number, _unit in permits.values() if number not in valid),
        rounds=_rounds(campaigns, keys),
    )
    return Copy(situation, dict(units.values()), offers)


def _slots(
    programme: Programme, keys: dict[int, str], units: dict[int, tuple[str, str]], permits: dict[int, tuple[str, int]]
) -> Iterator[what_if.Slot]:
    """Posts in the order of their ids, in which the verbs take them."""
    claims = dict(
        PositionSlot.objects.filter(released_at=None, post__envelope=programme.envelope_id).values_list(
            "post_id", "position_id"
        )
    )
    living = Appointment.objects.exclude(state__in=ENDED_STATES).filter(post__envelope=programme.envelope_id)
    persons = dict(living.values_list("post_id", "application__registration_no"))
    nowhere, states = ("", ""), {state.value: state for state in SlotState}
    posts = EstablishedPost.objects.filter(envelope=programme.envelope_id).order_by("pk")
    pool = set(posts.filter(is_pool=True).values_list("pk", flat=True))
    rows = posts.values_list("pk", "code", "state", "unit_id", "permit_id").iterator(chunk_size=2000)
    for pk, code, state, unit, permit in rows:
        number, owner = permits[permit] if permit else ("", unit)
        yield what_if.Slot(
            code, states[state], units.get(unit, nowhere)[0], keys.get(claims.get(pk, 0), ""), persons.get(pk, ""),
            number, pk in pool, owner != unit,
        )  # fmt: skip


def _positions(rows: Iterable[Any], rules: dict[int, RuleSet]) -> Iterator[what_if.Position]:
    """A position that only stands for a conversion was never announced, so no ratio is asked of it."""
    counts = post_counts(rules)
    for row in rows:
        ratio = 0 if row.state == PositionState.CONVERTED else row.opening_ratio
        yield what_if.Position(
            f"{row.campaign__code} {row.code}", row.campaign__code, row.unit__code, row.headcount_planned,
            row.headcount_effective, counts[row.pk], ratio, row.state == PositionState.CANCELLED,
        )  # fmt: skip


def _campaigns(campaigns: Iterable[Campaign], rules: dict[int, RuleSet]) -> Iterator[what_if.CampaignRules]:
    now, today = timezone.now(), timezone.localdate()
    for campaign in campaigns:
        own, published = rules[campaign.pk], campaign.published_at
        until = valid_until(timezone.localdate(published), own.notice) if published else None
        yield what_if.CampaignRules(
            campaign.code, campaign.track, own.opening_ratio, own.replacement,
            ratio_due=campaign.state == CampaignState.PUBLISHED, is_registering=is_registration_open(campaign, now),
            is_voided=campaign.state == CampaignState.VOIDED, may_replace=until is None or today <= until,
            holds_at_call=own.slots.hold_point == "agreement_signed" and campaign.track == Track.PUBLIC_EXAM,
        )  # fmt: skip


def _people(campaigns: list[Campaign], keys: dict[int, str]) -> Iterator[Person]:
    """People with an appointment, those proposed before it, and the ranked ones who wait; each by number."""
    hired = Appointment.objects.filter(position__campaign__in=campaigns).exclude(state__in=ENDED_STATES).order_by("pk")
    for number, position, state, who in hired.values_list(
        "application__registration_no", "position_id", "state", "candidate_id"
    ):
        is_open = state == AppointmentState.ON_HOLD
        yield Person(number, keys[position], PLACES[state], who=str(who), objection_open=is_open)
    chosen = Application.objects.filter(campaign__in=campaigns, state__in=CHOSEN)
    for number, position in chosen.order_by("position__code", "pk").values_list("registration_no", "position_id"):
        yield Person(number, keys[position], "medical")
    yield from _line(campaigns, keys)


def _line(campaigns: list[Campaign], keys: dict[int, str]) -> Iterator[Person]:
    """Who was ranked and not selected; people hired in another programme are not free (R73)."""
    elsewhere = Appointment.objects.filter(candidate=OuterRef("candidate")).exclude(state__in=ENDED_STATES)
    rows = Application.objects.filter(campaign__in=campaigns, state=ApplicationState.NOT_SELECTED).filter(
        Q(total_result__rank__isnull=False) | Q(selection_result__rank__isnull=False)
    )
    fields = ("registration_no", "position_id", "candidate_id", "campaign__track", "busy", "total_result__rank",
              "total_result__value", "written_result__value", "selection_result__rank", "selection_result__total",
              "selection_result__material")  # fmt: skip
    busy = Exists(elsewhere.exclude(position__campaign__in=campaigns))
    for row in rows.order_by("pk").annotate(busy=busy).values_list(*fields, named=True):
        if row.campaign__track == Track.COMPETITIVE_SELECTION:
            total = row.selection_result__total
            marks = (row.selection_result__rank, total, total, row.selection_result__material)
        else:
            total = row.total_result__value
            marks = (row.total_result__rank, total, row.written_result__value, total)
        if marks[0] is not None:
            yield Person(row.registration_no, keys[row.position_id], "line", *marks, str(row.candidate_id), row.busy)


def _exits(programme: Programme) -> Iterator[what_if.PlannedExit]:
    """Planned exits of the envelope's posts, and those against which a post of the envelope was lent."""
    mine = Q(post__envelope=programme.envelope_id) | Q(lent_post__envelope=programme.envelope_id)
    rows = PlannedExit.objects.filter(mine, end=ExitEnd.OPEN).order_by("expected_on", "pk")
    for post, due, lent in rows.values_list("post__code", "expected_on", "lent_post__code"):
        yield what_if.PlannedExit(post, due, lent or "")


def _rounds(campaigns: list[Campaign], keys: dict[int, str]) -> dict[tuple[str, ReplacementStage], int]:
    """Replacements called so far, by position and stage (R72)."""
    rows = Replacement.objects.filter(application__isnull=False, place__position__campaign__in=campaigns).order_by()
    counted = rows.values_list("place__position_id", "stage").annotate(number=Count("pk"))
    return {(keys[position], stage): number for position, stage, number in counted}
