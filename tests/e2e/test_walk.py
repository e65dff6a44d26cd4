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
from campaigns.establishment.models import EstablishedPost
from campaigns.events.models import EventRegistration, RecruitingEvent
from campaigns.planning.domain import change_rules
from campaigns.planning.models import Campaign
from recruitment.applications.models import Application
from recruitment.appointments.models import Appointment
from recruitment.challenges.models import Bid, Engagement
from recruitment.demo.clock import at
from recruitment.demo.people import id_number
from recruitment.demo.tracks import CHALLENGE_RULES, SELECTION_RULES
from recruitment.examinations.models import MarkBatch
from recruitment.panels.models import Panel
from recruitment.publications.models import Publication
from recruitment.reporting.slot_checks import check_slots
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
        make_programme(walk)
        plan_campaign(walk, "EX1", "第一批公开招考", "county_exam", [*AT, "H101", "临床医师", 1, *ASKED])
        plan_campaign(walk, "SE1", "首批比选引才", "county_selection", [*AT, "H201", "影像医师", 1, *ASKED])
        plan_campaign(walk, "CH1", "首期揭榜挂帅", "open_challenge")
        set_rules(walk)
        for code in ("EX1", "SE1", "CH1"):
            publish_campaign(walk, code)
        the_public_finds_it(walk)
        halves = post_challenge(walk)
    with day(3, 4):
        plan_event(walk)
    with day(3, 18):
        hold_event(walk)
    with day(3, 20):
        lin = apply(walk, "lin@example.com", "林知微", 11)
        su = apply(walk, "su@example.com", "苏砚秋", 12)
        ning = apply(walk, "ning@example.com", "宁听雨", 13, "SE1/H201")
        review(walk, lin, ning, su)
        bid(walk, lin.candidate.user, 280000)
        bid(walk, su.candidate.user, 260000)
    with day(4, 2):
        mark_papers(walk, lin, su)
        select(walk, ning)
        award(walk, halves)
    with day(4, 15):
        interview(walk, lin, su)
    with day(4, 20):
        check(walk, "EX1", lin, "2026-04-20")
        check(walk, "SE1", ning, "2026-04-20")
    with day(5, 12):
        enter(walk, lin, "EX1001")
        enter(walk, ning, "SE1001")
        engage(walk)
        leaders_see_it(walk)


AT = ["县人民医院"]
ASKED = ["本科及以上", "临床医学（100201K）"]


def set_rules(walk: Walk) -> None:
    """Rules that differ from the profiles: the material alone decides, two experts mark bids."""
    office = User.objects.get(username="talent")
    for code, steps in (("SE1", SELECTION_RULES), ("CH1", CHALLENGE_RULES)):
        for step, values in steps:
            change_rules(actor=office, campaign=Campaign.objects.get(code=code), changes={step: values})


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
    desk.press("Show the preview").says("Preview: nothing is saved yet").press("Take the table").says("Done")
    desk.open("/admin/posts/units/H1/").reads("云编核〔2026〕1号")


def make_programme(walk: Walk) -> None:
    """Step 2: the programme with its target."""
    desk = walk.desk("talent").open("/admin/planning/programmes/new/")
    desk.fill(
        code="P1", name="千名急需紧缺人才", target_people=1000, starts_on="2026-01-01", ends_on="2026-12-31",
        envelope="千名人才专项编制", unit="云岫县",
    )  # fmt: skip
    desk.press("Save")
    desk.fill(track="public_exam", people=820, slots=820).press("Set the target").reads("820")


def plan_campaign(walk: Walk, code: str, name: str, profile: str, *positions: list[object]) -> None:
    """Step 2: a campaign with dates and rules, and a position table with its preview."""
    desk = walk.desk("talent").open("/admin/planning/new-campaign/")
    desk.fill(
        programme="千名急需紧缺人才", code=code, name=name, name_en=code, profile=profile, unit="云岫县",
        registration_opens_at="2026-03-19T09:00", registration_closes_at="2026-03-26T18:00",
    )  # fmt: skip
    desk.press("Save").reads(name)
    if positions:
        desk.open(f"/admin/planning/campaigns/{code}/import/")
        desk.fill(file=upload("岗位表.xlsx", ["云岫县2026年岗位表"], HEADER, *positions))
        desk.press("Show the preview").says("Preview: nothing is saved yet").press("Take the table").says("Done")
        desk.open(f"/admin/planning/campaigns/{code}/positions/").reads(*(str(row[1]) for row in positions))


