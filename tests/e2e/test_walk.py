"""One recruitment from permit to post through the screens, each step by the person whose duty it is.

The clock stands where the story is; every chapter opens fresh windows, as people do on another day.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from accounts.domain import create_candidate_user, create_staff
from accounts.enums import Role, UnitKind
from accounts.models import Unit, User
from campaigns.events.models import EventRegistration, RecruitingEvent
from campaigns.planning.models import Campaign
from recruitment.applications.models import Application
from recruitment.demo.clock import at
from recruitment.demo.people import id_number
from tests.e2e.conftest import PHONE
from tests.e2e.desks import Desk, newest_code

pytestmark = pytest.mark.e2e
SHANGHAI = ZoneInfo("Asia/Shanghai")
STAFF = {
    "posts": (Role.ESTABLISHMENT_OFFICE, "周既明"),
    "talent": (Role.TALENT_OFFICE, "梁以宁"),
    "talent2": (Role.TALENT_OFFICE, "顾长亭"),
    "hospital": (Role.UNIT_HR, "温疏桐"),
    "exam": (Role.EXAM_CENTRE, "岳明远"),
    "exam2": (Role.EXAM_CENTRE, "祁清和"),
    "events": (Role.EVENT_STAFF, "闻星野"),
    "medical": (Role.MEDICAL_RECORDER, "江若水"),
    "expert1": (Role.EXPERT, "石见清"),
    "expert2": (Role.EXPERT, "许安然"),
    "leader": (Role.LEADER, "陆望舒"),
}


def on(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


def table(*rows: list[object]) -> bytes:
    """A workbook as offices print it: a title and a note above the header."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def upload(name: str, *rows: list[object]) -> dict[str, object]:
    return {"name": name, "mimeType": XLSX, "buffer": table(*rows)}


class Walk:
    """The county, its people and their windows."""

    def __init__(self, windows: object, sign_in_staff: object) -> None:
        self.windows, self.sign_in_staff = windows, sign_in_staff
        county = Unit.objects.create(code="C", name="云岫县", kind=UnitKind.COUNTY)
        hospital = Unit.objects.create(code="H1", name="县人民医院", parent=county)
        admin = User.objects.create(username="admin", name="系统管理员", kind="staff")
        admin.staff_roles.create(role=Role.SYSTEM_ADMINISTRATOR, unit=county, starts_at=on(1, 1))
        for username, (role, name) in STAFF.items():
            unit = hospital if username == "hospital" else county
            create_staff(actor=admin, username=username, name=name, unit=unit, role=role, reason="任命")

    def desk(self, username: str) -> Desk:
        """The window of a member of staff who signed in before."""
        return Desk(self.windows.open(User.objects.get(username=username)))

    def person(self, user: User | None = None) -> Desk:
        """A candidate's telephone."""
        return Desk(self.windows.open(user, viewport=PHONE))


@contextmanager
def day(month: int, number: int, hour: int = 10) -> Iterator[None]:
    with at(on(month, number, hour)):
        yield


@pytest.mark.usefixtures("site")
def test_a_recruitment_runs_from_the_permit_to_the_post_through_the_screens(windows, sign_in_staff):
    with day(3, 2):
        walk = Walk(windows, sign_in_staff)
        enter_permit(walk)
        plan_campaign(walk)
        publish_campaign(walk)
        the_public_finds_it(walk)
    with day(3, 4):
        plan_event(walk)
    with day(3, 18):
        hold_event(walk)
    with day(3, 20):
        lin = apply(walk, "lin@example.com", "林知微", 11)
        su = apply(walk, "su@example.com", "苏砚秋", 12)
        review(walk, lin, su)


