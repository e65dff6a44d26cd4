"""The dates of registration and review come from the knobs of the rules, and follow them."""

from datetime import datetime, timedelta

import pytest

from campaigns.planning import domain
from campaigns.planning.models import Campaign
from campaigns.planning.queries import is_registration_open
from foundation.errors import Refused
from tests.planning.conftest import CLOSES, NOW, OPENS, SHANGHAI

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def day(number):
    return datetime(2026, 3, number, tzinfo=SHANGHAI)


def dates(campaign):
    campaign = Campaign.objects.get(pk=campaign.pk)
    steps = {row.key: (row.starts_at, row.ends_at) for row in campaign.milestones.all()}
    assert steps["registration"] == (campaign.registration_opens_at, campaign.registration_closes_at)
    return (*steps["registration"], steps["review"][1])


def change(campaign, author, **knobs):
    domain.change_rules(actor=author, campaign=campaign, changes={"registration": knobs})


@pytest.mark.parametrize("profile", ["county_exam", "county_selection"])
def test_the_end_of_registration_and_reviews_is_proposed_by_the_rules(make_campaign, profile):
    track = {"county_exam": "public_exam", "county_selection": "competitive_selection"}[profile]
    made = make_campaign(profile=profile, track=track, registration_closes_at=None)
    first = OPENS.astimezone(SHANGHAI).replace(hour=0)
    proposed = {"county_exam": (first + 7 * DAY, first + 8 * DAY), "county_selection": (None, None)}[profile]
    assert dates(made) == (OPENS, *proposed)


def test_what_the_office_wrote_stays(make_campaign):
    made = make_campaign(registration_closes_at=OPENS + 3 * DAY, milestones={"review": (OPENS, OPENS + 9 * DAY)})
    assert dates(made) == (OPENS, OPENS + 3 * DAY, OPENS + 9 * DAY)


@pytest.mark.parametrize(
    ("knobs", "moved"),
    [
        ({"open_days": 5}, (5, 6)),
        ({"review_days_after_close": 4}, (7, 11)),
        ({"rolling": True}, (None, None)),
        ({"grace_hours": 5}, (7, 8)),
    ],
)
def test_the_dates_follow_the_knobs_until_publication(make_campaign, author, knobs, moved):
    made = make_campaign(registration_closes_at=None)
    change(made, author, **knobs)
    first = OPENS.astimezone(SHANGHAI).replace(hour=0)
    assert dates(made) == (OPENS, *(days if days is None else first + days * DAY for days in moved))


def test_times_named_in_the_rules_are_the_dates_and_are_changed_nowhere_else(make_campaign, author):
    made = make_campaign()
    named = {"opens_at": OPENS + DAY, "closes_at": OPENS + 5 * DAY, "review_closes_at": OPENS + 8 * DAY}
    change(made, author, **{name: at.isoformat() for name, at in named.items()})
    assert dates(made) == tuple(named.values())
    with pytest.raises(Refused) as refusal:
        domain.set_milestone(actor=author, campaign=made, key="registration", starts_at=OPENS, ends_at=OPENS + 5 * DAY)
    assert refusal.value.code == "named_in_rules"
    assert dates(made) == tuple(named.values())


@pytest.mark.parametrize(("days", "extended"), [(9, True), (5, False)])
def test_an_amendment_of_the_days_extends_the_window_and_never_shortens_it(published, author, second, days, extended):
    before = dates(published)
    domain.amend_rules(
        actor=author, campaign=published, changes={"registration": {"open_days": days}}, reason="报名人数不足"
    )
    draft = domain.draft_announcement(
        actor=author, campaign=published, title="变更", body="正文", reason="报名人数不足"
    )
    domain.approve_announcement(actor=second, announcement=draft)
    if extended:
        domain.publish_amendment(actor=second, campaign=published)
        first = OPENS.astimezone(SHANGHAI).replace(hour=0)
        assert dates(published) == (OPENS, first + days * DAY, first + (days + 1) * DAY)
        return
    with pytest.raises(Refused) as refusal:
        domain.publish_amendment(actor=second, campaign=published)
    assert (refusal.value.code, dates(published)) == ("window", before)


def test_a_rolling_registration_is_published_without_an_end_and_closed_by_the_office(published, author, time_machine):
    Campaign.objects.filter(pk=published.pk).update(registration_closes_at=None)
    published.milestones.filter(key="registration").update(ends_at=None)
    published.refresh_from_db()
    time_machine.move_to(CLOSES + 300 * DAY, tick=False)
    assert is_registration_open(published, CLOSES + 300 * DAY)
    told = {"actor": author, "campaign": published, "key": "registration", "starts_at": OPENS, "reason": "岗位已招满"}
    with pytest.raises(Refused):
        domain.set_milestone(**told, ends_at=CLOSES)
    domain.set_milestone(**told, ends_at=CLOSES + 301 * DAY)
    published.refresh_from_db()
    states = [is_registration_open(published, CLOSES + days * DAY) for days in (300, 301)]
    assert states == [True, False]


@pytest.mark.parametrize("rolling", [True, False])
def test_only_a_rolling_registration_is_published_without_an_end(
    make_campaign, add, permit, approve, hospital, author, second, rolling
):
    made = make_campaign()
    change(made, author, rolling=rolling)
    made.refresh_from_db()
    domain.set_milestone(actor=author, campaign=made, key="registration", starts_at=OPENS, ends_at=None)
    add(made, hospital, "A01")
    permit(hospital, 1)
    approve(made)
    if rolling:
        assert domain.publish_campaign(actor=second, campaign=made).published_at == NOW
        return
    with pytest.raises(Refused) as refusal:
        domain.publish_campaign(actor=second, campaign=made)
    assert refusal.value.code == "no_window"
