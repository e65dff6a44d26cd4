"""The rules of a selection that its screens alone would not show: parts, ties, recusal, competition."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEntry
from foundation.errors import Refused
from recruitment.applications.models import Application
from recruitment.panels.domain import lock_panel, submit_sheet
from recruitment.panels.models import Subject
from recruitment.selection import domain
from recruitment.selection.models import SelectionResult
from recruitment.selection.wagtail_hooks import waiting
from rulebook.ruleset import profiles
from rulebook.ruleset.examination import TotalPart, TotalRules
from tests.panelists import close_interview, judges, set_rules
from tests.selections import sheet_of

pytestmark = pytest.mark.django_db
BOTH = profiles.COUNTY_SELECTION.model_copy(
    update={
        "total": TotalRules(
            parts=(
                TotalPart(name="material", weight=Decimal("0.3")),
                TotalPart(name="interview", weight=Decimal("0.7")),
            )
        )
    }
)


def states():
    return dict(Application.objects.values_list("registration_no", "state"))


def mark_interview(office, campaign, seven, **marks):
    """All seven judges give each number the same mark, and the marks are closed."""
    panel = domain.start_panel(actor=office, campaign=campaign, purpose="interview", judges=seven)
    for subject in panel.subjects.select_related("application"):
        for judge in seven:
            mark = Decimal(marks[subject.application.registration_no])
            submit_sheet(actor=judge, subject=subject, marks={"mark": mark})
    return close_interview(office, panel)


@pytest.mark.parametrize("lined", [False, True])
def test_nobody_is_ranked_before_the_interview_that_counts_or_has_a_line(office, selection, people, staff, lined):
    """`lined`: the interview is no part of the total but has a pass line, which alone is enough."""
    total = TotalRules(parts=(TotalPart(name="material", weight=Decimal(1)),)) if lined else BOTH.total
    set_rules(selection, BOTH.model_copy(update={"total": total}))
    seven = judges(staff, 7)
    panel = domain.start_panel(actor=office, campaign=selection, purpose="material", judges=seven[:2])
    for subject in panel.subjects.all():
        for judge in seven[:2]:
            submit_sheet(actor=judge, subject=subject, marks=sheet_of(10 + subject.draw_no))
    lock_panel(actor=office, panel=panel)
    with pytest.raises(Refused) as refusal:
        domain.rank_selection(actor=office, campaign=selection)
    assert refusal.value.code == "unmarked"
    assert set(states().values()) == {"effective"}
    assert waiting(office)[0].count == 0
    mark_interview(office, selection, seven, R1=80, R2=90, R3=70)
    assert waiting(office)[0].count == 1
    domain.rank_selection(actor=office, campaign=selection)
    assert sorted(states().values()) == ["not_selected", "not_selected", "proposed"]


def test_an_extra_test_decides_a_tie_where_the_chain_names_material_nobody_was_marked_in(
    office, selection, people, staff
):
    set_rules(selection, profiles.COUNTY_SELECTION)
    mark_interview(office, selection, judges(staff, 7), R1=85, R2=85, R3=75)
    domain.rank_selection(actor=office, campaign=selection)
    assert states() == {"R1": "ranked", "R2": "ranked", "R3": "not_selected"}
    domain.record_extra_test(actor=office, campaign=selection, marks={"R1": Decimal(90), "R2": Decimal(60)})
    domain.rank_selection(actor=staff(Role.TALENT_OFFICE, username="second"), campaign=selection)
    assert states() == {"R1": "proposed", "R2": "not_selected", "R3": "not_selected"}


@pytest.mark.parametrize(("votes", "end"), [(5, "proposed"), (4, "not_selected")])
def test_who_had_no_competition_needs_two_thirds_of_the_panel(
    client, office, selection, make_position, make_standing, staff, settings, votes, end
):
    settings.SECOND_FACTOR_REQUIRED = False
    set_rules(selection, profiles.COUNTY_SELECTION)
    make_standing(make_position(campaign=selection), 1)
    mark_interview(office, selection, judges(staff, 7), R1=85)
    with pytest.raises(Refused) as refusal:
        domain.rank_selection(actor=office, campaign=selection)
    assert refusal.value.code == "to_vote"
    client.force_login(office)
    url = reverse("selection-ranking", args=["SEL"])
    client.post(url, {"votes": "1", "R1": "8"})
    assert set(Subject.objects.values_list("votes", flat=True)) == {None}
    client.post(url, {"votes": "1", "R1": str(votes)})
    assert AuditEntry.objects.get(action="selection.record_votes").after == {"votes": {"R1": votes}}
    client.post(url)
    assert states() == {"R1": end}
    with pytest.raises(Refused):
        domain.record_votes(actor=office, campaign=selection, votes={"R1": 7})
    assert Subject.objects.get().votes == votes


def test_the_steps_of_a_selection_end_with_total_and_place_in_both_languages(office, selection, people, staff):
    set_rules(selection, BOTH)
    seven = judges(staff, 7)
    panel = domain.start_panel(actor=office, campaign=selection, purpose="material", judges=seven[:2])
    for subject in panel.subjects.all():
        for judge in seven[:2]:
            submit_sheet(actor=judge, subject=subject, marks=sheet_of(10 + subject.draw_no))
    lock_panel(actor=office, panel=panel)
    mark_interview(office, selection, seven, R1=90, R2=80, R3=70)
    domain.rank_selection(actor=office, campaign=selection)
    first = SelectionResult.objects.get(application__registration_no="R1")
    shown = first.marks_shown
    for language, place, further in (
        ("zh", f"成绩{shown['total']}，第1名", "本次招聘1人，前1名进入下一环节：第1名进入"),
        ("en", f"mark {shown['total']}, place 1", "1 to hire, places 1 to 1 go on to the next step: place 1 goes on"),
    ):
        *_, weighted, before, last = first.explanation[language]
        assert (before, last) == (place, further)
        assert weighted.startswith(f"{shown['total']} = {shown['material']} × 30% + {shown['interview']} × 70%")
        assert any(line.startswith(f"{shown['interview']} = ") for line in first.explanation[language])
