"""Proof that states of posts, claims of positions and appointments agree (invariants of the quota rules, 5.2).

What the database can hold is a constraint; these are the invariants that reach across rooms.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, Subquery, Window
from django.db.models.functions import Lag
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import AuditEntry, Unit, User
from campaigns.establishment.enums import ExitEnd, SlotState, SlotType
from campaigns.establishment.models import Envelope, EstablishedPost, Permit, PlannedExit, SlotMovement
from campaigns.establishment.queries import balances, permit_use
from campaigns.planning.models import Position
from recruitment.appointments.enums import ENDED_STATES
from recruitment.appointments.models import Appointment

CLAIMED_STATES = [SlotState.RESERVED, SlotState.HELD, SlotState.USED]


@dataclass(frozen=True)
class Finding:
    """One broken invariant: its code, the object it is about, and what is wrong in words."""

    code: str
    subject: str
    message: str


def envelope_rows_equal_its_size() -> Iterator[Finding]:
    for envelope in Envelope.objects.annotate(rows=Count("posts")).exclude(rows=F("size")):
        yield Finding(
            "envelope_size",
            envelope.code,
            _("The envelope is for %(size)s posts but has %(rows)s.") % {"size": envelope.size, "rows": envelope.rows},
        )


def permits_are_not_exceeded() -> Iterator[Finding]:
    rows = permit_use(Permit.objects.all())
    for permit in rows.annotate(rows=F("waiting") + F("reserved") + F("held") + F("spent")).filter(rows__gt=F("slots")):
        yield Finding(
            "permit_exceeded",
            permit.number,
            _("The permit is for %(slots)s posts but %(rows)s are bound to it.")
            % {"slots": permit.slots, "rows": permit.rows},
        )


def posts_are_permitted_to_their_unit() -> Iterator[Finding]:
    """A post bound later stays under the permit of the unit above that chose the person."""
    bound = EstablishedPost.objects.filter(permit__isnull=False).select_related("permit__unit", "unit")
    for post in bound.exclude(unit__path__startswith=F("permit__unit__path")):
        yield Finding(
            "permit_of_another_unit",
            post.code,
            _("The post of %(unit)s stands under a permit of %(owner)s.")
            % {"unit": post.unit, "owner": post.permit.unit if post.permit else "—"},
        )


def states_equal_the_last_movement() -> Iterator[Finding]:
    last = SlotMovement.objects.filter(post=OuterRef("pk")).order_by("-id")
    moved = EstablishedPost.objects.annotate(
        moved_to=Subquery(last.values("to_state")[:1]), moved_unit=Subquery(last.values("to_unit")[:1])
    )
    stays = Q(state=F("moved_to")) & (Q(unit=F("moved_unit")) | Q(unit=None, moved_unit=None))
    unmoved = EstablishedPost.objects.filter(movements=None)
    for post in list(moved.exclude(stays)) + list(unmoved):
        yield Finding("state_without_movement", post.code, _("The post's state is not where its last movement led."))


def movements_follow_each_other() -> Iterator[Finding]:
    before = Window(Lag("to_state"), partition_by=[F("post")], order_by=F("id").asc())
    chain = SlotMovement.objects.annotate(before=before).exclude(before=None).exclude(before=F("from_state"))
    for row in chain.select_related("post"):
        yield Finding("movement_gap", row.post.code, _("A movement starts where the one before it did not end."))


def movements_add_up_to_the_ledger() -> Iterator[Finding]:
    now = timezone.now()
    names = dict(Unit.objects.values_list("pk", "code"))
    for slot_type in SlotType.values:
        live, summed = balances(slot_type=slot_type), balances(slot_type=slot_type, at=now)
        for unit in sorted(live.keys() | summed.keys(), key=str):
            if live.get(unit) != summed.get(unit):
                yield Finding(
                    "movements_do_not_add_up",
                    names.get(unit, "—"),
                    _("The unit's balance is not the sum of its movements and changes."),
                )


def no_unit_is_overdrawn() -> Iterator[Finding]:
    names = dict(Unit.objects.values_list("pk", "code"))
    for slot_type in SlotType.values:
        for unit, balance in balances(slot_type=slot_type).items():
            if unit is not None and balance.shortfall:
                yield Finding(
                    "overdrawn",
                    names[unit],
                    _("%(n)s posts more are bound or promised than the unit has.") % {"n": balance.shortfall},
                )


def lent_posts_wait_for_an_exit_of_their_unit() -> Iterator[Finding]:
    lent = PlannedExit.objects.filter(end=ExitEnd.OPEN, lent_post__isnull=False).select_related("lent_post")
    for planned in lent.exclude(lent_post__unit=F("post__unit"), lent_post__is_pool=True, post__state=SlotState.USED):
        yield Finding(
            "lent_post_astray",
            planned.lent_post.code if planned.lent_post else "—",
            _("The post was lent against a planned exit, but stands elsewhere or the person has left."),
        )


def pool_posts_return_when_their_people_leave() -> Iterator[Finding]:
    for post in EstablishedPost.objects.filter(state=SlotState.VACATED, is_pool=True).select_related("unit"):
        yield Finding(
            "pool_post_left_behind",
            post.code,
            _("The person left, but the post lies with %(unit)s and not in the pool.") % {"unit": post.unit},
        )


def reserved_and_held_posts_have_one_claim() -> Iterator[Finding]:
    active = Count("claims", filter=Q(claims__released_at=None))
    bound = EstablishedPost.objects.filter(state__in=[SlotState.RESERVED, SlotState.HELD])
    for post in bound.annotate(active=active).exclude(active=1):
        yield Finding(
            "claim_missing", post.code, _("The post is bound, but %(n)s positions claim it.") % {"n": post.active}
        )


def claimed_posts_are_bound() -> Iterator[Finding]:
    loose = EstablishedPost.objects.filter(claims__released_at=None, claims__isnull=False)
    for post in loose.exclude(state__in=CLAIMED_STATES).distinct():
        yield Finding(
            "claim_on_loose_post",
            post.code,
            _("A position claims the post, but it is neither reserved, held nor used."),
        )


def held_posts_have_a_person() -> Iterator[Finding]:
    people = Count("appointments", filter=~Q(appointments__state__in=ENDED_STATES), distinct=True)
    for post in EstablishedPost.objects.filter(state=SlotState.HELD).annotate(people=people).exclude(people=1):
        yield Finding("held_without_person", post.code, _("The post is held for %(n)s people.") % {"n": post.people})
    claimed = EstablishedPost.objects.filter(state=SlotState.USED, claims__released_at=None, claims__isnull=False)
    for post in claimed.annotate(people=people).exclude(people=1):
        yield Finding("used_without_person", post.code, _("%(n)s people are on the post.") % {"n": post.people})


def appointed_people_are_on_bound_posts() -> Iterator[Finding]:
    rows = Appointment.objects.exclude(state__in=ENDED_STATES).filter(post__isnull=False)
    for row in rows.exclude(post__state__in=[SlotState.HELD, SlotState.USED]).select_related("post"):
        yield Finding(
            "person_on_loose_post",
            row.post.code,
            _("A person is appointed to the post, but it is neither held nor used."),
        )


def people_and_posts_within_headcount() -> Iterator[Finding]:
    living = ~Q(appointments__state__in=ENDED_STATES) & Q(appointments__post__isnull=False)
    taken = Q(slots__released_at=None, slots__post__state__in=[SlotState.HELD, SlotState.USED])
    rows = Position.objects.annotate(
        people=Count("appointments", filter=living, distinct=True), posts=Count("slots", filter=taken, distinct=True)
    )
    for position in rows.filter(Q(people__gt=F("headcount_effective")) | Q(posts__gt=F("headcount_effective"))):
        yield Finding(
            "headcount_exceeded",
            position.code,
            _("%(people)s people and %(posts)s posts held or used stand for a headcount of %(headcount)s.")
            % {"people": position.people, "posts": position.posts, "headcount": position.headcount_effective},
        )


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    envelope_rows_equal_its_size,
    permits_are_not_exceeded,
    posts_are_permitted_to_their_unit,
    states_equal_the_last_movement,
    movements_follow_each_other,
    movements_add_up_to_the_ledger,
    no_unit_is_overdrawn,
    lent_posts_wait_for_an_exit_of_their_unit,
    pool_posts_return_when_their_people_leave,
    reserved_and_held_posts_have_one_claim,
    claimed_posts_are_bound,
    held_posts_have_a_person,
    appointed_people_are_on_bound_posts,
    people_and_posts_within_headcount,
)


def check_slots() -> list[Finding]:
    """Every broken invariant; an empty list is the proof that the ledger is sound."""
    return [finding for check in CHECKS for finding in check()]


RUN = "reporting.check_slots"


def run_checks(*, actor: User) -> list[Finding]:
    """The same, with an entry in the audit trail that says who proved it and how many findings of each code there were.

    The newest such entry is what the home page of the establishment office reminds of.
    """
    findings = check_slots()
    after = {"findings": len(findings), "codes": dict(Counter(item.code for item in findings))}
    audit.record(actor=actor, action=RUN, subject=Unit.objects.filter(parent=None).first() or actor, after=after)
    return findings


def last_run() -> AuditEntry | None:
    """The audit entry of the newest run, if there was one."""
    county = Unit.objects.filter(parent=None).first()
    if county is None:
        return None
    entries = AuditEntry.objects.filter(object_type=Unit._meta.label_lower, object_id=str(county.pk), action=RUN)
    return entries.select_related("actor").order_by("-id").first()