def enter_permit(walk: Walk) -> None:
    """Step 1: the establishment office signs in by its real door, enters the unit's posts, an envelope and a permit."""
    desk = Desk(walk.windows.open())
    walk.sign_in_staff(desk.page, User.objects.get(username="posts"))
    desk.open("/admin/posts/envelopes/new/")
    desk.fill(code="E1239", name="千名人才专项编制", size=20, document="云编委〔2026〕1号").press("Save").says(
        "The envelope was made with its posts."
    )
    desk.open("/admin/posts/permits/import/")
    desk.fill(
        file=upload(
            "核编.xlsx",
            ["核编单号", "用人单位", "核准编制数", "核准日期", "有效期至", "编制来源"],
            ["云编核〔2026〕1号", "县人民医院", 3, "2026-01-05", "2026-12-31", "E1239"],
        )
    )
    desk.press("Show the preview").says("Preview: nothing is saved yet").press(
        "Take all rows that are not refused"
    ).says("Done")
    desk.open("/admin/posts/units/H1/").reads("云编核〔2026〕1号")


def plan_campaign(walk: Walk) -> None:
    """Step 2: a programme with its target, a campaign with dates and rules, and a position table."""
    desk = walk.desk("talent").open("/admin/planning/programmes/new/")
    desk.fill(
        code="P1", name="千名急需紧缺人才", target_people=1000, starts_on="2026-01-01", ends_on="2026-12-31",
        envelope="千名人才专项编制",
    )  # fmt: skip
    desk.fill(unit="云岫县").press("Save")
    desk.fill(track="public_exam", people=820, slots=820).press("Set the target").reads("820")
    desk.open("/admin/planning/new-campaign/")
    desk.fill(
        programme="千名急需紧缺人才", code="EX1", name="第一批公开招考", name_en="First exam", profile="county_exam",
        registration_opens_at="2026-03-19T09:00", registration_closes_at="2026-03-26T18:00",
    )  # fmt: skip
    desk.fill(unit="云岫县").press("Save").reads("第一批公开招考")
    desk.open("/admin/planning/campaigns/EX1/import/")
    desk.fill(
        file=upload(
            "岗位表.xlsx",
            ["云岫县2026年公开招聘岗位表"],
            ["招聘单位", "岗位代码", "岗位名称", "招聘人数", "学历", "专业"],
            ["县人民医院", "H101", "临床医师", 1, "本科及以上", "临床医学（100201K）"],
        )
    )
    desk.press("Show the preview").says("Preview: nothing is saved yet").press("Take the table").says("Done")
    desk.open("/admin/planning/campaigns/EX1/positions/").reads("H101", "临床医师")


def publish_campaign(walk: Walk) -> None:
    """Step 3: plan, posts, approval and announcement by different people; publication reserves the post."""
    talent, second = walk.desk("talent"), walk.desk("talent2")
    talent.open("/admin/planning/campaigns/EX1/act/submit/").press("Submit the plan")
    walk.desk("posts").open("/admin/planning/campaigns/EX1/act/confirm-posts/").press("Confirm the posts")
    second.open("/admin/planning/campaigns/EX1/act/approve/").fill(document="云人社批〔2026〕3号").press(
        "Approve the plan"
    )
    talent.open("/admin/planning/campaigns/EX1/announcement/edit/")
    talent.fill(title="云岫县2026年公开招聘公告", body="现公开招聘临床医师一名，岗位见附表。").press("Save")
    second.open("/admin/planning/campaigns/EX1/announcement/").press("Approve")
    second.open("/admin/planning/campaigns/EX1/act/publish/").reads("预留编制1名").press("Publish")
    assert Campaign.objects.get(code="EX1").published_at == on(3, 2)
    walk.desk("posts").open("/admin/posts/units/H1/").says("Published")


def the_public_finds_it(walk: Walk) -> None:
    """The announcement, the position and the timeline stand on the site and are found by words."""
    reader = walk.person().open("/positions/EX1/H101/").reads("临床医师", "县人民医院")
    reader.open("/search/?q=公开招聘").reads("云岫县2026年公开招聘公告")


