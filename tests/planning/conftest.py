"""A county with a hospital and a school, its offices, and a campaign brought to any state by the real verbs."""

import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from accounts.enums import Role
from campaigns.establishment import domain as establishment
from campaigns.planning import domain

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 10, 10, tzinfo=SHANGHAI)
OPENS = datetime(2026, 3, 19, 9, tzinfo=SHANGHAI)
CLOSES = datetime(2026, 3, 26, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _frozen(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def hospital(make_unit):
    return make_unit("H1", name="县人民医院")


@pytest.fixture
def school(make_unit):
    return make_unit("S1", name="第一中学")


@pytest.fixture
def author(staff, county):
    return staff(Role.TALENT_OFFICE, unit=county, username="author")


@pytest.fixture
def second(staff, county):
    return staff(Role.TALENT_OFFICE, unit=county, username="second")


@pytest.fixture
def posts_office(staff, county):
    return staff(Role.ESTABLISHMENT_OFFICE, unit=county, username="posts_office")


@pytest.fixture
def programme(author, county):
    return domain.create_programme(
        actor=author, code="P1", name="千名人才", unit=county, target_people=1000,
        starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
    )  # fmt: skip


@pytest.fixture
def make_campaign(author, county, programme):
    def make(code="C1", **fields):
        values = {
            "actor": author,
            "programme": programme,
            "code": code,
            "name": f"公开招聘 {code}",
            "track": "public_exam",
            "unit": county,
            "profile": "county_exam",
            "registration_opens_at": OPENS,
            "registration_closes_at": CLOSES,
        }
        return domain.create_campaign(**{**values, **fields})

    return make


@pytest.fixture
def permit(posts_office):
    """`permit(unit, 3)` gives a unit posts and a permit to use them."""

    def issue(unit, slots, **fields):
        establishment.register_unit_posts(
            actor=posts_office, unit=unit, authorised=slots, on_board=0, recorded_on=date(2026, 1, 1), document="编1号"
        )
        values = {"number": f"核编{unit.code}", "issued_on": date(2026, 1, 5), "expires_on": date(2026, 12, 31)}
        return establishment.issue_permit(actor=posts_office, unit=unit, slots=slots, **{**values, **fields})

    return issue


@pytest.fixture
def add(author):
    def position(campaign, unit, code, headcount=1, **fields):
        return domain.add_position(
            actor=author, campaign=campaign, unit=unit, code=code, name=f"岗位{code}", headcount=headcount, **fields
        )

    return position


@pytest.fixture
def approve(author, second):
    """Bring a campaign with positions and permits to the point where only publication is missing."""

    def bring(campaign):
        domain.submit_plan(actor=author, campaign=campaign)
        domain.approve_plan(actor=second, campaign=campaign, document="人社批〔2026〕1号")
        draft = domain.draft_announcement(actor=author, campaign=campaign, title="招聘公告", body="岗位见附表。")
        domain.approve_announcement(actor=second, announcement=draft)
        campaign.refresh_from_db()
        return campaign

    return bring


@pytest.fixture
def published(make_campaign, add, approve, permit, hospital, second):
    """A published campaign: one position of two people in the hospital."""
    campaign = make_campaign()
    add(campaign, hospital, "A01", headcount=2)
    permit(hospital, 2)
    approve(campaign)
    return domain.publish_campaign(actor=second, campaign=campaign)


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    """An .xlsx with these sheets of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
