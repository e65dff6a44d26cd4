"""Balances at a past moment, from the movements; and the worked ledger of the county hospital, read back."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from campaigns.establishment import domain
from campaigns.establishment.models import EstablishedPost
from campaigns.establishment.queries import (
    Balance,
    Part,
    balance_of_envelope,
    balance_of_subtree,
    balance_of_unit,
    balances,
    end_of,
    posts_as_of,
    total,
)
from tests.establishment.ledger import LEFT, WHY, permit, register, reserve

pytestmark = pytest.mark.django_db


def moment():
    """Now; the next act lies later."""
    now = timezone.now()
    while timezone.now() <= now:
        pass
    return now


def test_the_worked_ledger_reads_the_same_at_each_of_its_moments(office, hospital):
    register(office, hospital, 420, 398)
    permit(office, hospital, 15)
    moments = [moment()]
    posts = reserve(office, hospital, 15)
    moments.append(moment())
    why = {"reason": "开考比例不足", "document": "公告2号"}
    domain.release_posts(actor=office, posts=posts[:3], reason_code="opening_ratio", **why)
    moments.append(moment())
    domain.release_posts(actor=office, posts=posts[3:4], reason_code="medical", **why)
    moments.append(moment())
    for post in posts[4:]:
        domain.hold_post(actor=office, post=post, document="公示1号")
    moments.append(moment())
    for number, post in enumerate(posts[4:]):
        domain.use_post(actor=office, post=post, ledger_number=f"L{number}", document="批复1号")
    moments.append(moment())
    read = [balance_of_unit(hospital, at=at) for at in moments]
    assert [(b.authorised, b.on_board, b.vacant, b.reserved, b.held, b.available) for b in read] == [
        (420, 398, 22, 0, 0, 22),
        (420, 398, 22, 15, 0, 7),
        (420, 398, 22, 12, 0, 10),
        (420, 398, 22, 11, 0, 11),
        (420, 398, 22, 0, 11, 11),
        (420, 409, 11, 0, 0, 11),
    ]
    assert balance_of_unit(hospital) == read[-1]


def test_over_staffing_is_shown_beside_and_never_as_a_negative_number(office, hospital, school):
    register(office, hospital, 30, 32)
    register(office, school, 10, 6)
    balance = balance_of_unit(hospital)
    assert (balance.over, balance.vacant, balance.available) == (2, 0, 0)
    county = total(balances().values())
    assert (county.authorised, county.on_board, county.over, county.vacant, county.available) == (40, 38, 2, 4, 4)


def test_a_subtree_is_the_sum_of_its_units_and_the_county_of_all(office, county, make_unit, envelope):
    bureau = make_unit("EDU", name="教育局")
    schools = [make_unit(f"E{n}", parent=bureau) for n in range(3)]
    other = make_unit("H1")
    for number, unit in enumerate([bureau, *schools, other], start=1):
        register(office, unit, 10, number)
    assert balance_of_subtree(bureau).on_board == 1 + 2 + 3 + 4
    assert balance_of_subtree(schools[0]).on_board == 2
    everything = balances()
    assert total(everything.values()).on_board == 15
    assert everything[None] == Balance(free=20)
    assert set(balances(Part(paths=[schools[1].path, other.path]))) == {schools[1].pk, other.pk}


def test_a_balance_takes_one_query_now_and_at_any_moment(office, county, hospital, envelope, django_assert_num_queries):
    register(office, hospital, 5, 6)
    now = moment()
    for part in (Part(), Part(unit=hospital), Part(under=county), Part(paths=["C/"])):
        for at in (None, now):
            with django_assert_num_queries(1):
                balances(part, at=at)
    with django_assert_num_queries(1):
        balances(envelope=envelope, at=now)


def test_the_past_knows_where_a_post_was_before_it_moved_to_another_unit(office, hospital, school, envelope):
    domain.allocate_posts(actor=office, envelope=envelope, unit=hospital, count=3, document="分配1号")
    before = moment()
    domain.transfer_posts(actor=office, source=hospital, target=school, count=2, **WHY)
    assert (balance_of_unit(hospital, at=before).allocated, balance_of_unit(school, at=before)) == (3, Balance())
    assert (balance_of_unit(hospital).allocated, balance_of_unit(school).allocated) == (1, 2)
    assert balance_of_envelope(envelope, at=before) == balance_of_envelope(envelope)


def test_the_list_of_a_past_moment_is_as_long_as_its_figure(office, hospital, school):
    register(office, hospital, 4, 1)
    permit(office, hospital, 3)
    reserve(office, hospital, 2)
    then = moment()
    post = EstablishedPost.objects.get(state="used")
    domain.vacate_post(actor=office, post=post, **LEFT)
    domain.transfer_posts(actor=office, source=hospital, target=school, count=1, **WHY)
    balance = balance_of_unit(hospital, at=then)
    listed = posts_as_of(then).filter(then_unit=hospital.pk)
    for state in ("used", "reserved", "permitted", "allocated"):
        assert listed.filter(then_state=state).count() == getattr(balance, state), state
    assert balance.used == 1


def test_promises_and_planned_exits_of_the_past_are_read_too(office, hospital):
    register(office, hospital, 4, 2)
    domain.commit_posts(actor=office, unit=hospital, channel="veteran", count=2, document="安置1号")
    used = EstablishedPost.objects.filter(state="used").first()
    day = timezone.localdate() + timedelta(days=10)
    domain.plan_exit(actor=office, post=used, expected_on=day, reason_code="retired", document="退1号")
    then = moment()
    domain.withdraw_commitment(actor=office, unit=hospital, channel="veteran", count=1, reason="取消", document="安2号")
    domain.vacate_post(actor=office, post=used, **LEFT)
    before, now = balance_of_unit(hospital, at=then), balance_of_unit(hospital)
    assert (before.committed, before.planned_exits, before.on_board, before.available) == (2, 1, 2, 0)
    assert (now.committed, now.planned_exits, now.on_board, now.available) == (1, 0, 1, 2)


def test_a_day_counts_up_to_its_last_moment():
    day = datetime(2026, 3, 20).date()  # noqa: DTZ001 (a day)
    assert timezone.localtime(end_of(day)).isoformat() == "2026-03-20T23:59:59.999999+08:00"
