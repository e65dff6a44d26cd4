"""A campaign goes public once, however many press the button. Runs on whichever database the session uses."""

import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from accounts.enums import Role
from accounts.models import AuditEntry, User
from campaigns.establishment import domain as establishment
from campaigns.establishment.models import EstablishedPost, SlotMovement
from campaigns.planning import domain, signals
from campaigns.planning.models import Campaign, PositionSlot
from foundation.errors import Refused
from tests.races.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)

SHANGHAI = ZoneInfo("Asia/Shanghai")
TOGETHER = 6
TODAY = date.today()  # noqa: DTZ011 - permits are judged by the day the test runs on


def approved(code, author, second, county, hospital, headcount):
    programme = domain.create_programme(
        actor=author, code=f"P{code}", name="计划", unit=county, target_people=10,
        starts_on=date(2026, 1, 1), ends_on=date(2036, 12, 31),
    )  # fmt: skip
    campaign = domain.create_campaign(
        actor=author, programme=programme, code=code, name=code, track="public_exam", unit=county,
        profile="county_exam", registration_opens_at=datetime(2026, 3, 19, 9, tzinfo=SHANGHAI),
        registration_closes_at=datetime(2026, 3, 26, tzinfo=SHANGHAI),
    )  # fmt: skip
    domain.add_position(actor=author, campaign=campaign, unit=hospital, code="A01", name="护士", headcount=headcount)
    domain.submit_plan(actor=author, campaign=campaign)
    domain.approve_plan(actor=second, campaign=campaign, document="批1号")
    draft = domain.draft_announcement(actor=author, campaign=campaign, title="公告", body="正文")
    domain.approve_announcement(actor=second, announcement=draft)
    return campaign


@pytest.fixture
def prepared(staff, county, make_unit):
    """Two people of the talent office, and a hospital with 3 permitted posts."""
    office = staff(Role.ESTABLISHMENT_OFFICE, unit=county)
    author, second = (staff(Role.TALENT_OFFICE, unit=county, username=name) for name in ("author", "second"))
    hospital = make_unit("H1", name="县人民医院")
    establishment.register_unit_posts(
        actor=office, unit=hospital, authorised=3, on_board=0, recorded_on=TODAY, document="编1号"
    )
    establishment.issue_permit(
        actor=office, number="核编1号", unit=hospital, slots=3, issued_on=TODAY, expires_on=date(2036, 12, 31)
    )
    return author, second, county, hospital


def test_many_publishers_of_one_campaign_publish_it_once(prepared):
    author, second, county, hospital = prepared
    campaign = approved("C1", author, second, county, hospital, 2)
    heard = []
    receiver = lambda **kwargs: heard.append(kwargs["campaign"].pk)  # noqa: E731
    signals.campaign_published.connect(receiver)
    results = run_together(
        TOGETHER,
        lambda n: domain.publish_campaign(actor=User.objects.get(pk=(author, second)[n % 2].pk), campaign=campaign),
    )
    signals.campaign_published.disconnect(receiver)
    assert [result.state for result in results] == ["published"] * TOGETHER
    assert PositionSlot.objects.count() == 2
    assert SlotMovement.objects.filter(move="reserve").count() == 2
    assert AuditEntry.objects.filter(action="planning.publish_campaign").count() == 1
    assert heard == [campaign.pk]


def test_two_campaigns_that_need_the_same_posts_are_not_both_published(prepared):
    author, second, county, hospital = prepared
    campaigns = [approved(code, author, second, county, hospital, 2) for code in ("C1", "C2")]
    results = run_together(2, lambda n: domain.publish_campaign(actor=second, campaign=campaigns[n]))
    winners = [result for result in results if isinstance(result, Campaign)]
    losers = [result for result in results if isinstance(result, Refused)]
    assert (len(winners), [loser.code for loser in losers]) == (1, ["shortage"])
    assert sorted(EstablishedPost.objects.values_list("state", flat=True)) == ["permitted", "reserved", "reserved"]
    assert sorted(Campaign.objects.values_list("state", flat=True)) == ["approved", "published"]


def test_without_lock_and_compare_and_swap_the_same_race_is_lost(prepared):
    """The negative control: look, wait, write. If this ever publishes once, the tests above prove nothing."""
    author, second, county, hospital = prepared
    campaign = approved("C1", author, second, county, hospital, 1)

    def publish(number):
        if Campaign.objects.get(pk=campaign.pk).state != "approved":
            return None
        time.sleep(0.3)
        Campaign.objects.filter(pk=campaign.pk).update(state="published")
        return number

    assert sum(result is not None for result in run_together(TOGETHER, publish)) > 1
