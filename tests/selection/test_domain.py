from datetime import date
from decimal import Decimal

import pytest

from accounts.enums import Role
from accounts.models import AuditEntry
from foundation.errors import NotAllowed, Refused
from recruitment.applications.models import Application
from recruitment.panels.domain import lock_panel, recuse, seat_member, unseat_member
from recruitment.panels.models import Panel, ScoreSheet
from recruitment.panels.queries import sheets_left, subjects_for
from recruitment.selection import domain
from recruitment.selection.models import Agreement, SelectionResult
from rulebook.ruleset import profiles
from tests.panelists import close_interview, give, judges, set_rules
from tests.selections import RULES

pytestmark = pytest.mark.django_db

FULL = {"education": "40", "school": "30", "awards": "20", "papers": "10"}


def mark_all(panel, reviewers, marks):
    """`marks`: registration number → (education of reviewer 1, education of reviewer 2); the rest is zero."""
    for subject in panel.subjects.select_related("application"):
        for reviewer, education in zip(reviewers, marks[subject.application.registration_no], strict=True):
            give(reviewer, subject, education=education, school="0", awards="0", papers="0")


def states():
    return dict(Application.objects.values_list("registration_no", "state"))


def test_two_reviewers_marks_become_a_ranking_and_the_first_is_proposed(office, selection, panel, reviewers):
    mark_all(panel, reviewers, {"R1": ("30", "33"), "R2": ("40", "38"), "R3": ("20", "20")})
    lock_panel(actor=office, panel=panel)
    domain.rank_selection(actor=office, campaign=selection)

    rows = SelectionResult.objects.values_list("application__registration_no", "material", "total", "rank")
    assert set(rows) == {
        ("R1", Decimal("31.500"), Decimal("31.500"), 2),
        ("R2", Decimal("39.000"), Decimal("39.000"), 1),
        ("R3", Decimal("20.000"), Decimal("20.000"), 3),
    }
    assert states() == {"R1": "not_selected", "R2": "proposed", "R3": "not_selected"}


def test_a_result_says_how_it_came_about_in_both_languages(office, selection, panel, reviewers):
    mark_all(panel, reviewers, {"R1": ("30", "33"), "R2": ("40", "38"), "R3": ("20", "20")})
    lock_panel(actor=office, panel=panel)
    domain.rank_selection(actor=office, campaign=selection)
    explanation = SelectionResult.objects.get(application__registration_no="R1").explanation
    assert set(explanation) == {"zh", "en"}
    for lines in explanation.values():
        assert "(30.00 + 33.00) ÷ 2" in " ".join(lines)


def test_nobody_is_ranked_while_a_sheet_is_missing(office, selection, panel, reviewers):
    first = panel.subjects.first()
    give(reviewers[0], first, **FULL)
    with pytest.raises(Refused) as refusal:
        lock_panel(actor=office, panel=panel)
    assert "5" in refusal.value.message
    with pytest.raises(Refused):
        domain.rank_selection(actor=office, campaign=selection)
    assert not SelectionResult.objects.exists()
    assert set(states().values()) == {"effective"}


def test_a_tie_across_the_last_place_waits_for_an_extra_test(office, selection, panel, reviewers):
    mark_all(panel, reviewers, {"R1": ("30", "30"), "R2": ("30", "30"), "R3": ("20", "20")})
    lock_panel(actor=office, panel=panel)
    domain.rank_selection(actor=office, campaign=selection)
    waiting = SelectionResult.objects.filter(needs_extra_test=True)
    assert set(waiting.values_list("application__registration_no", "rank")) == {("R1", 1), ("R2", 1)}
    assert states() == {"R1": "ranked", "R2": "ranked", "R3": "not_selected"}


@pytest.mark.parametrize(("ratio", "proposed", "waiting"), [("1", set(), {"R1", "R2"}), ("2", {"R1", "R2"}, set())])
def test_r68_a_tie_within_the_surplus_list_waits_for_no_extra_test(
    office, selection, panel, reviewers, ratio, proposed, waiting
):
    ranking = RULES.ranking.model_copy(update={"surplus_ratio": Decimal(ratio)})
    set_rules(selection, RULES.replaced(ranking=ranking))
    mark_all(panel, reviewers, {"R1": ("30", "30"), "R2": ("30", "30"), "R3": ("20", "20")})
    lock_panel(actor=office, panel=panel)
    domain.rank_selection(actor=office, campaign=selection)
    assert {number for number, state in states().items() if state == "proposed"} == proposed
    tied = SelectionResult.objects.filter(application__registration_no__in=("R1", "R2"))
    assert {row.application.registration_no for row in tied if row.needs_extra_test} == waiting
    assert {"须加试" in " ".join(row.explanation["zh"]) for row in tied} == {bool(waiting)}


