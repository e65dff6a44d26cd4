"""The last post is taken once, however many reach for it, and no two acts at once overdraw a unit.

Runs on whichever database the session uses, over real connections. Each race has its negative control: the same reads
and writes without the lock, which must go wrong.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, transaction

from accounts.enums import Role
from campaigns.establishment import domain
from campaigns.establishment.models import EstablishedPost, SlotMovement, UnitStaffing
from campaigns.establishment.queries import balance_of_unit, balances, total
from foundation.errors import DomainError, Refused
from recruitment.reporting import slot_checks
from tests.races.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = date(2026, 3, 20)
TOGETHER = 12
HIRES = 200
WHY = {"reason_code": "county_decision", "reason": "县编委决定", "document": "编3号"}


def run_many(count, act):
    """`act(0) … act(count-1)` over as many connections at once as a shared server may be asked for."""
    threads = 24 if connection.vendor == "postgresql" else 100
    barrier = Barrier(threads)

    def start():
        barrier.wait()

    def run(number):
        try:
            return act(number)
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _n: start(), range(threads)))
        return list(pool.map(run, range(count)))


def unit_with(office, make_unit, code, authorised, permitted):
    unit = make_unit(code)
    domain.register_unit_posts(
        actor=office, unit=unit, authorised=authorised, on_board=0, recorded_on=TODAY, document="编〔2026〕2号"
    )
    if permitted:
        domain.issue_permit(
            actor=office, number=f"核编{code}", unit=unit, slots=permitted, issued_on=TODAY,
            expires_on=date(2036, 12, 31),
        )  # fmt: skip
    return unit


@pytest.fixture
def office(staff, county):
    return staff(Role.ESTABLISHMENT_OFFICE, unit=county)


@pytest.fixture
def last_post(office, make_unit):
    """An office, a unit, and its one permitted post."""
    return office, unit_with(office, make_unit, "H1", 1, 1)


def findings():
    """What is broken inside the ledger; claims and people are of the rooms above."""
    checks = (
        slot_checks.permits_are_not_exceeded,
        slot_checks.states_equal_the_last_movement,
        slot_checks.movements_follow_each_other,
        slot_checks.movements_add_up_to_the_ledger,
        slot_checks.no_unit_is_overdrawn,
    )
    return sorted({item.code for check in checks for item in check()})


def test_two_hundred_hires_on_the_last_post_give_exactly_one(last_post):
    office, unit = last_post

    def hire(number):
        with transaction.atomic():
            (post,) = domain.reserve_posts(actor=office, unit=unit, count=1, on=TODAY, document=f"公告{number}号")
            domain.hold_post(actor=office, post=post, document=f"公示{number}号")
            return domain.use_post(actor=office, post=post, ledger_number=f"L{number}", document=f"批复{number}号")

    results = run_many(HIRES, hire)
    winners = [number for number, result in enumerate(results) if isinstance(result, EstablishedPost)]
    losers = [result.code for result in results if isinstance(result, Refused)]
    assert (len(winners), losers) == (1, ["shortage"] * (HIRES - 1))
    assert EstablishedPost.objects.get().ledger_number == f"L{winners[0]}"
    assert list(SlotMovement.objects.order_by("pk").values_list("move", flat=True)) == [
        "create", "permit", "reserve", "hold", "use",
    ]  # fmt: skip
    assert findings() == []


def test_hiring_without_lock_and_compare_and_swap_hires_several_on_one_post(last_post):
    """The negative control: look, wait, write. If this ever hands the post out once, the tests here prove nothing."""
    _office, unit = last_post

    def take(number):
        post = EstablishedPost.objects.filter(unit=unit, state="permitted").first()
        if post is None:
            return None
        time.sleep(0.3)
        EstablishedPost.objects.filter(pk=post.pk).update(state="used", ledger_number=f"L{number}")
        return post

    assert sum(result is not None for result in run_together(TOGETHER, take)) > 1


def test_many_people_entering_the_same_held_post_leave_one_on_it(last_post):
    office, unit = last_post
    (post,) = domain.reserve_posts(actor=office, unit=unit, count=1, on=TODAY, document="公告")
    domain.hold_post(actor=office, post=post, document="公示")
    results = run_together(
        TOGETHER, lambda n: domain.use_post(actor=office, post=post, ledger_number=f"L{n}", document=f"批复{n}号")
    )
    winners = [number for number, result in enumerate(results) if isinstance(result, EstablishedPost)]
    assert len(winners) == 1
    assert EstablishedPost.objects.get().ledger_number == f"L{winners[0]}"
    assert SlotMovement.objects.filter(move="use").count() == 1


def test_publications_and_promises_at_once_never_take_more_than_the_unit_has(office, make_unit):
    unit = unit_with(office, make_unit, "H1", 5, 5)

    def act(number):
        if number % 2:
            return domain.commit_posts(actor=office, unit=unit, channel="veteran", count=1, document=f"安置{number}号")
        return domain.reserve_posts(actor=office, unit=unit, count=2, on=TODAY, document=f"公告{number}号")

    results = run_together(TOGETHER, act)
    assert {result.code for result in results if isinstance(result, Refused)} == {"shortage"}
    balance = balance_of_unit(unit)
    assert balance.available == 0
    assert balance.reserved + balance.committed == 5
    assert findings() == []


def test_a_publication_and_a_promise_without_the_units_lock_overdraw_it(last_post):
    """The negative control: both see one post available, both take it."""
    _office, unit = last_post
    UnitStaffing.objects.create(unit=unit)

    def act(number):
        if balance_of_unit(unit).available < 1:
            return
        time.sleep(0.3)
        if number % 2:
            UnitStaffing.objects.filter(unit=unit).update(committed_count=1)
        else:
            EstablishedPost.objects.filter(unit=unit, state="permitted").update(state="reserved")

    run_together(2, act)
    assert balance_of_unit(unit).shortfall == 1
    assert "overdrawn" in findings()


def test_many_who_release_the_same_posts_release_them_once(office, make_unit):
    unit = unit_with(office, make_unit, "H1", 3, 3)
    posts = domain.reserve_posts(actor=office, unit=unit, count=3, on=TODAY, document="公告")
    why = {"reason_code": "nobody_passed", "reason": "无人合格", "document": "公告2号"}

    def act(number):
        if number % 3:
            return domain.release_posts(actor=office, posts=posts, **why)
        return domain.reserve_posts(actor=office, unit=unit, count=2, on=TODAY, document=f"公告{number}号")

    run_together(TOGETHER, act)
    moves = list(SlotMovement.objects.filter(move="release").values_list("post", flat=True))
    assert len(moves) == 3
    assert findings() == []


def test_releasing_without_compare_and_swap_writes_the_release_twice(last_post):
    """The negative control: each sees the post reserved, each gives it back."""
    office, unit = last_post
    domain.reserve_posts(actor=office, unit=unit, count=1, on=TODAY, document="公告")

    def act(number):
        post = EstablishedPost.objects.get()
        if post.state != "reserved":
            return
        time.sleep(0.3)
        EstablishedPost.objects.filter(pk=post.pk).update(state="permitted")
        SlotMovement.objects.create(
            post=post, move="release", from_state="reserved", to_state="permitted", from_unit=unit, to_unit=unit,
            slot_type=post.slot_type, actor=office, reason_code="x", reason="x", document="x",
        )  # fmt: skip

    run_together(4, act)
    assert SlotMovement.objects.filter(move="release").count() > 1
    assert "movement_gap" in findings()


def test_transfers_in_both_directions_and_publications_at_once_lose_no_post(office, make_unit):
    one, two = unit_with(office, make_unit, "H1", 4, 2), unit_with(office, make_unit, "S1", 4, 2)

    def act(number):
        if number % 3 == 0:
            unit = (one, two)[number % 2]
            return domain.reserve_posts(actor=office, unit=unit, count=1, on=TODAY, document=f"公告{number}号")
        source, target = ((one, two), (two, one))[number % 2]
        return domain.transfer_posts(actor=office, source=source, target=target, count=2, **WHY)

    results = run_together(TOGETHER, act)
    assert {result.code for result in results if isinstance(result, DomainError)} <= {"shortage"}
    assert total(balances().values()).authorised == 8
    assert findings() == []


def test_a_transfer_without_lock_takes_a_post_that_was_just_published(last_post, make_unit):
    """The negative control: the post is published while the transfer still believes it vacant."""
    office, unit = last_post
    other = make_unit("S1")

    def act(number):
        if number:
            time.sleep(0.1)
            return domain.reserve_posts(actor=office, unit=unit, count=1, on=TODAY, document="公告")
        post = EstablishedPost.objects.get(state="permitted")
        time.sleep(0.5)
        return EstablishedPost.objects.filter(pk=post.pk).update(unit=other)

    assert all(run_together(2, act))
    post = EstablishedPost.objects.get()
    assert (post.state, post.unit) == ("reserved", other)
    assert "state_without_movement" in findings()


def test_the_last_pool_post_is_lent_once(office, make_unit, county):
    envelope = domain.create_envelope(actor=office, code="TP", name="专项", size=1, unit=county, document="编1号")
    domain.move_to_pool(actor=office, envelope=envelope, count=1, **WHY)
    units = [make_unit(f"U{number}") for number in range(TOGETHER)]
    results = run_together(
        TOGETHER, lambda n: domain.allocate_from_pool(actor=office, unit=units[n], count=1, document="周转")
    )
    refused = [result.code for result in results if isinstance(result, Refused)]
    assert len(refused) == TOGETHER - 1
    assert set(refused) <= {"shortage", "wrong_state"}
    assert SlotMovement.objects.filter(move="allocate").count() == 1
    assert findings() == []
