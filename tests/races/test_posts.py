"""The last post is taken once, however many reach for it. Runs on whichever database the session uses."""

import time
from datetime import date

import pytest

from accounts.enums import Role
from campaigns.establishment import domain
from campaigns.establishment.models import EstablishedPost, SlotMovement
from foundation.errors import Refused
from tests.races.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = date(2026, 3, 20)
TOGETHER = 12


@pytest.fixture
def last_post(staff, county, make_unit):
    """An office, a unit, and its one permitted post."""
    office = staff(Role.ESTABLISHMENT_OFFICE, unit=county)
    unit = make_unit("H1")
    domain.register_unit_posts(
        actor=office, unit=unit, authorised=1, on_board=0, recorded_on=TODAY, document="编〔2026〕2号"
    )
    domain.issue_permit(
        actor=office, number="核编1号", unit=unit, slots=1, issued_on=TODAY, expires_on=date(2026, 12, 31)
    )
    return office, unit


def test_many_campaigns_reserving_the_last_post_get_it_once(last_post):
    office, unit = last_post
    results = run_together(
        TOGETHER,
        lambda n: domain.reserve_posts(actor=office, unit=unit, count=1, on=TODAY, document=f"公告{n}号"),
    )
    winners = [result for result in results if isinstance(result, list)]
    losers = [result for result in results if isinstance(result, Refused)]
    assert (len(winners), len(losers)) == (1, TOGETHER - 1)
    assert SlotMovement.objects.filter(move="reserve").count() == 1
    assert EstablishedPost.objects.get().state == "reserved"


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


def test_without_lock_and_compare_and_swap_the_same_race_is_lost(last_post):
    """The negative control: look, wait, write. If this ever hands the post out once, the tests above prove nothing."""
    _office, unit = last_post

    def take(number):
        post = EstablishedPost.objects.filter(unit=unit, state="permitted").first()
        if post is None:
            return None
        time.sleep(0.3)
        EstablishedPost.objects.filter(pk=post.pk).update(state="reserved")
        return post

    assert sum(result is not None for result in run_together(TOGETHER, take)) > 1
