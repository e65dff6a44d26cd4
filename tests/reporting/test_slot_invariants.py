"""Every invariant of the quota rules, 5.2, broken in the database past all verbs: a check or constraint says so."""

from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from campaigns.establishment import domain as establishment
from campaigns.establishment.models import Envelope, EstablishedPost, SlotMovement, StaffingChange
from campaigns.planning.models import CalendarDay, Position, PositionSlot
from recruitment.appointments import domain as hiring
from recruitment.appointments.models import Appointment
from recruitment.reporting.slot_checks import CHECKS, check_slots
from tests.applicants import *  # noqa: F403 - a campaign, its positions, people
from tests.applicants import SHANGHAI
from tests.examiners import *  # noqa: F403 - the exam and its offices

pytestmark = pytest.mark.django_db
AFTER = datetime(2026, 4, 1, 9, tzinfo=SHANGHAI)


@pytest.fixture
def new_year(db):
    CalendarDay.objects.get_or_create(date="2026-01-01", defaults={"is_working": False, "name": "元旦"})


@pytest.fixture
def ledger(new_year, exam, hired, county, time_machine):
    """One person on the post (used), one under notice (held); an envelope with a free post and two lent by the pool."""
    time_machine.move_to(AFTER)
    envelope = establishment.create_envelope(
        actor=exam.posts, code="TP", name="专项", size=4, unit=county, document="编1号"
    )
    common = {"reason_code": "county_decision", "reason": "统筹", "document": "编2号"}
    establishment.move_to_pool(actor=exam.posts, envelope=envelope, count=2, **common)
    unit = Position.objects.get().unit
    establishment.allocate_from_pool(actor=exam.posts, unit=unit, count=2, document="编3号")
    hiring.approve_appointment(actor=exam.second, appointment=hired[0], approval_number="批1号")
    hiring.enter_post(actor=exam.posts, appointment=hired[0], ledger_number="SM1")
    assert check_slots() == []
    return exam


def used():
    return EstablishedPost.objects.get(state="used")


def held():
    return EstablishedPost.objects.get(state="held")


def loses_a_row_of_the_envelope(exam):
    EstablishedPost.objects.filter(state="free").update(envelope=Envelope.objects.create(
        code="X", name="另一专项", size=2, unit=exam.campaign.unit
    ))  # fmt: skip


def allocates_more_than_the_envelope(exam):
    EstablishedPost.objects.create(code="X-1", envelope=Envelope.objects.get(), unit=used().unit, state="allocated")


def moves_without_a_movement(exam):
    EstablishedPost.objects.filter(pk=held().pk).update(state="reserved")


def uses_a_post_for_nobody(exam):
    Appointment.objects.filter(state="on_post").update(state="ended", ended_at=timezone.now())


def holds_a_post_for_nobody(exam):
    Appointment.objects.filter(post=held()).update(post=None)


def leaves_a_person_on_a_post_given_back(exam):
    EstablishedPost.objects.filter(pk=held().pk).update(state="allocated", permit=None, purpose="")


def keeps_a_claim_on_a_vacated_post(exam):
    EstablishedPost.objects.filter(pk=used().pk).update(state="vacated", permit=None, purpose="", ledger_number="")


def drops_the_claim_of_a_held_post(exam):
    PositionSlot.objects.filter(post=held()).update(released_at=timezone.now())


def lowers_the_headcount_below_the_people(exam):
    Position.objects.update(headcount_effective=1)


def binds_more_posts_than_the_headcount_but_no_person(exam):
    """The people are few enough; the posts held and used for the position are not."""
    Position.objects.update(headcount_effective=1)
    Appointment.objects.filter(post=held()).update(post=None)


def leaves_a_pool_post_with_the_unit_after_its_exit(exam):
    EstablishedPost.objects.filter(pk=EstablishedPost.objects.filter(is_pool=True).first().pk).update(state="vacated")


BROKEN = [
    (loses_a_row_of_the_envelope, "envelope_size"),
    (allocates_more_than_the_envelope, "envelope_size"),
    (moves_without_a_movement, "state_without_movement"),
    (uses_a_post_for_nobody, "used_without_person"),
    (holds_a_post_for_nobody, "held_without_person"),
    (leaves_a_person_on_a_post_given_back, "person_on_loose_post"),
    (keeps_a_claim_on_a_vacated_post, "claim_on_loose_post"),
    (drops_the_claim_of_a_held_post, "claim_missing"),
    (lowers_the_headcount_below_the_people, "headcount_exceeded"),
    (binds_more_posts_than_the_headcount_but_no_person, "headcount_exceeded"),
    (leaves_a_pool_post_with_the_unit_after_its_exit, "pool_post_left_behind"),
]


