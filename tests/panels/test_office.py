import json
import re

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEntry
from recruitment.applications.models import Application
from recruitment.panels.domain import lock_panel, recuse, seat_member, submit_sheet
from recruitment.panels.models import Panel, PanelMember, ScoreSheet
from rulebook.draw import draw
from tests.selections import sheet_of

pytestmark = pytest.mark.django_db
MARKS = {"mark_0": "30", "mark_1": "20", "mark_2": "10", "mark_3": "5.5", "comment": "材料齐全"}


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def judge(client, panel, reviewers):
    client.force_login(reviewers[0])
    return client


def sheet_url(panel, number=1):
    return reverse("panels-sheet", args=[panel.pk, number])


def text(answer):
    return answer.content.decode()


def test_a_judge_sees_numbers_and_never_a_name(judge, panel, people):
    pages = [reverse("panels-mine"), reverse("panels-marking", args=[panel.pk]), sheet_url(panel)]
    shown = "".join(text(judge.get(page)) for page in pages)
    named = [row for row in people.values() if re.search(rf"{row.candidate.name}|\b{row.registration_no}\b", shown)]
    assert (named, "学历学位" in shown) == ([], True)


def test_the_material_is_read_without_name_number_or_phone(judge, panel):
    subject = panel.subjects.get(draw_no=1)
    note = "本人考生甲，电话13800138001，曾获奖两次。"
    snapshot = {
        "profile": {"name": "考生甲", "educations": [{"level": "master", "school": "湘屏大学", "major": "护理学"}]},
        "form": {"note": note},
    }
    Application.objects.filter(pk=subject.application_id).update(snapshot=json.dumps(snapshot))
    shown = text(judge.get(sheet_url(panel)))
    assert [word for word in ("湘屏大学", "护理学", "曾获奖两次") if word not in shown] == []
    assert [word for word in ("考生甲", "13800138001") if word in shown] == []


def test_a_sheet_is_shown_with_its_total_before_it_is_final(judge, panel, reviewers):
    page = judge.post(sheet_url(panel), MARKS)
    assert ("65.50" in text(page), ScoreSheet.objects.count()) == (True, 0)
    assert "30" in text(judge.post(sheet_url(panel), {**MARKS, "act": "change"}))
    assert not ScoreSheet.objects.exists()
    answer = judge.post(sheet_url(panel), {**MARKS, "act": "submit"})
    sheet = ScoreSheet.objects.get()
    assert (sheet.member.user, str(sheet.total), sheet.comment) == (reviewers[0], "65.500", "材料齐全")
    assert answer.url == sheet_url(panel, 2)
    assert AuditEntry.objects.get(action="panels.submit_sheet").actor == reviewers[0]


def test_a_sheet_that_was_handed_in_is_only_shown(judge, panel):
    judge.post(sheet_url(panel), {**MARKS, "act": "submit"})
    judge.post(sheet_url(panel), {**MARKS, "mark_0": "1", "act": "submit"})
    assert str(ScoreSheet.objects.get().total) == "65.500"
    assert "<form" not in text(judge.get(sheet_url(panel))).split('id="main"')[1]


@pytest.mark.parametrize("wrong", [{"mark_0": "40.5"}, {"mark_1": "-1"}, {"mark_2": ""}, {"mark_3": "zehn"}])
def test_a_wrong_mark_is_named_at_its_field_and_nothing_is_saved(judge, panel, wrong):
    answer = judge.post(sheet_url(panel), {**MARKS, **wrong, "act": "submit"})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, set(wrong))
    assert not ScoreSheet.objects.exists()


def test_a_judge_withdraws_from_a_number_with_a_reason(judge, panel):
    url = reverse("panels-recuse", args=[panel.pk, 1])
    judge.post(url, {"reason": " "})
    assert not ScoreSheet.objects.exists()
    judge.post(url, {"reason": "师生关系"})
    assert ScoreSheet.objects.get().is_recused
    assert "师生关系" in text(judge.get(sheet_url(panel)))


def test_another_judges_panel_does_not_exist(client, panel, staff):
    client.force_login(staff(Role.EXPERT, username="stranger"))
    for url in (reverse("panels-marking", args=[panel.pk]), sheet_url(panel), reverse("panels-panel", args=[panel.pk])):
        assert (url, client.get(url).status_code) == (url, 404)
    assert client.post(reverse("panels-recuse", args=[panel.pk, 1]), {"reason": "x"}).status_code == 404
    assert not ScoreSheet.objects.exists()


