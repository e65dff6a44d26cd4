"""A flexible engagement in service, built by hand: the steps before it are proved elsewhere."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.enums import Role
from campaigns.establishment import domain as establishment
from recruitment.candidates.models import Candidate
from recruitment.challenges.models import Bid, Challenge, Engagement


@pytest.fixture
def make_engagement(staff, make_campaign, make_unit):
    """`make(code)` → an engagement in service of one unit, all on the same campaign."""
    unit = make_unit("H1", name="县人民医院")
    campaign = make_campaign(code="OC1", track="open_challenge")
    office, second = (staff(Role.TALENT_OFFICE, username=name) for name in ("talent", "talent2"))

    def make(code="榜1", state="in_service", candidate=None):
        challenge = Challenge.objects.create(
            campaign=campaign, unit=unit, code=code, title="高山茶保鲜", problem="变色", indicators="不变色",
            budget=Decimal(300000), ends_on=date(2027, 12, 31), state="awarded", created_by=office,
            confirmed_by=second,
        )  # fmt: skip
        candidate = candidate or Candidate.objects.create(name=f"林{code}")
        bid = Bid.objects.create(challenge=challenge, candidate=candidate, number=f"B{code}", state="awarded")
        return Engagement.objects.create(
            bid=bid, number=f"柔{code}", starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31), days_per_year=60,
            amount=Decimal(1000), state=state, recorded_by=office,
        )  # fmt: skip

    make.office = office
    make.unit = unit
    return make


@pytest.fixture
def post_of_the_unit(staff, make_engagement):
    """The unit has one free post under a valid permit."""
    posts, today = staff(Role.ESTABLISHMENT_OFFICE, username="posts"), timezone.localdate()
    unit = make_engagement.unit
    establishment.register_unit_posts(
        actor=posts, unit=unit, authorised=2, on_board=1, recorded_on=today, document="编1号"
    )
    establishment.issue_permit(
        actor=posts, number="核编1号", unit=unit, slots=1, issued_on=today, expires_on=today + timedelta(days=90)
    )
    return unit.established_posts.get(state="permitted")
