from datetime import timedelta

import pytest

from campaigns.planning import domain
from campaigns.planning.models import CalendarDay
from campaigns.planning.queries import (
    calendar,
    campaigns_visible_to,
    is_registration_open,
    open_positions,
    timeline_of,
)
from foundation.errors import Refused
from tests.planning.conftest import CLOSES, NOW, OPENS, workbook

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "is_open"), [(OPENS - SECOND, False), (OPENS, True), (CLOSES - SECOND, True), (CLOSES, False)]
)
def test_registration_is_open_from_its_first_second_up_to_its_last(published, now, is_open):
    assert is_registration_open(published, now) is is_open
    assert open_positions(now).exists() is is_open


def test_nothing_is_open_before_publication_or_while_suspended(published, make_campaign, second):
    assert is_registration_open(make_campaign("C2"), OPENS) is False
    domain.suspend_campaign(actor=second, campaign=published, reason="系统故障")
    published.refresh_from_db()
    assert is_registration_open(published, OPENS) is False
    assert not open_positions(OPENS).exists()


def test_the_timeline_says_what_happened_what_is_now_and_what_comes_next(published, author):
    states = {step.key: step.state for step in timeline_of(published, OPENS)}
    assert list(states) == [
        "announcement", "registration", "review", "written_exam", "scores", "shortlist", "interview", "totals",
        "medical", "inspection", "notice", "approval",
    ]  # fmt: skip
    assert (states["announcement"], states["registration"], states["written_exam"]) == ("done", "now", "next")
    assert {step.key: step.state for step in timeline_of(published, CLOSES)}["registration"] == "done"
    domain.mark_happened(actor=author, campaign=published, key="written_exam")
    first = published.milestones.get(key="written_exam").happened_at
    domain.mark_happened(actor=author, campaign=published, key="written_exam", at=NOW - SECOND)
    assert published.milestones.get(key="written_exam").happened_at == first == NOW


def test_a_voided_campaign_has_nothing_ahead(published, second):
    domain.void_campaign(actor=second, campaign=published, reason="计划调整")
    published.refresh_from_db()
    assert {step.state for step in timeline_of(published, OPENS)} == {"done", "stopped"}


def test_a_step_of_another_track_is_refused(make_campaign, author):
    for act in (
        lambda: make_campaign(milestones={"bidding": (OPENS, CLOSES)}),
        lambda: domain.mark_happened(actor=author, campaign=make_campaign("C2"), key="bidding"),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "step"


def test_the_calendar_knows_the_holidays_and_working_weekends_of_2026():
    days = calendar()
    by_date = {day.date.isoformat(): day for day in CalendarDay.objects.all()}
    assert {"2026-02-17", "2026-10-01"} <= by_date.keys()
    assert not days.is_working_day(by_date["2026-10-01"].date)
    assert days.is_working_day(by_date["2026-10-10"].date)
    assert CalendarDay.objects.filter(is_assumed=False).count() == 0


def test_a_sheet_of_days_is_taken_whole_or_not_at_all(author):
    header = ["日期", "类型", "名称"]
    good = ["2026-10-01", "放假", "国庆节"]

    def take(*rows):
        content = workbook(("日历", [header, *rows]))
        return domain.import_calendar(actor=author, content=content, file_name="日历.xlsx")

    bad = take(good, ["2026-13-01", "放假", "x"], ["2026-10-06", "半天", "x"], good, ["2026-10-10", "放假", "周六"])
    assert [(row, column) for row, column, _text in bad.refused] == [(3, "A"), (4, "B"), (5, ""), (6, "B")]
    assert CalendarDay.objects.filter(is_assumed=False).count() == 0
    report = take(good, ["2026-12-25", "放假", "县庆"])
    assert (report.new, report.changed, report.unchanged) == (1, 1, 0)
    assert set(CalendarDay.objects.filter(is_assumed=False).values_list("name", flat=True)) == {"国庆节", "县庆"}
    report = take(good, ["2026-12-25", "放假", "县庆"])
    assert (report.new, report.changed, report.unchanged) == (0, 0, 2)


def test_campaigns_are_seen_by_their_owners_and_by_units_with_positions_in_them(
    make_campaign, add, hospital, school, staff, author
):
    from accounts.enums import Role

    campaign = make_campaign()
    add(campaign, hospital, "A01")
    seen = {
        name: set(campaigns_visible_to(user).values_list("code", flat=True))
        for name, user in {
            "talent": author,
            "hospital": staff(Role.UNIT_HR, unit=hospital),
            "school": staff(Role.UNIT_HR, unit=school),
            "expert": staff(Role.EXPERT),
        }.items()
    }
    assert seen == {"talent": {"C1"}, "hospital": {"C1"}, "school": set(), "expert": set()}