HEADER = ["招聘单位", "岗位代码", "岗位名称", "招聘人数", "学历", "专业"]


def publish_campaign(walk: Walk, code: str) -> None:
    """Step 3: plan, posts, approval and announcement by different people; publication reserves the post."""
    talent, second = walk.desk("talent"), walk.desk("talent2")
    campaign = f"/admin/planning/campaigns/{code}"
    talent.open(f"{campaign}/act/submit/").press("Submit the plan")
    walk.desk("posts").open(f"{campaign}/act/confirm-posts/").press("Confirm the posts")
    second.open(f"{campaign}/act/approve/").fill(document=f"云人社批〔2026〕{code}").press("Approve the plan")
    talent.open(f"{campaign}/announcement/edit/")
    talent.fill(title=f"云岫县2026年{code}公告", body="岗位见附表。").press("Save")
    second.open(f"{campaign}/announcement/").press("Approve the announcement")
    second.open(f"{campaign}/act/publish/").press("Publish")
    assert Campaign.objects.get(code=code).published_at == on(3, 2)


def the_public_finds_it(walk: Walk) -> None:
    """The announcement, the position and the timeline stand on the site and are found by words."""
    reader = walk.person().open("/positions/EX1/H101/").reads("临床医师", "县人民医院")
    reader.open("/search/?q=公告").reads("云岫县2026年EX1公告")


def plan_event(walk: Walk) -> None:
    """Step 8: an event is planned, approved by the talent office and published with its calendar file."""
    desk = walk.desk("events").open("/admin/events/new/")
    desk.fill(
        code="E01", name="武汉站：东湖理工大学专场", city="武汉", university="东湖理工大学", place="一楼报告厅",
        starts_at="2026-03-18T09:00", ends_at="2026-03-18T12:00", capacity=1, budget=30000, campaigns=True,
    )  # fmt: skip
    desk.press("Save").reads("武汉站：东湖理工大学专场")
    page = "/admin/events/event/E01/"
    talent = walk.desk("talent").open(page).press("Approve").says("Next, the university confirms place and time.")
    talent.press("Approve").says("The event is approved.")
    desk.open(page).press("Confirm place and time").fill(document="学校就业中心回函").press("Confirm place and time")
    talent.open(page).press("Publish").press("Publish").says("The event is public.")
    reader = walk.person().open("/tour/E01/").reads("东湖理工大学", "一楼报告厅")
    file = reader.page.request.get("/tour/E01/event.ics")
    assert "DTSTART:20260318T010000Z" in file.text()
    visitor = walk.person(create_candidate_user(username="visitor", name="顾南枝", email="gu@example.com"))
    visitor.open("/tour/E01/").fill(name="顾南枝", phone="13900000001").press("Register").reads("顾南枝")
    late = walk.person(create_candidate_user(username="late", name="叶听雨", email="ye@example.com"))
    late.open("/tour/E01/").says("All seats are taken")


def hold_event(walk: Walk) -> None:
    """On the day: checked in by number, once; held; counted."""
    number = EventRegistration.objects.get().number
    desk = walk.desk("events").open("/admin/events/event/E01/check-in/").fill(number=number).press("Check in")
    desk.reads("顾南枝").fill(number=number).press("Check in").reads("顾南枝")
    desk.open("/admin/events/event/E01/").press("Record as held").press("Record as held")
    assert RecruitingEvent.objects.get().state == "held"
    walk.desk("leader").open("/admin/figures/P1/events_held/").reads("武汉站")