def plan_event(walk: Walk) -> None:
    """Step 8: an event is planned, approved by the talent office and published with its calendar file."""
    desk = walk.desk("events").open("/admin/events/new/")
    desk.fill(
        code="E01", name="武汉站：东湖理工大学专场", city="武汉", university="东湖理工大学", place="一楼报告厅",
        starts_at="2026-03-18T09:00", ends_at="2026-03-18T12:00", capacity=1, budget=30000, campaigns=True,
    )  # fmt: skip
    desk.press("Save").reads("武汉站：东湖理工大学专场")
    walk.desk("talent").open("/admin/events/E01/").press("Approve").press("Publish")
    reader = walk.person().open("/tour/E01/").reads("东湖理工大学", "一楼报告厅")
    file = reader.page.request.get("/tour/E01/event.ics")
    assert "DTSTART:20260318T010000Z" in file.text()
    visitor = walk.person(create_candidate_user(username="visitor", name="顾南枝", email="gu@example.com"))
    visitor.open("/tour/E01/").fill(name="顾南枝", phone="13900000001").press("Register").reads("顾南枝")
    late = walk.person(create_candidate_user(username="late", name="叶听雨", email="ye@example.com"))
    late.open("/tour/E01/").says("All seats are taken.")


def hold_event(walk: Walk) -> None:
    """On the day: checked in by number, once; held; counted."""
    number = EventRegistration.objects.get().number
    desk = walk.desk("events").open("/admin/events/E01/check-in/").fill(number=number).press("Check in")
    desk.reads("顾南枝").fill(number=number).press("Check in").reads("顾南枝")
    desk.open("/admin/events/E01/").press("Record as held")
    assert RecruitingEvent.objects.get().state == "held"
    walk.desk("leader").open("/admin/figures/P1/events_held/").reads("武汉站")


def apply(walk: Walk, email: str, name: str, serial: int) -> Application:
    """Step 4: a candidate signs up by a code, fills in the profile, sees each condition judged and submits."""
    desk = walk.person().open("/account/signup/").fill(contact=email, accept=True)
    desk.press("Send me a code")
    desk.fill(code=newest_code(email)).press("Confirm")
    desk.open("/my/profile/identity/").fill(name=name, id_number=id_number(serial, date(1998, 5, 6)))
    desk.press("Save and continue").fill(political_status="none").press("Save and continue")
    desk.fill(
        level="bachelor", degree="bachelor", school="湘屏大学", major="临床医学", major_code="100201", kind="regular",
        graduated_on="2021-06-30",
    )  # fmt: skip
    desk.press("Add").press("Continue").fill(graduate_kind="unemployed").press("Save and continue")
    desk.open("/positions/EX1/H101/").press("Check my eligibility and apply").press("Apply")
    declare_and_submit(desk)
    row = Application.objects.get(candidate__name=name)
    assert (row.state, row.submitted_at) == ("submitted", on(3, 20))
    return row


def declare_and_submit(desk: Desk) -> None:
    """Nothing on the negative list applies; the pledge is accepted."""
    for field in desk.page.locator("fieldset input[type=radio][value=no]").all():
        field.check()
    desk.page.locator("#id_pledge").check()
    desk.press("Submit").says("Receipt")


def review(walk: Walk, *rows: Application) -> None:
    """Step 5: the unit passes one and returns the other, which is corrected and passed."""
    desk = walk.desk("hospital")
    first, second = rows
    desk.open(f"/admin/review/{first.registration_no}/").press("Pass")
    desk.open(f"/admin/review/{second.registration_no}/")
    desk.fill(reason_code="document_unreadable", reason="请上传学位证书的清晰照片。").press("Return")
    theirs = walk.person(second.candidate.user).open(f"/my/applications/{second.registration_no}/")
    declare_and_submit(theirs.reads("请上传学位证书的清晰照片。").press("Correct and submit again"))
    desk.open(f"/admin/review/{second.registration_no}/").press("Pass")
    assert set(Application.objects.values_list("state", flat=True)) == {"effective"}
