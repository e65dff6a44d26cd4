"""The press at its screens: who reads, reviews, releases, schedules, corrects; nothing shows outside before."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEntry
from campaigns.planning.models import CalendarDay
from foundation.errors import Refused
from recruitment.appointments.models import Appointment
from recruitment.examinations import domain as exams
from recruitment.publications import domain as press
from recruitment.publications.models import Publication
from recruitment.publications.tasks import release_scheduled_lists
from tests.applicants import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office(settings, db):
    settings.SECOND_FACTOR_REQUIRED = False
    CalendarDay.objects.get_or_create(date="2026-01-01", defaults={"is_working": False, "name": "元旦"})


@pytest.fixture
def draft(exam):
    return press.prepare_free_notice(actor=exam.clerk, campaign=exam.campaign, title="补充通知", text="正文一段")


@pytest.fixture
def as_user(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def at(name, row, *more):
    return reverse(f"press-{name}", args=[row.pk, *more])


def text(answer):
    return answer.content.decode()


def state(row):
    return Publication.objects.get(pk=row.pk).state


def test_a_second_person_reviews_and_releases_and_the_effect_is_told_first(as_user, exam, draft):
    page = as_user(exam.second)
    assert exam.clerk.name in text(page.get(at("act", draft, "review")))
    assert state(draft) == "draft"
    page.post(at("act", draft, "review"))
    assert state(draft) == "reviewed"
    assert "立即对外公布" in text(page.get(at("act", draft, "release")))
    page.post(at("act", draft, "release"))
    draft.refresh_from_db()
    assert (draft.state, draft.sequence, draft.released_by) == ("released", 1, exam.second)
    actions = AuditEntry.objects.filter(action__startswith="publications.").values_list("action", flat=True)
    assert {"publications.review", "publications.release"} <= set(actions)


def test_whoever_prepared_a_list_reads_why_they_cannot_review_it(as_user, exam):
    row = press.prepare_free_notice(actor=exam.office, campaign=exam.campaign, title="通知", text="正文")
    page = as_user(exam.office)
    denied = page.get(at("publication", row)).context["denied"]
    assert [(act.name, bool(reason)) for act, reason in denied] == [("review", True)]
    page.post(at("act", row, "review"))
    assert state(row) == "draft"


def test_people_of_other_offices_and_units_do_not_find_the_press(as_user, exam, draft, staff, make_unit):
    elsewhere = make_unit("X9")
    strangers = [
        staff(Role.TALENT_OFFICE, unit=elsewhere, username="t9"),
        staff(Role.UNIT_HR, username="hr9"),
        staff(Role.LEADER, username="leader9"),
    ]
    for stranger in strangers:
        page = as_user(stranger)
        for url in (at("publication", draft), at("act", draft, "review"), at("correct", draft), at("export", draft)):
            assert (stranger.username, url, page.get(url).status_code) == (stranger.username, url, 404)
        assert page.post(at("act", draft, "release")).status_code == 404
    assert state(draft) == "draft"


def test_what_keeps_a_list_in_is_shown_row_by_row_before_anybody_tries(as_user, exam):
    row = press.prepare(
        actor=exam.clerk, campaign=exam.campaign, kind="other", title="名单",
        columns=[{"code": "note", "label": "备注"}], rows=[["正常"], ["电话13800138001"]],
    )  # fmt: skip
    page = as_user(exam.second)
    shown = text(page.get(at("publication", row)))
    assert ("第 2 行" in shown, "备注" in shown) == (True, True)
    page.post(at("act", row, "review"))
    assert state(row) == "draft"


def test_a_list_is_discarded_and_a_released_one_withdrawn_only_with_a_reason(as_user, exam, draft):
    page = as_user(exam.second)
    page.post(at("act", draft, "discard"), {"reason": " "})
    assert state(draft) == "draft"
    page.post(at("act", draft, "review"))
    page.post(at("act", draft, "release"))
    page.post(at("act", draft, "withdraw"), {"reason": ""})
    assert state(draft) == "released"
    page.post(at("act", draft, "withdraw"), {"reason": "内容有误"})
    draft.refresh_from_db()
    assert (draft.state, draft.withdrawn_by, draft.withdrawal_reason) == ("withdrawn", exam.second, "内容有误")
    page.post(at("act", draft, "discard"), {"reason": "x"})
    assert state(draft) == "withdrawn"


def test_a_scheduled_list_goes_out_at_its_second_and_once(exam, draft, time_machine):
    press.review(actor=exam.second, publication=draft)
    moment = NOW + timedelta(hours=2)
    press.schedule_release(actor=exam.second, publication=draft, at=moment)
    time_machine.move_to(moment - timedelta(seconds=1), tick=False)
    assert release_scheduled_lists() == 0
    time_machine.move_to(moment, tick=False)
    assert (release_scheduled_lists(), release_scheduled_lists()) == (1, 0)
    draft.refresh_from_db()
    assert (draft.state, draft.sequence, draft.released_at) == ("released", 1, moment)


def test_past_hours_are_refused_and_an_hour_can_be_taken_back(exam, draft, time_machine):
    press.review(actor=exam.second, publication=draft)
    with pytest.raises(Refused):
        press.schedule_release(actor=exam.second, publication=draft, at=NOW)
    press.schedule_release(actor=exam.second, publication=draft, at=NOW + timedelta(hours=1))
    press.schedule_release(actor=exam.second, publication=draft, at=None)
    time_machine.move_to(NOW + timedelta(days=1), tick=False)
    assert release_scheduled_lists() == 0


def test_a_scheduled_list_without_posts_stays_in_with_its_reason(exam, make_position, time_machine):
    from recruitment.appointments import domain

    position = make_position(headcount_planned=2, headcount_effective=2)
    exam.enter(position, 4)
    exam.claim_posts(position, 1)
    exam.to_totals((120, 110, 100, 90), (90, 85, 80, 75))
    exam.hand_over()
    row = domain.prepare_notice(actor=exam.office, campaign=exam.campaign)
    press.review(actor=exam.second, publication=row)
    press.schedule_release(actor=exam.second, publication=row, at=NOW + timedelta(hours=1))
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)
    assert release_scheduled_lists() == 0
    row.refresh_from_db()
    assert (row.state, row.release_at, bool(row.release_problem)) == ("reviewed", None, True)


@pytest.mark.parametrize("ends", ["released", "withdrawn"])
def test_people_of_a_notice_are_put_on_the_corrected_one_also_after_a_withdrawal(as_user, exam, hired, ends):
    old = Publication.objects.get(kind="proposed_hires")
    if ends == "withdrawn":
        press.withdraw(actor=exam.second, publication=old, reason="名单有误")
    page = as_user(exam.office)
    assert page.get(at("correct", old)).status_code == 200
    page.post(at("correct", old))
    new = Publication.objects.get(supersedes=old)
    assert len(new.rows) == 2
    exam.put_out(new)
    assert set(Appointment.objects.values_list("notice", flat=True)) == {new.pk}
    assert state(old) == "withdrawn"


def test_lists_of_an_exam_are_corrected_from_todays_marks(as_user, exam, make_position):
    exam.enter(make_position(), 3)
    exam.written(120, 110, 100)
    old = exam.put_out(exams.prepare_scores(actor=exam.clerk, campaign=exam.campaign))
    as_user(exam.clerk).post(at("correct", old))
    assert Publication.objects.get(supersedes=old).kind == "scores"


def test_a_free_notice_is_written_and_waits_for_the_second_person(as_user, exam):
    page = as_user(exam.office)
    told = {
        "campaign": exam.campaign.code,
        "title": "延期通知",
        "text": "第一段\n第二段",
        "table": "岗位\t人数\nA01\t2",
    }
    page.post(reverse("press-notice-new"), {**told, "table": "岗位\t人数\nA01"})
    assert not Publication.objects.exists()
    page.post(reverse("press-notice-new"), told)
    row = Publication.objects.get()
    assert (row.state, row.rows, row.prepared_by) == ("draft", [["A01", "2"]], exam.office)


def test_a_list_is_exported_only_after_its_release(as_user, exam, draft):
    page = as_user(exam.second)
    assert page.get(at("export", draft)).status_code == 404
    exam.put_out(draft)
    assert page.get(at("export", draft)).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_lists_costs_the_same_for_one_and_for_thirty(as_user, exam, django_assert_num_queries, count):
    for number in range(count):
        press.prepare_free_notice(actor=exam.clerk, campaign=exam.campaign, title=f"通知{number}", text="正文")
    page = as_user(exam.second)
    page.get(reverse("press-publications"))
    with django_assert_num_queries(QUERIES):
        page.get(reverse("press-publications"))


QUERIES = 12