def apply(walk: Walk, email: str, name: str, serial: int, position: str = "EX1/H101") -> Application:
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
    desk.open(f"/positions/{position}/").press("Check my eligibility and apply").press("Apply")
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
    *passed, last = rows
    for row in passed:
        desk.open(f"/admin/review/{row.registration_no}/").press("Pass")
    desk.open(f"/admin/review/{last.registration_no}/")
    desk.fill(reason_code="document_unreadable", reason="请上传学位证书的清晰照片。").press("Return")
    theirs = walk.person(last.candidate.user).open(f"/my/applications/{last.registration_no}/")
    declare_and_submit(theirs.reads("请上传学位证书的清晰照片。").press("Correct and submit again"))
    desk.open(f"/admin/review/{last.registration_no}/").press("Pass")
    assert set(Application.objects.values_list("state", flat=True)) == {"effective"}


def take_marks(walk: Walk, importer: str, locker: str, kind: str, *rows: list[object]) -> None:
    """Marks come in with a preview, and a second person locks them."""
    desk = walk.desk(importer).open(f"/admin/exams/EX1/import/{kind}/")
    desk.fill(file=upload("成绩.xlsx", *rows)).press("Show the preview").says("Preview: nothing is saved yet")
    desk.press("Take the table").says("Done")
    batch = MarkBatch.objects.latest("pk")
    walk.desk(importer).open(f"/admin/exams/EX1/marks/{batch.pk}/lock/").says("You cannot lock these marks.")
    walk.desk(locker).open(f"/admin/exams/EX1/marks/{batch.pk}/lock/").fill(compared=True).press("Lock marks")


def put_out(walk: Walk, desk: Desk) -> Publication:
    """The list whose page the preparer was led to: reviewed by a second person and released."""
    row = Publication.objects.latest("pk")
    assert desk.page.url.endswith(f"/admin/press/{row.pk}/")
    second = walk.desk("talent2").open(f"/admin/press/{row.pk}/review/").press("复核")
    second.open(f"/admin/press/{row.pk}/release/").press("Release now")
    row.refresh_from_db()
    assert row.state == "released"
    return row


def mark_papers(walk: Walk, lin: Application, su: Application) -> None:
    """Step 6 and 7: tickets, written marks, ranking, the list of marks, the shortlist and its list."""
    exam = walk.desk("exam").open("/admin/exams/EX1/tickets/draw/").fill(area="5115", seed="walk")
    exam.press("Show the preview").press("Number the tickets").says("Tickets")
    for row in (lin, su):
        row.refresh_from_db()
    marks = [[lin.ticket_no, 97.6, 88.5], [su.ticket_no, 90, 80]]
    take_marks(walk, "exam", "exam2", "written", ["准考证号", "职测", "综应"], *marks)
    exam.open("/admin/exams/EX1/act/rank/").press("Rank now")
    put_out(walk, exam.open("/admin/exams/EX1/act/list-scores/").press("Hand the list to the press"))
    office = walk.desk("talent").open("/admin/exams/EX1/line/")
    office.fill(value="50", document="云人社发〔2026〕12号", reason="依据成绩分布").press("Set the lowest mark")
    office.press("Compare and confirm").says("You cannot confirm this line.")
    walk.desk("talent2").open("/admin/exams/EX1/line/").press("Compare and confirm").press("Confirm the lowest mark")
    exam.open("/admin/exams/EX1/shortlist/").press("Make this shortlist")
    put_out(walk, exam.open("/admin/exams/EX1/act/list-shortlist/").press("Hand the list to the press"))
    walk.person(lin.candidate.user).open(f"/my/applications/{lin.registration_no}/").reads("62.03")


def interview(walk: Walk, lin: Application, su: Application) -> None:
    """Step 7: the recheck of originals, interview marks, totals, the proposal and the list of totals."""
    unit = walk.desk("hospital").open("/admin/exams/EX1/recheck/")
    unit.fill(person=str(lin.pk)).fill(person=str(su.pk)).press("Record those chosen as passed").press(
        "Record as passed"
    )
    marks = [[lin.ticket_no, 86.4, "是"], [su.ticket_no, 80, "是"]]
    take_marks(walk, "talent", "talent2", "interview", ["准考证号", "面试成绩", "考生签字"], *marks)
    exam = walk.desk("exam").open("/admin/exams/EX1/act/totals/").press("Compute now")
    walk.desk("talent").open("/admin/exams/EX1/proposals/").press("Propose them")
    mine = walk.person(lin.candidate.user)
    mine.open(f"/my/applications/{lin.registration_no}/").reads_nothing_of("74.22")
    put_out(walk, exam.open("/admin/exams/EX1/act/list-totals/").press("Hand the list to the press"))
    mine.open(f"/my/applications/{lin.registration_no}/").reads("74.22")
    assert [row.state for row in (_again(lin), _again(su))] == ["proposed", "not_selected"]


