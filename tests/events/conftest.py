"""An event of the county, planned by event staff, with the talent office to approve it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from accounts.enums import Role
from campaigns.events import domain

START = datetime(2026, 4, 25, 1, 0, tzinfo=UTC)
END = START + timedelta(hours=4)


@pytest.fixture
def planner(staff, county):
    return staff(Role.EVENT_STAFF, unit=county)


@pytest.fixture
def approver(staff, county):
    return staff(Role.TALENT_OFFICE, unit=county)


@pytest.fixture
def event(planner, county):
    university = domain.add_university(actor=planner, name="净月湖大学", city="长春")
    return domain.plan_event(
        actor=planner,
        code="CC-1",
        name="长春站：净月湖大学专场",
        university=university,
        unit=county,
        place="大学生活动中心",
        starts_at=START,
        ends_at=END,
        capacity=2,
        campaigns=[],
        budget=Decimal(30000),
    )


@pytest.fixture
def published(event, planner, approver):
    domain.approve_event(actor=approver, event=event)
    domain.confirm_event(actor=planner, event=event, document="就业指导中心回函")
    with time_machine.travel(START - timedelta(days=10), tick=False):
        domain.publish_event(actor=approver, event=event)
    return event


@pytest.fixture
def register(planner):
    """`register(event, phone)` → the registration event staff made for somebody."""

    def make(event, phone, name="林知远", actor=planner):
        return domain.register_for_event(actor=actor, event=event, name=name, phone=phone)

    return make