def test_the_talent_office_of_another_unit_finds_no_panel(client, panel, staff, make_unit):
    client.force_login(staff(Role.TALENT_OFFICE, unit=make_unit("X9"), username="elsewhere"))
    for name in ("panels-panel", "panels-lock"):
        assert client.get(reverse(name, args=[panel.pk])).status_code == 404
    assert panel.name not in text(client.get(reverse("panels-mine")))


def test_the_office_closes_the_marks_once_every_sheet_is_in(client, office, panel, reviewers):
    client.force_login(office)
    lock = reverse("panels-lock", args=[panel.pk])
    client.post(lock)
    panel.refresh_from_db()
    assert panel.locked_at is None
    for subject in panel.subjects.all():
        for reviewer in reviewers:
            submit_sheet(actor=reviewer, subject=subject, marks=sheet_of(30))
    assert "6" in text(client.get(lock))
    client.post(lock)
    panel.refresh_from_db()
    assert panel.locked_at is not None
    assert "30.00" in text(client.get(reverse("panels-panel", args=[panel.pk])))


def test_marks_are_not_shown_to_the_office_before_they_are_closed(client, office, panel, reviewers):
    submit_sheet(actor=reviewers[0], subject=panel.subjects.first(), marks=sheet_of(37))
    client.force_login(office)
    assert "37.00" not in text(client.get(reverse("panels-panel", args=[panel.pk])))


def test_an_auditor_reads_a_panel_and_can_change_nothing(client, panel, staff):
    client.force_login(staff(Role.AUDITOR, username="auditor"))
    assert client.get(reverse("panels-panel", args=[panel.pk])).status_code == 200
    assert client.post(reverse("panels-lock", args=[panel.pk])).status_code == 404


def test_a_judge_leaves_the_panel_only_before_the_first_sheet(client, office, panel, reviewers):
    client.force_login(office)
    first, second = panel.members.order_by("pk")
    submit_sheet(actor=reviewers[0], subject=panel.subjects.first(), marks=sheet_of(30))
    for member in (first, second):
        client.post(reverse("panels-unseat", args=[panel.pk, member.pk]), {"reason": "出差"})
    assert list(PanelMember.objects.all()) == [first]
    assert AuditEntry.objects.get(action="panels.unseat_member").reason == "出差"


def test_what_waits_is_told_to_the_judge_and_to_the_office(client, office, panel, reviewers, staff):
    home = reverse("wagtailadmin_home")
    client.force_login(reviewers[0])
    assert "待提交的评分表" in text(client.get(home))
    for subject in panel.subjects.all():
        for reviewer in reviewers:
            submit_sheet(actor=reviewer, subject=subject, marks=sheet_of(30))
    assert "待提交的评分表" not in text(client.get(home))
    client.force_login(office)
    assert "可锁定评分的评审组" in text(client.get(home))


def test_the_office_seats_a_substitute_for_a_number_somebody_withdrew_from(client, office, panel, reviewers, staff):
    third = staff(Role.EXPERT, username="third", name="候补评委")
    recuse(actor=reviewers[0], subject=panel.subjects.get(draw_no=2), reason="亲属")
    client.force_login(office)
    url = reverse("panels-seat", args=[panel.pk])
    assert client.get(url).context["short"] == [2]
    assert client.post(url, {"user": reviewers[0].pk}).context["form"].errors
    client.post(url, {"user": third.pk, "is_external": "on"})
    seated = panel.members.values_list("user", "is_substitute", "is_external")
    assert seated.get(is_substitute=True) == (third.pk, True, True)
    client.force_login(staff(Role.AUDITOR, username="auditor2"))
    assert client.get(url).status_code == 404


def test_the_office_finds_a_panel_among_many_page_by_page(client, office, selection):
    Panel.objects.bulk_create(
        [Panel(campaign=selection, name=f"评审{number:02d}", purpose="material") for number in range(31)]
    )
    client.force_login(office)
    url = reverse("panels-mine")
    assert [len(client.get(url, {"page": page}).context["page"]) for page in (1, 2)] == [30, 1]
    assert [panel.name for panel in client.get(url, {"q": "评审07"}).context["page"]] == ["评审07"]
    assert "没有符合条件的评审组" in text(client.get(url, {"q": "查无此组"}))