def _again(row: Application) -> Application:
    return Application.objects.get(pk=row.pk)


def check(walk: Walk, campaign: str, row: Application, day_of: str) -> Publication:
    """Step 7: taken over, medical exam, inspection, and the list of proposed hires that starts the notice."""
    talent = walk.desk("talent").open(f"/admin/appointments/take-over/{campaign}/").press("Take over")
    appointment = Appointment.objects.get(application=row)
    told = {"conclusion": "passed", "performed_on": day_of}
    medical = walk.desk("medical").open(f"/admin/appointments/{appointment.pk}/medical/")
    medical.fill(**told, institution="市第一人民医院", hospital_grade="三级甲等").press("Record the medical exam")
    talent.open(f"/admin/appointments/{appointment.pk}/inspection/")
    told |= {"institution": "第一考察组", "inspectors": "程立\n白露"}
    if talent.page.locator("[name=reference]").count():  # where the rules ask the university
        told["reference"] = "湘屏大学复函"
    talent.fill(**told).press("Record the inspection")
    return put_out(walk, talent.open(f"/admin/appointments/list/{campaign}/").press("Prepare the list"))


def enter(walk: Walk, row: Application, number: str) -> None:
    """Step 7: approval after the notice, and the entry that uses exactly one post."""
    appointment = Appointment.objects.get(application=row)
    second = walk.desk("talent2").open(f"/admin/appointments/{appointment.pk}/approve/")
    second.fill(approval_number=f"云人聘〔2026〕{number}").press("Approve")
    posts = walk.desk("posts").open(f"/admin/appointments/{appointment.pk}/enter/")
    posts.fill(ledger_number=f"SM{number}").press("Enter on the post")
    appointment.refresh_from_db()
    assert (appointment.state, appointment.post.state) == ("on_post", "used")
    mine = walk.person(row.candidate.user).open(f"/my/applications/{row.registration_no}/")
    assert mine.page.locator(".timeline li.is-next").count() == 0


def give_marks(walk: Walk, judges: tuple[str, ...], panel: Panel, *by_number: tuple[str, ...]) -> None:
    """Each judge marks each number and hands the sheet in; the office closes the marks."""
    for judge in judges:
        desk = walk.desk(judge).open(f"/admin/panels/{panel.pk}/")
        for number, marks in enumerate(by_number, start=1):
            desk.open(f"/admin/panels/{panel.pk}/{number}/")
            desk.fill(**{f"mark_{place}": mark for place, mark in enumerate(marks)}).press("Check and hand in")
            desk.press("Hand in, final")
    walk.desk("talent").open(f"/admin/panels/{panel.pk}/desk/lock/").press("Close the marks")
    panel.refresh_from_db()
    assert panel.locked_at is not None


def select(walk: Walk, row: Application) -> None:
    """Step 9: two reviewers mark the material, the ranking is shown and made, the agreement is entered."""
    desk = walk.desk("talent").open("/admin/selection/SE1/panel/material/")
    experts = [str(User.objects.get(username=name).pk) for name in ("expert1", "expert2")]
    for expert in experts:
        desk.page.locator(f"[name=judges][value='{expert}']").check()
    desk.fill(chair=experts[0]).press("Set up the panel and draw")
    give_marks(walk, ("expert1", "expert2"), Panel.objects.get(campaign__code="SE1"), ("35", "25", "10", "5"))
    desk.open("/admin/selection/SE1/ranking/").press("Make the ranking")
    put_out(walk, desk.open("/admin/selection/SE1/").press("Hand the list to the press"))
    desk.open(f"/admin/selection/SE1/agreements/{row.registration_no}/")
    desk.fill(number="引协〔2026〕1号", signed_on="2026-04-02", service_years=5).press("Enter the agreement")
    assert _again(row).state == "agreed"


