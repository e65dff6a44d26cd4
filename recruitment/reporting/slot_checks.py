"""Proof that states of posts, claims of positions and appointments agree (invariants of the quota rules, 5.2).

What the database can hold is a constraint; these are the invariants that reach across rooms.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from campaigns.establishment.enums import SlotState
from campaigns.establishment.models import Envelope, EstablishedPost, Permit, SlotMovement
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
    for permit in Permit.objects.annotate(rows=Count("posts")).filter(rows__gt=F("slots")):
        yield Finding(
            "permit_exceeded",
            permit.number,
            _("The permit is for %(slots)s posts but %(rows)s are bound to it.")
            % {"slots": permit.slots, "rows": permit.rows},
        )


def states_equal_the_last_movement() -> Iterator[Finding]:
    last = SlotMovement.objects.filter(post=OuterRef("pk")).order_by("-id").values("to_state")[:1]
    wrong = EstablishedPost.objects.annotate(moved_to=Subquery(last)).exclude(state=F("moved_to"))
    unmoved = EstablishedPost.objects.filter(movements=None)
    for post in list(wrong) + list(unmoved):
        yield Finding("state_without_movement", post.code, _("The post's state is not where its last movement led."))


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
    people = Count("appointments", filter=~Q(appointments__state__in=ENDED_STATES))
    for post in EstablishedPost.objects.filter(state=SlotState.HELD).annotate(people=people).exclude(people=1):
        yield Finding("held_without_person", post.code, _("The post is held for %(n)s people.") % {"n": post.people})


def appointed_people_are_on_bound_posts() -> Iterator[Finding]:
    rows = Appointment.objects.exclude(state__in=ENDED_STATES).filter(post__isnull=False)
    for row in rows.exclude(post__state__in=[SlotState.HELD, SlotState.USED]).select_related("post"):
        yield Finding(
            "person_on_loose_post",
            row.post.code,
            _("A person is appointed to the post, but it is neither held nor used."),
        )


def people_within_headcount() -> Iterator[Finding]:
    living = ~Q(appointments__state__in=ENDED_STATES) & Q(appointments__post__isnull=False)
    rows = Position.objects.annotate(people=Count("appointments", filter=living, distinct=True))
    for position in rows.filter(people__gt=F("headcount_effective")):
        yield Finding(
            "headcount_exceeded",
            position.code,
            _("%(people)s people stand for a headcount of %(headcount)s.")
            % {"people": position.people, "headcount": position.headcount_effective},
        )


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    envelope_rows_equal_its_size,
    permits_are_not_exceeded,
    states_equal_the_last_movement,
    reserved_and_held_posts_have_one_claim,
    claimed_posts_are_bound,
    held_posts_have_a_person,
    appointed_people_are_on_bound_posts,
    people_within_headcount,
)


def check_slots() -> list[Finding]:
    """Every broken invariant; an empty list is the proof that the ledger is sound."""
    return [finding for check in CHECKS for finding in check()]
