"""Pages of the press, warnings before a release, headings that are barred, and lists of an exam drafted anew."""

import pytest

from recruitment.appointments import domain
from recruitment.publications import domain as press
from recruitment.publications.gate import problems_of
from recruitment.publications.models import Publication

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def calendar_2026(db):
    from campaigns.planning.models import CalendarDay

    CalendarDay.objects.get_or_create(date="2026-01-01", defaults={"is_working": False, "name": "元旦"})


@pytest.mark.parametrize(
    "path",
    [
        "/admin/press/",
        "/admin/press/new/",
        "/admin/press/{p}/",
        "/admin/press/{p}/list.xlsx",
        "/admin/press/{p}/withdraw/",
        "/admin/press/{p}/correct/",
    ],
)
def test_pages_of_the_press_open(exam, hired, client, path):
    client.force_login(exam.office)
    pk = Publication.objects.get(kind="proposed_hires").pk
    assert client.get(path.format(p=pk)).status_code == 200


def test_a_release_warns_of_positions_without_enough_posts(exam, make_position, client):
    position = make_position(headcount_planned=2, headcount_effective=2)
    exam.enter(position, 4)
    exam.claim_posts(position, 1)
    exam.to_totals((120, 110, 100, 90), (90, 85, 80, 75))
    exam.hand_over()
    row = domain.prepare_notice(actor=exam.office, campaign=exam.campaign)
    press.review(actor=exam.second, publication=row)
    client.force_login(exam.second)
    effects = client.get(f"/admin/press/{row.pk}/release/").context["effects"]
    assert "岗位 0101：需占编 2 人，已预留编制 1 个。此时公示将被拒绝。" in effects


def test_a_release_with_enough_posts_warns_of_nothing(exam, make_position, client):
    position = make_position()
    exam.enter(position, 2)
    exam.claim_posts(position, 1)
    exam.to_totals((120, 110), (90, 85))
    exam.hand_over()
    row = domain.prepare_notice(actor=exam.office, campaign=exam.campaign)
    press.review(actor=exam.second, publication=row)
    client.force_login(exam.second)
    effects = client.get(f"/admin/press/{row.pk}/release/").context["effects"]
    assert [line for line in effects if "将被拒绝" in line] == []


@pytest.mark.parametrize(
    ("heading", "is_barred"),
    [
        ("身份证号", True),
        ("联系 电话", True),
        ("出生年月", True),
        ("家庭住址", True),
        ("考点地址", False),
        ("姓名", False),
    ],
)
def test_headings_of_a_notice_name_no_personal_data(exam, heading, is_barred):
    table = [[heading, "备注"], ["甲", "乙"]]
    row = press.prepare_free_notice(actor=exam.clerk, campaign=exam.campaign, title="公告", text="正文", table=table)
    assert [problem.column for problem in problems_of(row)] == ([heading] if is_barred else [])


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_a_list_of_the_exam_is_drafted_anew_whether_out_or_withdrawn(exam, hired, client, is_withdrawn):
    row = Publication.objects.get(kind="scores")
    if is_withdrawn:
        press.withdraw(actor=exam.second, publication=row, reason="成绩有误")
    client.force_login(exam.clerk)
    client.post(f"/admin/press/{row.pk}/correct/")
    assert list(Publication.objects.filter(supersedes=row).values_list("state", flat=True)) == ["draft"]