def post_challenge(walk: Walk) -> list[str]:
    """Step 9: a need is described, confirmed by another, sealed by two key halves, and put on the board."""
    desk = walk.desk("hospital").open("/admin/challenges/new/")
    desk.fill(
        campaign="首期揭榜挂帅", unit="县人民医院", code="CH1-1", title="远程影像质控", problem="基层影像重拍率高。",
        indicators="重拍率降到 3% 以下。", budget=300000, days_per_year=60, ends_on="2027-12-31",
    )  # fmt: skip
    desk.press("Save")
    talent, second = walk.desk("talent"), walk.desk("talent2")
    talent.open("/admin/challenges/CH1-1/confirm/").press("Confirm the need")
    halves = []
    for officer in (talent, second):
        officer.open("/admin/challenges/CH1-1/key/").press("Make it and show it once")
        halves.append(officer.page.locator("#half").inner_text())
    talent.open("/admin/challenges/CH1-1/publish/").press("Put it on the board")
    return halves


def bid(walk: Walk, user: User, quote: int) -> None:
    """Step 9: a bidder hands in a sealed bid on a telephone."""
    walk.person().open("/challenges/CH1-1/").reads("远程影像质控")
    mine = walk.person(user).open("/my/challenges/CH1-1/bid/")
    mine.fill(home_unit="东湖理工大学", team="教授一人，博士二人。", plan="分三个阶段完成。", quote=quote)
    mine.fill(independent=True, stays_outside=True, own_work=True).press("Seal and hand in")
    mine.reads(Bid.objects.latest("pk").number)


def award(walk: Walk, halves: list[str]) -> None:
    """Step 9: opened by both officers, checked, marked by two experts, awarded, and put under notice."""
    talent, second = walk.desk("talent"), walk.desk("talent2")
    for officer, half in zip((talent, second), halves, strict=True):
        officer.open("/admin/challenges/CH1-1/hand-in/").fill(secret=half).press("Hand in my key half")
    talent.open("/admin/challenges/CH1-1/open/").press("Open all bids")
    for row in Bid.objects.order_by("pk"):
        talent.open(f"/admin/challenges/CH1-1/bids/{row.number}/").reads("分三个阶段完成。").press("Accept")
    talent.open("/admin/challenges/CH1-1/review/")
    experts = [str(User.objects.get(username=name).pk) for name in ("expert1", "expert2")]
    for expert in experts:
        talent.page.locator(f"[name=experts][value='{expert}']").check()
    talent.fill(chair=experts[0]).press("Start the review")
    give_marks(walk, ("expert1", "expert2"), Panel.objects.get(campaign__code="CH1"), ("92",) * 3, ("80",) * 3)
    talent.open("/admin/challenges/CH1-1/award/").fill(decision="云才领纪〔2026〕3号").press("Award")
    talent.open("/admin/challenges/CH1-1/notice/").press("Prepare the notice")
    talent.open(f"/admin/press/{Publication.objects.latest('pk').pk}/")
    put_out(walk, talent)


def engage(walk: Walk) -> None:
    """Step 9: after the notice the agreement makes an engagement; no post is used by it."""
    walk.desk("talent").open("/admin/challenges/CH1-1/sign/").fill(number="柔引〔2026〕1号").press(
        "Enter the agreement"
    )
    assert Engagement.objects.get().bid.state == "awarded"


def leaders_see_it(walk: Walk) -> None:
    """Each number on the leaders' screen opens to its list."""
    desk = walk.desk("leader").open("/admin/figures/").reads("千名急需紧缺人才")
    for key, count in {"posts_used": 2, "people_appointed": 2, "people_engaged": 1, "events_held": 1}.items():
        desk.open(f"/admin/figures/P1/{key}/")
        assert (key, desk.page.locator(".office-page tbody tr").count()) == (key, count)
    assert check_slots() == []
    assert EstablishedPost.objects.filter(envelope__code="E1239", state="used").count() == 2