@pytest.mark.parametrize(
    "marks",
    [
        {**FULL, "education": "41"},
        {**FULL, "papers": "-1"},
        {"education": "40", "school": "30", "awards": "20"},
        {**FULL, "charm": "5"},
    ],
)
def test_marks_outside_the_criteria_are_refused_and_not_saved(panel, reviewers, marks):
    with pytest.raises(Refused):
        give(reviewers[0], panel.subjects.first(), **marks)
    assert not ScoreSheet.objects.exists()


def test_a_sheet_is_handed_in_once_and_by_members_only(panel, reviewers, staff, office):
    subject = panel.subjects.first()
    give(reviewers[0], subject, **FULL)
    with pytest.raises(Refused) as refusal:
        give(reviewers[0], subject, **FULL)
    assert refusal.value.code == "submitted"
    for outsider in (office, staff(Role.EXPERT, username="stranger")):
        with pytest.raises(NotAllowed):
            give(outsider, subject, **FULL)
    assert ScoreSheet.objects.count() == 1


def test_a_recused_reviewer_gives_no_mark_and_a_reason_is_on_record(panel, reviewers):
    subject = panel.subjects.first()
    recuse(actor=reviewers[0], subject=subject, reason="师生关系")
    with pytest.raises(Refused):
        give(reviewers[0], subject, **FULL)
    assert ScoreSheet.objects.get().total is None
    assert AuditEntry.objects.get(action="panels.recuse").reason == "师生关系"


def test_marks_stay_open_until_a_substitute_marks_the_numbers_left_short_by_a_recusal(
    office, selection, panel, reviewers, staff
):
    mark_two = panel.subjects.get(draw_no=2)
    for subject in panel.subjects.all():
        if subject == mark_two:
            recuse(actor=reviewers[0], subject=subject, reason="师生关系")
        else:
            give(reviewers[0], subject, **FULL)
        give(reviewers[1], subject, **FULL)
    with pytest.raises(Refused) as refusal:
        lock_panel(actor=office, panel=panel)
    assert (refusal.value.code, "2" in refusal.value.message) == ("short", True)
    third = staff(Role.EXPERT, username="third")
    assert seat_member(actor=office, panel=panel, user=third).is_substitute
    with pytest.raises(Refused) as refusal:
        give(third, panel.subjects.get(draw_no=1), **FULL)
    assert refusal.value.code == "not_short"
    assert [(subject.draw_no, sheet) for subject, sheet in subjects_for(third, panel)] == [(2, None)]
    assert sheets_left(third) == 1
    give(third, mark_two, **FULL)
    lock_panel(actor=office, panel=panel)
    domain.rank_selection(actor=office, campaign=selection)
    assert set(SelectionResult.objects.values_list("material", flat=True)) == {Decimal(100)}


def test_sheets_of_who_withdrew_or_was_disqualified_are_not_awaited(office, panel, reviewers, people):
    first, *rest = panel.subjects.order_by("draw_no")
    Application.objects.filter(pk=first.application_id).update(state="withdrawn")
    for subject in rest:
        for reviewer in reviewers:
            give(reviewer, subject, **FULL)
    assert sheets_left(reviewers[0]) == 0
    assert lock_panel(actor=office, panel=panel).locked_at


def test_a_declared_relative_of_an_applicant_is_withdrawn_from_their_number_and_it_is_on_record(
    office, selection, people, reviewers
):
    people["R2"].candidate.relatives.create(relation="spouse", name=reviewers[0].name, employer="县人民医院")
    people["R3"].recusals.create(user=reviewers[1], declared_by=reviewers[1], reason="同学")
    panel = domain.start_panel(actor=office, campaign=selection, purpose="material", judges=reviewers)
    aside = ScoreSheet.objects.filter(is_recused=True).values_list(
        "member__user", "subject__application__registration_no"
    )
    assert set(aside) == {(reviewers[0].pk, "R2"), (reviewers[1].pk, "R3")}
    assert AuditEntry.objects.filter(action="panels.step_aside").count() == 2
    people["R1"].candidate.relatives.create(relation="lineal", name=reviewers[0].name, employer="—")
    with pytest.raises(Refused) as refusal:
        give(reviewers[0], panel.subjects.get(application=people["R1"]), **FULL)
    assert refusal.value.code == "recused"


def test_only_who_holds_the_role_of_a_judge_for_the_unit_is_seated(office, panel, people, staff, make_unit):
    elsewhere = staff(Role.EXPERT, unit=make_unit("X9"), username="elsewhere")
    gone = staff(Role.EXPERT, username="gone", is_active=False)
    for user in (elsewhere, gone, office, people["R1"].candidate.user):
        with pytest.raises(Refused) as refusal:
            seat_member(actor=office, panel=panel, user=user)
        assert refusal.value.code == "not_expert"
    assert panel.members.count() == 2


