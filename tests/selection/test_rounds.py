"""Who passes the review after a draw waits for the next one, and is never turned down unread (rolling, B3)."""

from decimal import Decimal

import pytest

from accounts.models import User
from foundation.errors import Refused
from foundation.messages.models import Message
from foundation.ui.office import todos_of
from recruitment.panels.domain import lock_panel, submit_sheet
from recruitment.panels.models import Panel
from recruitment.publications import domain as press
from recruitment.publications.queries import embargoed_moves
from recruitment.selection import domain
from recruitment.selection.lists import prepare_selection
from recruitment.selection.models import SelectionResult
from rulebook.ruleset import profiles
from rulebook.ruleset.examination import TotalPart, TotalRules
from tests.panelists import close_interview, give, set_rules
from tests.selection.test_domain import states
from tests.selections import RULES, sheet_of

pytestmark = pytest.mark.django_db


def mark(panel, reviewers, office, **marks):
    for subject in panel.subjects.select_related("application"):
        for reviewer in reviewers:
            submit_sheet(actor=reviewer, subject=subject, marks=sheet_of(marks[subject.application.registration_no]))
    return lock_panel(actor=office, panel=panel)


@pytest.fixture
def position(people):
    return people["R1"].position


def test_who_comes_after_the_draw_is_not_turned_down_with_it(
    office, selection, people, position, panel, reviewers, make_standing
):
    make_standing(position, 1)
    mark(panel, reviewers, office, R1=30, R2=38, R3=20)
    domain.rank_selection(actor=office, campaign=selection)
    assert states() == {"R1": "not_selected", "R2": "proposed", "R3": "not_selected", "R4": "effective"}
    assert not SelectionResult.objects.filter(application__registration_no="R4").exists()


def test_the_next_draw_holds_only_those_who_waited_and_fills_what_is_left(
    office, selection, people, position, panel, reviewers, make_standing
):
    position.headcount_planned = position.headcount_effective = 2
    position.save()
    people["R3"].state = "withdrawn"
    people["R3"].save()
    for number, name in enumerate(("R1", "R2")):
        subject = panel.subjects.get(application=people[name])
        for reviewer in reviewers:
            submit_sheet(actor=reviewer, subject=subject, marks=sheet_of(30 + number))
    lock_panel(actor=office, panel=panel)
    domain.rank_selection(actor=office, campaign=selection)
    position.headcount_planned = position.headcount_effective = 3
    position.save()
    make_standing(position, 2)
    later = domain.start_panel(actor=office, campaign=selection, purpose="material", judges=reviewers)
    assert set(later.subjects.values_list("application__registration_no", flat=True)) == {"R4", "R5"}
    assert later.name != panel.name
    mark(later, reviewers, office, R4=10, R5=12)
    domain.rank_selection(actor=office, campaign=selection)
    assert states() == {
        "R1": "proposed",
        "R2": "proposed",
        "R3": "withdrawn",
        "R4": "not_selected",
        "R5": "proposed",
    }
    rows = SelectionResult.objects.values_list("application__registration_no", "round", "rank")
    assert set(rows) == {("R1", 1, 2), ("R2", 1, 1), ("R4", 2, 2), ("R5", 2, 1)}


def test_an_extra_test_of_the_first_round_is_decided_before_the_second(
    office, second_officer, selection, position, panel, reviewers, make_standing
):
    mark(panel, reviewers, office, R1=30, R2=30, R3=20)
    domain.rank_selection(actor=office, campaign=selection)
    make_standing(position, 1)
    later = domain.start_panel(actor=office, campaign=selection, purpose="material", judges=reviewers)
    mark(later, reviewers, office, R4=40)
    domain.record_extra_test(actor=office, campaign=selection, marks={"R1": Decimal(80), "R2": Decimal(70)})
    domain.rank_selection(actor=second_officer, campaign=selection)
    assert states() == {"R1": "proposed", "R2": "not_selected", "R3": "not_selected", "R4": "effective"}
    domain.rank_selection(actor=second_officer, campaign=selection)
    assert states()["R4"] == "not_selected"


