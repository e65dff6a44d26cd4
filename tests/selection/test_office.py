from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEntry
from campaigns.planning.queries import rules_of
from foundation.errors import NotAllowed, Refused
from recruitment.applications.models import Application
from recruitment.panels.models import Panel
from recruitment.publications.models import Publication
from recruitment.selection import domain
from recruitment.selection.models import Agreement, SelectionResult
from tests.panelists import set_rules

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def desk(client, office, selection):
    client.force_login(office)
    return client


@pytest.fixture
def second(staff):
    return staff(Role.TALENT_OFFICE, username="second", name="复核")


def at(name, *more, code="SEL"):
    return reverse(f"selection-{name}" if name else "selection", args=[code, *more])


def text(answer):
    return answer.content.decode()


def states():
    return dict(Application.objects.values_list("registration_no", "state"))


def test_the_home_of_a_selection_says_what_comes_next(desk, people, panel):
    shown = text(desk.get(at("")))
    assert [word for word in ("材料评审", "已交评分表 0 / 6 份", "排名并确定拟引进人选") if word not in shown] == []


def test_a_panel_is_set_up_with_the_judges_chosen_and_the_chair_among_them(desk, selection, people, reviewers):
    url = at("panel", "material")
    one, two = (str(user.pk) for user in reviewers)
    assert "chair" in desk.post(url, {"judges": [one], "chair": two}).context["form"].errors
    assert desk.post(url, {"judges": [one], "chair": one}).context["form"].non_field_errors()
    assert not Panel.objects.exists()
    desk.post(url, {"judges": [one, two], "chair": two})
    panel = Panel.objects.get()
    assert list(panel.members.filter(is_chair=True).values_list("user", flat=True)) == [reviewers[1].pk]
    assert panel.subjects.count() == 3


def test_a_panel_the_rules_do_not_ask_for_does_not_exist(desk, people):
    assert desk.get(at("panel", "interview")).status_code == 404


def test_the_ranking_is_shown_before_it_is_made_and_is_made_as_shown(desk, mark):
    mark(R1=30, R2=38, R3=20)
    shown = desk.get(at("ranking"))
    ranked = [
        (row.application.registration_no, row.rank, row.is_selected) for row in shown.context["ranked"][0].results
    ]
    assert ranked == [("R2", 1, True), ("R1", 2, False), ("R3", 3, False)]
    assert (SelectionResult.objects.count(), set(states().values())) == (0, {"effective"})
    desk.post(at("ranking"))
    saved = SelectionResult.objects.order_by("rank").values_list("application__registration_no", "rank", "is_selected")
    assert list(saved) == ranked
    assert states() == {"R1": "not_selected", "R2": "proposed", "R3": "not_selected"}
    assert "38.00" in text(desk.get(at("")))


def test_open_marks_are_told_instead_of_a_ranking(desk, panel):
    page = desk.get(at("ranking"))
    assert (page.context["ranked"], panel.name in page.context["problem"]) == ([], True)
    desk.post(at("ranking"))
    assert set(states().values()) == {"effective"}


def test_an_extra_test_decides_a_tie_and_another_person_ranks_again(desk, office, second, selection, mark):
    mark(R1=30, R2=30, R3=20)
    desk.post(at("ranking"))
    assert states() == {"R1": "ranked", "R2": "ranked", "R3": "not_selected"}
    assert desk.post(at("extra-test"), {"R1": "101", "R2": "70"}).context["form"].errors
    desk.post(at("extra-test"), {"R1": "70", "R2": "81.5"})
    with pytest.raises(NotAllowed):
        domain.rank_selection(actor=office, campaign=selection)
    domain.rank_selection(actor=second, campaign=selection)
    assert states() == {"R1": "not_selected", "R2": "proposed", "R3": "not_selected"}
    rows = SelectionResult.objects.values_list("application__registration_no", "rank", "extra_test")
    assert set(rows) == {("R2", 1, Decimal("81.50")), ("R1", 2, Decimal("70.00")), ("R3", 3, None)}
    with pytest.raises(Refused) as refusal:
        domain.rank_selection(actor=second, campaign=selection)
    assert refusal.value.code == "decided"


@pytest.mark.parametrize("marks", [{"R1": 70}, {"R1": 70, "R2": 80, "R3": 60}, {"R1": 70, "R2": -1}])
def test_an_extra_test_takes_a_mark_for_each_who_waits_and_for_nobody_else(office, selection, mark, marks):
    mark(R1=30, R2=30, R3=20)
    domain.rank_selection(actor=office, campaign=selection)
    with pytest.raises(Refused):
        domain.record_extra_test(
            actor=office, campaign=selection, marks={key: Decimal(value) for key, value in marks.items()}
        )
    assert not SelectionResult.objects.exclude(extra_test=None).exists()