def test_the_system_account_marks_nobody(panel, system_actor):
    subject = panel.subjects.first()
    for act in (
        lambda: give(system_actor, subject, **FULL),
        lambda: recuse(actor=system_actor, subject=subject, reason="x"),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not ScoreSheet.objects.exists()


def test_the_panel_of_an_interview_is_odd_large_and_partly_from_outside_at_the_draw_and_at_the_lock(
    office, selection, people, staff
):
    rules = profiles.COUNTY_SELECTION.interview.model_copy(update={"external_share": Decimal("0.4")})
    set_rules(selection, profiles.COUNTY_SELECTION.model_copy(update={"interview": rules}))
    eight = judges(staff, 8)

    def start(count, outside):
        return domain.start_panel(
            actor=office, campaign=selection, purpose="interview", judges=eight[:count], external=eight[:outside]
        )

    for count, outside in ((5, 5), (8, 4), (7, 2)):
        with pytest.raises(Refused):
            start(count, outside)
    assert not Panel.objects.exists()
    panel = start(7, 3)
    unseat_member(actor=office, member=panel.members.get(user=eight[6]), reason="病")
    for subject in panel.subjects.all():
        for judge in eight[:6]:
            give(judge, subject, mark="80")
    with pytest.raises(Refused) as refusal:
        lock_panel(actor=office, panel=panel)
    assert refusal.value.code == "composition"
    assert not seat_member(actor=office, panel=panel, user=eight[7]).is_substitute
    for subject in panel.subjects.all():
        give(eight[7], subject, mark="80")
    assert close_interview(office, panel).locked_at


@pytest.mark.parametrize("knob", [True, False])
def test_r63_marks_of_an_interview_close_only_when_each_was_signed_or_the_refusal_noted(
    office, selection, people, staff, client, knob
):
    interview = profiles.COUNTY_SELECTION.interview.model_copy(update={"signed_on_the_spot": knob})
    set_rules(selection, profiles.COUNTY_SELECTION.replaced(interview=interview))
    seven = judges(staff, 7)
    panel = domain.start_panel(actor=office, campaign=selection, purpose="interview", judges=seven)
    for subject in panel.subjects.all():
        for judge in seven:
            give(judge, subject, mark="80")
    client.force_login(office)
    page = f"/admin/panels/{panel.pk}/desk/lock/"
    shown = client.get(page).content.decode()
    assert ("当场签字" in shown, 'name="signed_3"' in shown) == (knob, knob)
    client.post(page, {"act": "keep", "signed_1": "on"})
    client.post(page, {"act": "lock", "signed_1": "on", "signed_2": "on", "refusal_2": "王监督"})
    panel.refresh_from_db()
    assert bool(panel.locked_at) is not knob
    if not knob:
        return
    told = client.post(page, {"act": "lock", "signed_1": "on", "refusal_2": "王监督"}, follow=True).content.decode()
    assert "面试成绩须当场由考生签字；拒绝签字的，由监督员记录。" in told
    client.post(page, {"act": "lock", "signed_1": "on", "refusal_2": "王监督", "signed_3": "on"})
    panel.refresh_from_db()
    assert panel.locked_at
    signed = panel.subjects.order_by("draw_no").values_list("is_signed", "refusal_noted_by")
    assert list(signed) == [(True, ""), (False, "王监督"), (True, "")]


def test_a_panel_needs_the_reviewers_the_rules_ask_for_and_starts_once(office, selection, people, reviewers):
    with pytest.raises(Refused) as refusal:
        domain.start_panel(actor=office, campaign=selection, purpose="material", judges=reviewers[:1])
    assert refusal.value.code == "too_few_judges"
    domain.start_panel(actor=office, campaign=selection, purpose="material", judges=reviewers)
    with pytest.raises(Refused):
        domain.start_panel(actor=office, campaign=selection, purpose="material", judges=reviewers)
    assert Panel.objects.count() == 1


def test_draw_numbers_are_one_to_n_and_show_no_name(panel, people):
    assert sorted(panel.subjects.values_list("draw_no", flat=True)) == [1, 2, 3]
    assert all("考生" not in str(subject) for subject in panel.subjects.all())


def test_an_exam_campaign_is_not_ranked_as_a_selection(office, make_campaign):
    with pytest.raises(Refused) as refusal:
        domain.rank_selection(actor=office, campaign=make_campaign(code="EXAM"))
    assert refusal.value.code == "wrong_track"


def test_an_agreement_is_signed_with_a_proposed_person_only(office, selection, panel, reviewers, people):
    mark_all(panel, reviewers, {"R1": ("30", "33"), "R2": ("40", "38"), "R3": ("20", "20")})
    lock_panel(actor=office, panel=panel)
    domain.rank_selection(actor=office, campaign=selection)
    terms = {"signed_on": date(2026, 5, 8), "service_years": 5}
    winner, loser = (Application.objects.get(registration_no=number) for number in ("R2", "R1"))
    with pytest.raises(Refused):
        domain.sign_agreement(actor=office, application=loser, number="协1号", **terms)
    domain.sign_agreement(actor=office, application=winner, number="协1号", **terms)
    assert list(Agreement.objects.values_list("application__registration_no", flat=True)) == ["R2"]
    assert states()["R2"] == "agreed"