@pytest.fixture
def second_officer(staff):
    from accounts.enums import Role

    return staff(Role.TALENT_OFFICE, username="talent9")


def test_a_later_panel_draws_only_people_of_the_first_one(
    office, selection, people, position, reviewers, make_standing
):
    both = TotalRules(
        parts=(TotalPart(name="material", weight=Decimal("0.5")), TotalPart(name="interview", weight=Decimal("0.5")))
    )
    held = profiles.COUNTY_SELECTION.interview.model_copy(
        update={"panel_size": 1, "trim_high": 0, "trim_low": 0, "pass_line": None}
    )
    set_rules(selection, RULES.model_copy(update={"total": both, "interview": held}))
    first = domain.start_panel(actor=office, campaign=selection, purpose="material", judges=reviewers)
    make_standing(position, 1)
    talk = domain.start_panel(actor=office, campaign=selection, purpose="interview", judges=reviewers[:1])
    assert set(talk.subjects.values_list("application__registration_no", flat=True)) == {"R1", "R2", "R3"}
    mark(first, reviewers, office, R1=30, R2=38, R3=20)
    for subject in talk.subjects.all():
        give(reviewers[0], subject, mark="80")
    close_interview(office, talk)
    numbers = {row.application.registration_no for part in domain.preview_ranking(selection) for row in part.results}
    assert numbers == {"R1", "R2", "R3"}


def test_no_draw_is_made_for_nobody(office, selection, panel, reviewers):
    with pytest.raises(Refused) as refusal:
        domain.start_panel(actor=office, campaign=selection, purpose="material", judges=reviewers)
    assert refusal.value.code == "duplicate"
    assert Panel.objects.count() == 1


def test_the_page_says_who_waits_and_offers_the_next_draw(
    client, settings, office, selection, people, position, panel, make_standing
):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(office)
    assert client.get("/admin/selection/SEL/").context["missing"] == []
    make_standing(position, 1)
    page = client.get("/admin/selection/SEL/")
    assert [key for key, _label in page.context["missing"]] == ["material"]
    assert "1 人在抽签后通过审核，等候下一次抽签。" in page.content.decode()


def test_a_second_round_is_a_task_again(office, selection, position, panel, reviewers, make_standing):
    def to_rank():
        return [item.count for item in todos_of(office) if str(item.label) == "待排名的比选批次"]

    mark(panel, reviewers, office, R1=30, R2=38, R3=20)
    assert to_rank() == [1]
    domain.rank_selection(actor=office, campaign=selection)
    make_standing(position, 1)
    assert to_rank() == []
    mark(domain.start_panel(actor=office, campaign=selection, purpose="material", judges=reviewers), reviewers, office,
         R4=40)  # fmt: skip
    assert to_rank() == [1]


def test_a_result_of_the_second_round_is_told_with_its_own_list(
    office, second_officer, selection, position, panel, reviewers, make_standing
):
    """The list of the first round is out; it says nothing about the second (R94)."""

    def put_out(draft):
        press.review(actor=second_officer, publication=draft)
        press.release(actor=second_officer, publication=draft)

    def told():
        return set(Message.objects.filter(kind="application.not_select").values_list("recipient__username", flat=True))

    mark(panel, reviewers, office, R1=30, R2=38, R3=20)
    domain.rank_selection(actor=office, campaign=selection)
    before = prepare_selection(actor=office, campaign=selection)
    (late,) = make_standing(position, 1)
    late.candidate.user = User.objects.create(username="late", email="late@example.org", kind="candidate")
    late.candidate.save()
    mark(domain.start_panel(actor=office, campaign=selection, purpose="material", judges=reviewers), reviewers, office,
         R4=40)  # fmt: skip
    put_out(before)
    domain.rank_selection(actor=office, campaign=selection)
    assert states()["R4"] == "not_selected"
    assert "late" not in told()
    assert "not_select" in embargoed_moves([late])[late.pk]
    put_out(prepare_selection(actor=office, campaign=selection))
    assert "late" in told()
    assert embargoed_moves([late])[late.pk] >= {"mark"}
    assert "not_select" not in embargoed_moves([late])[late.pk]