def test_closed_marks_stand_under_their_judge_with_the_mean_explained(client, office, panel, reviewers):
    panel.members.filter(user=reviewers[0]).update(is_chair=False)
    panel.members.filter(user=reviewers[1]).update(is_chair=True)
    for subject in panel.subjects.all():
        submit_sheet(actor=reviewers[0], subject=subject, marks=sheet_of(30))
        submit_sheet(actor=reviewers[1], subject=subject, marks=sheet_of(33))
    lock_panel(actor=office, panel=panel)
    client.force_login(office)
    page = client.get(reverse("panels-panel", args=[panel.pk]))
    number, totals, mark, steps = page.context["results"][0]
    assert (number, totals, mark) == (1, ["33.00", "30.00"], "31.50")
    assert "÷ 2" in steps[0]


@pytest.mark.parametrize("count", [1, 30])
def test_the_lists_ask_the_same_questions_for_one_number_and_for_thirty(
    client, office, selection, make_position, make_standing, reviewers, django_assert_num_queries, count
):
    from recruitment.selection import domain

    make_standing(make_position(campaign=selection), count)
    panel = domain.start_panel(actor=office, campaign=selection, purpose="material", judges=reviewers)
    client.force_login(reviewers[0])
    client.get(reverse("panels-mine"))
    with django_assert_num_queries(LISTS["marking"]):
        client.get(reverse("panels-marking", args=[panel.pk]))
    client.force_login(office)
    client.get(reverse("panels-mine"))
    with django_assert_num_queries(LISTS["panel"]):
        client.get(reverse("panels-panel", args=[panel.pk]))


LISTS = {"marking": 13, "panel": 22}


def sheets_told(panel):
    from recruitment.panels.queries import with_progress

    row = with_progress([panel])[0]
    return row.handed_in, row.due


def test_sheets_to_come_count_a_substitute_only_where_marks_lack(office, panel, reviewers, staff):
    assert sheets_told(panel) == (0, 6)
    first, second, third = panel.subjects.order_by("draw_no")
    recuse(actor=reviewers[0], subject=first, reason="同学")
    assert sheets_told(panel) == (1, 7)
    stand_in = staff(Role.EXPERT, username="stand_in")
    seat_member(actor=office, panel=panel, user=stand_in)
    assert sheets_told(panel) == (1, 7)
    for subject in (second, third):
        submit_sheet(actor=reviewers[0], subject=subject, marks=sheet_of(20))
    for subject in (first, second, third):
        submit_sheet(actor=reviewers[1], subject=subject, marks=sheet_of(20))
    submit_sheet(actor=stand_in, subject=first, marks=sheet_of(20))
    assert sheets_told(panel) == (7, 7)


@pytest.mark.parametrize("count", [1, 5])
def test_what_waits_costs_the_same_for_one_panel_and_for_five(
    office, selection, people, reviewers, staff, django_assert_num_queries, count
):
    from recruitment.panels.domain import create_panel, draw_subjects
    from recruitment.panels.wagtail_hooks import open_sheets

    stand_in = staff(Role.EXPERT, username="stand_in")
    for number in range(count):
        panel = create_panel(actor=office, campaign=selection, name=f"组{number}", purpose="material")
        for reviewer in reviewers:
            seat_member(actor=office, panel=panel, user=reviewer)
        draw_subjects(actor=office, panel=panel, applications=list(people.values()))
        recuse(actor=reviewers[0], subject=panel.subjects.first(), reason="同学")
        seat_member(actor=office, panel=panel, user=stand_in)
    for person, queries in ((office, TODOS["office"]), (reviewers[0], TODOS["judge"]), (stand_in, TODOS["judge"])):
        open_sheets(person)
        with django_assert_num_queries(queries):
            found = {str(item.label): item.count for item in open_sheets(person)}
        sheets = {office: 0, reviewers[0]: 2 * count, stand_in: count}[person]
        assert found["待提交的评分表"] == sheets


TODOS = {"office": 6, "judge": 7}


def test_the_draw_can_be_repeated_from_the_seed_in_the_audit_trail(office, selection, people):
    from recruitment.panels.domain import create_panel, draw_subjects

    panel = create_panel(actor=office, campaign=selection, name="组", purpose="material")
    drawn = draw_subjects(actor=office, panel=panel, applications=list(people.values()))
    seed = AuditEntry.objects.get(action="panels.draw_subjects").after["seed"]
    again = draw([person.registration_no for person in people.values()], 1, seed)
    assert {one.application.registration_no: one.draw_no for one in drawn} == {
        number: place.order for number, place in again.items()
    }
    other = create_panel(actor=office, campaign=selection, name="另一组", purpose="material")
    draw_subjects(actor=office, panel=other, applications=list(people.values()))
    seeds = [entry.after["seed"] for entry in AuditEntry.objects.filter(action="panels.draw_subjects")]
    assert len(set(seeds)) == 2