@pytest.mark.parametrize(("full", "taken"), [(100, False), (120, True)])
def test_the_full_mark_of_an_extra_test_is_a_rule(desk, office, selection, mark, full, taken):
    rules = rules_of(selection)
    ranking = rules.ranking.model_copy(update={"extra_test_full_mark": Decimal(full)})
    set_rules(selection, rules.replaced(ranking=ranking))
    mark(R1=30, R2=30, R3=20)
    domain.rank_selection(actor=office, campaign=selection)
    desk.post(f"/admin/selection/{selection.code}/extra-test/", {"R1": "110", "R2": "80"})
    assert SelectionResult.objects.exclude(extra_test=None).exists() is taken


def test_somebody_who_withdrew_after_the_marking_takes_no_place(office, selection, people, mark):
    mark(R1=30, R2=38, R3=20)
    Application.objects.filter(registration_no="R2").update(state="withdrawn")
    domain.rank_selection(actor=office, campaign=selection)
    assert states() == {"R1": "proposed", "R2": "withdrawn", "R3": "not_selected"}


def test_the_list_goes_to_the_press_as_a_draft_without_names(desk, people, mark):
    mark(R1=30, R2=38, R3=20)
    desk.post(at("ranking"))
    desk.post(at("to-press"))
    draft = Publication.objects.get()
    assert (draft.state, draft.kind, len(draft.rows)) == ("draft", "selection", 3)
    assert not [row for row in people.values() if row.candidate.name in str(draft.rows)]


@pytest.fixture
def proposed(office, selection, mark):
    mark(R1=30, R2=38, R3=20)
    domain.rank_selection(actor=office, campaign=selection)
    return Application.objects.get(registration_no="R2")


TERMS = {"number": "引协1号", "signed_on": "2026-03-20", "service_years": "5", "degree_due_on": "2026-07-31"}


def test_an_agreement_is_entered_with_a_proposed_person_only(desk, proposed):
    assert proposed.candidate.name in text(desk.get(at("agreements")))
    assert desk.get(at("agreement", "R1")).status_code == 404
    answer = desk.post(at("agreement", "R2"), {**TERMS, "service_years": ""})
    assert "service_years" in answer.context["form"].errors
    assert not Agreement.objects.exists()
    desk.post(at("agreement", "R2"), TERMS)
    row = Agreement.objects.get()
    assert (row.number, row.degree_due_on, states()["R2"]) == ("引协1号", date(2026, 7, 31), "agreed")
    assert AuditEntry.objects.filter(action="selection.sign_agreement").count() == 1


def test_a_degree_is_recorded_once_between_the_signature_and_today(desk, proposed):
    desk.post(at("agreement", "R2"), TERMS)
    for day in ("2026-03-19", "2026-03-21", ""):
        desk.post(at("degree", "R2"), {"shown_on": day})
    assert Agreement.objects.get().degree_shown_on is None
    desk.post(at("degree", "R2"), {"shown_on": "2026-03-20"})
    assert Agreement.objects.get().degree_shown_on == date(2026, 3, 20)
    with pytest.raises(Refused):
        domain.record_degree(
            actor=proposed.campaign.created_by, agreement=Agreement.objects.get(), shown_on=date(2026, 3, 20)
        )


def test_hr_of_another_unit_knows_nothing_of_it(client, staff, make_unit, proposed):
    client.force_login(staff(Role.UNIT_HR, unit=make_unit("X9"), username="elsewhere"))
    for name, more in (("", ()), ("agreements", ()), ("agreement", ("R2",))):
        assert (name, client.get(at(name, *more)).status_code) == (name, 404)
    assert client.post(at("degree", "R2"), {"shown_on": "2026-03-20"}).status_code == 404
    assert "SEL" not in text(client.get(reverse("selection-list")))


def test_hr_of_the_unit_signs_agreements_but_sees_no_marks_and_ranks_nobody(client, staff, proposed):
    client.force_login(staff(Role.UNIT_HR, unit=proposed.position.unit, username="unit_hr"))
    assert "38.00" not in text(client.get(at("")))
    assert proposed.candidate.name in text(client.get(at("agreements")))
    for name in ("ranking", "extra-test"):
        assert client.get(at(name)).status_code == 404
    assert client.post(at("to-press")).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_the_pages_ask_the_same_questions_for_one_person_and_for_thirty(
    desk, office, selection, make_position, make_standing, reviewers, django_assert_num_queries, count
):
    from recruitment.panels.domain import lock_panel, submit_sheet
    from tests.selections import sheet_of

    make_standing(make_position(campaign=selection, headcount_planned=count, headcount_effective=count), count)
    panel = domain.start_panel(actor=office, campaign=selection, purpose="material", judges=reviewers)
    for subject in panel.subjects.all():
        for reviewer in reviewers:
            submit_sheet(actor=reviewer, subject=subject, marks=sheet_of(10 + subject.draw_no))
    lock_panel(actor=office, panel=panel)
    desk.get(reverse("selection-list"))
    with django_assert_num_queries(COUNTS["ranking"]):
        desk.get(at("ranking"))
    domain.rank_selection(actor=office, campaign=selection)
    for name in ("", "agreements"):
        with django_assert_num_queries(COUNTS[name]):
            desk.get(at(name))


COUNTS = {"ranking": 19, "": 23, "agreements": 12}
