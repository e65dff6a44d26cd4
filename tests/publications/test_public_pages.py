"""Who stands on the list of totals, and how long a list stays on the public page: both by the rules."""

from datetime import timedelta

import pytest
from django.urls import reverse

from campaigns.planning.models import CalendarDay
from foundation.errors import Refused
from recruitment.applications.models import Application
from recruitment.examinations import domain as exams
from recruitment.examinations.queries import score_ledger
from recruitment.publications import domain as press
from recruitment.publications.gate import problems_of
from recruitment.publications.models import PublicationEntry, PublicationKind
from recruitment.publications.queries import on_the_page, released
from rulebook.explanation import Explanation
from rulebook.publication import page_stays
from rulebook.ruleset.hiring import PublicationRules
from tests.applicants import NOW, set_knobs
from tests.examiners import ticket

pytestmark = pytest.mark.django_db
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def called(exam, make_position, request):
    """Three called to the interview, of whom the last does not come, or is caught cheating."""
    position = make_position("0201", headcount_planned=2, headcount_effective=2, shortlist_ratio=2)
    exam.enter(position, 3)
    exam.written(120, 110, 100)
    exam.put_out(exams.prepare_scores(actor=exam.clerk, campaign=exam.campaign))
    exam.shortlist()
    exam.put_out(exams.prepare_shortlist(actor=exam.clerk, campaign=exam.campaign))
    exam.interviews("80", "85", getattr(request, "param", ""))
    exam.propose()
    return exam


def prepared(exam):
    return exams.prepare_totals(actor=exam.clerk, campaign=exam.campaign)


@pytest.mark.parametrize(("shown", "listed"), [(True, {0, 1, 2}), (False, {0, 1})])
def test_whether_absent_people_stand_on_the_list_of_totals_is_a_rule(called, shown, listed):
    set_knobs(called.campaign, publication={"absent_shown": shown})
    totals = called.put_out(prepared(called))
    assert {row[0] for row in totals.rows} == {ticket(number) for number in listed}
    absent = Application.objects.get(pk=called.people[2].pk)
    assert len(score_ledger(absent)) == 2, "who did not come is told either way"


@pytest.mark.parametrize(("shown", "left_out"), [(True, [1, 2]), (False, [1])])
def test_the_gate_misses_the_absent_only_where_the_rules_list_them(called, shown, left_out):
    set_knobs(called.campaign, publication={"absent_shown": shown})
    totals = prepared(called)
    PublicationEntry.objects.filter(publication=totals, application__in=called.people[1:]).delete()
    numbers = sorted(called.people[number].registration_no for number in left_out)
    said = [Explanation("list.omitted", {"person": number}).text("zh") for number in numbers]
    assert [problem.message for problem in problems_of(totals)] == said
    with pytest.raises(Refused):
        press.review(actor=called.second, publication=totals)


@pytest.mark.parametrize("called", ["违纪"], indirect=True)
def test_a_mark_withheld_for_misconduct_is_no_absence(called):
    set_knobs(called.campaign, publication={"absent_shown": False})
    assert {row[0] for row in prepared(called).rows} == {ticket(number) for number in range(3)}


@pytest.fixture
def put_out(exam, position):
    """A released list of one kind that names one person, or a notice in words."""

    def act(kind):
        if kind == PublicationKind.OTHER:
            draft = press.prepare_free_notice(actor=exam.clerk, campaign=exam.campaign, title="通知", text="改期。")
        else:
            [person] = exam.enter(position, 1)
            draft = press.prepare(
                actor=exam.clerk, campaign=exam.campaign, kind=kind, title="笔试成绩",
                columns=[{"code": "ticket", "label": "准考证号"}], rows=[["05115010101"]], entries={1: person.pk},
            )  # fmt: skip
        return exam.put_out(draft)

    return act


@pytest.fixture
def as_user(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def addresses(publication):
    return [reverse(name, args=[publication.pk]) for name in ("notice", "notice-sheet")]


@pytest.mark.parametrize("days", [3, 30])
def test_a_list_of_people_comes_down_after_the_days_of_the_rules(client, exam, put_out, days, time_machine):
    set_knobs(exam.campaign, publication={"page_life_days": days})
    row = put_out(PublicationKind.SCORES)
    time_machine.move_to(NOW + days * DAY - SECOND, tick=False)
    assert [client.get(url).status_code for url in addresses(row)] == [200, 200]
    assert row.title in client.get(reverse("notices")).content.decode()
    time_machine.move_to(NOW + days * DAY, tick=False)
    assert [client.get(url).status_code for url in addresses(row)] == [410, 410]
    assert row.title not in client.get(reverse("notices")).content.decode()
    assert (list(on_the_page()), list(released())) == ([], [row]), "it stays released, for the chain and the rooms"
    why = page_stays(NOW + days * DAY, NOW, None, PublicationRules(page_life_days=days)).explanation
    for language, header in (("zh", "zh-hans"), ("en", "en")):
        client.cookies["django_language"] = header
        for url in addresses(row):
            page = client.get(url).content.decode()
            assert (why.text(language) in page, "05115010101" in page) == (True, False)


def test_a_notice_in_words_stays(client, exam, put_out, time_machine):
    row = put_out(PublicationKind.OTHER)
    time_machine.move_to(NOW + 400 * DAY, tick=False)
    assert client.get(addresses(row)[0]).status_code == 200
    assert list(on_the_page()) == [row]


def test_the_days_run_from_the_end_of_the_notice_period(exam, put_out, time_machine):
    set_knobs(exam.campaign, publication={"page_life_days": 2})
    CalendarDay.objects.get_or_create(date="2026-01-01", defaults={"is_working": False, "name": "元旦"})
    row = put_out(PublicationKind.AWARD)
    ends = row.notice_ends_at + 2 * DAY
    for at, shown in ((ends - SECOND, [row]), (ends, [])):
        time_machine.move_to(at, tick=False)
        assert list(on_the_page()) == shown


def test_staff_read_a_list_that_has_come_down(client, exam, put_out, as_user, time_machine):
    row = put_out(PublicationKind.SCORES)
    time_machine.move_to(NOW + 31 * DAY, tick=False)
    page = as_user(exam.office).get(reverse("press-publication", args=[row.pk])).content.decode()
    why = page_stays(NOW + 31 * DAY, NOW, None, PublicationRules()).explanation.text("zh")
    assert ("05115010101" in page, why in page) == (True, True)


def test_what_is_still_public_costs_the_same_for_one_list_and_for_many(
    exam, put_out, django_assert_num_queries, make_campaign
):
    row = put_out(PublicationKind.SCORES)
    for many in (False, True):
        if many:
            for number in range(3):
                campaign = make_campaign(f"C{number + 10}")
                row.pk, row.campaign, row.sequence = None, campaign, number + 50
                row.save(force_insert=True)
        with django_assert_num_queries(3):
            list(on_the_page())