@pytest.mark.parametrize(("damage", "code"), BROKEN, ids=[damage.__name__ for damage, _code in BROKEN])
def test_what_only_a_check_can_see_is_found(ledger, damage, code):
    damage(ledger)
    assert code in {finding.code for finding in check_slots()}


def two_people_on_one_post(exam):
    Appointment.objects.exclude(post=used()).update(post=used())


def one_person_on_two_posts(exam):
    Appointment.objects.update(candidate=Appointment.objects.first().candidate)


def one_ledger_number_on_two_posts(exam):
    EstablishedPost.objects.filter(pk=held().pk).update(state="used", ledger_number="SM1")


def one_post_claimed_by_two_positions(exam):
    other = Position.objects.get()
    other.pk, other.code = None, "0199"
    other.save()
    PositionSlot.objects.create(position=other, post=held())


def a_movement(exam, **changed):
    values = {
        "post": held(), "move": "unhold", "from_state": "held", "to_state": "reserved", "to_unit": held().unit,
        "from_unit": held().unit, "slot_type": "institution", "actor": exam.posts, "document": "文1号",
    }  # fmt: skip
    return SlotMovement.objects.create(**{**values, **changed})


def a_movement_without_document(exam):
    a_movement(exam, document="")


def a_movement_without_actor(exam):
    a_movement(exam, actor=None)


def a_movement_from_nowhere(exam):
    a_movement(exam, from_state="")


def a_movement_rewritten(exam):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE establishment_slotmovement SET to_state = 'used' WHERE post_id = %s", [held().pk])


def a_movement_removed(exam):
    SlotMovement.objects.filter(post=held())._raw_delete("default")


def a_promise_without_document(exam):
    StaffingChange.objects.create(
        unit=used().unit, slot_type="institution", part="committed", change=1, actor=exam.posts, document=""
    )


def a_post_under_way_without_permit(exam):
    EstablishedPost.objects.filter(pk=held().pk).update(permit=None)


def a_post_of_a_unit_without_unit(exam):
    EstablishedPost.objects.filter(pk=held().pk).update(unit=None)


def a_civil_service_post_in_the_envelope(exam):
    EstablishedPost.objects.filter(state="free").update(slot_type="civil_service")


REFUSED = [
    two_people_on_one_post, one_person_on_two_posts, one_ledger_number_on_two_posts, one_post_claimed_by_two_positions,
    a_movement_without_document, a_movement_without_actor, a_movement_from_nowhere, a_movement_rewritten,
    a_movement_removed, a_promise_without_document, a_post_under_way_without_permit, a_post_of_a_unit_without_unit,
    a_civil_service_post_in_the_envelope,
]  # fmt: skip


@pytest.mark.parametrize("damage", REFUSED, ids=[damage.__name__ for damage in REFUSED])
def test_what_the_database_can_hold_it_refuses(ledger, damage):
    with pytest.raises(DatabaseError), transaction.atomic():
        damage(ledger)
    assert check_slots() == []


def test_every_check_has_a_test_that_breaks_it():
    from tests.reporting import test_slot_checks

    tested = {code for _damage, code in BROKEN} | set(test_slot_checks.CODES)
    assert len(CHECKS) == 14
    assert tested == {
        "envelope_size", "permit_exceeded", "permit_of_another_unit", "state_without_movement", "movement_gap",
        "movements_do_not_add_up", "overdrawn", "lent_post_astray", "claim_missing", "claim_on_loose_post",
        "held_without_person", "used_without_person", "person_on_loose_post", "headcount_exceeded",
        "pool_post_left_behind",
    }  # fmt: skip


@pytest.mark.parametrize("lent", [True, False])
def test_the_post_of_a_person_who_leaves_returns_where_it_came_from(ledger, lent):
    """A pool post to the county pool, a unit's own to the unit, with everything that left it taken off."""
    row = Appointment.objects.get(state="on_post")
    EstablishedPost.objects.filter(pk=row.post_id).update(is_pool=lent)
    hiring.end_appointment(
        actor=ledger.posts, appointment=row, reason_code="left_post", reason="辞职", document="离1号"
    )
    post = EstablishedPost.objects.get(pk=row.post_id)
    assert (post.state, post.unit, post.is_pool) == (
        ("pool", None, True) if lent else ("vacated", row.position.unit, False)
    )
    assert (post.ledger_number, post.permit, post.purpose) == ("", None, "")
    moves = [("vacate", "used", "vacated"), ("return_to_pool", "vacated", "pool")][: 2 if lent else 1]
    last = post.movements.order_by("pk").values_list("move", "from_state", "to_state")
    assert list(last)[-len(moves) :] == moves
    assert check_slots() == []
