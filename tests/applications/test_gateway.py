import pytest

from accounts.models import AuditEntry
from foundation.errors import NotAllowed, Refused
from recruitment.applications.domain import TicketEntry, enter_application, enter_applications
from recruitment.applications.enums import ApplicationState
from recruitment.applications.gateway import MACHINE, PUBLIC_NAMES, move_application, move_applications
from recruitment.applications.models import Application, Transition
from recruitment.candidates.models import Candidate

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(system_actor, campaign, position):
    def act(count, prefix="9"):
        return enter_applications(
            actor=system_actor,
            campaign=campaign,
            entries=[TicketEntry(position, f"{prefix}{n:05d}", f"考生{n}") for n in range(count)],
        )

    return act


def test_every_state_has_a_public_name_and_can_be_reached():
    reached = {declared.target for declared in MACHINE.moves.values()} | {"draft"}
    assert set(PUBLIC_NAMES) == reached == set(ApplicationState)


def test_ended_applications_move_no_more_except_an_overridden_rejection():
    leaving = {
        name for name, declared in MACHINE.moves.items() if declared.sources & {"rejected", "withdrawn", "disqualified"}
    }
    assert leaving == {"override"}


def test_a_move_outside_the_table_is_refused_with_the_state_it_is_in(enter, system_actor):
    (application,) = enter(1)
    with pytest.raises(Refused):
        move_application(actor=system_actor, application=application, move="interview")
    assert Application.objects.get().state == "effective"
    assert Transition.objects.filter(move="interview").count() == 0


def test_a_set_moves_together_with_one_row_each_and_one_audit_entry(enter, system_actor):
    rows = enter(3)
    assert move_applications(actor=system_actor, applications=rows, move="mark") == 3
    assert set(Application.objects.values_list("state", flat=True)) == {"scored"}
    assert Transition.objects.filter(move="mark", from_state="effective", to_state="scored").count() == 3
    entry = AuditEntry.objects.get(action="applications.mark")
    assert (entry.after["count"], entry.object_type) == (3, "planning.campaign")


def test_a_set_with_one_in_a_wrong_state_does_not_move_at_all(enter, system_actor):
    rows = enter(3)
    move_application(actor=system_actor, application=rows[1], move="mark_absent")
    with pytest.raises(Refused, match=rows[1].registration_no):
        move_applications(actor=system_actor, applications=rows, move="rank")
    assert sorted(Application.objects.values_list("state", flat=True)) == ["absent", "effective", "effective"]


def test_moving_nobody_writes_nothing(system_actor):
    assert move_applications(actor=system_actor, applications=[], move="mark") == 0
    assert not AuditEntry.objects.filter(action="applications.mark").exists()


@pytest.mark.parametrize("count", [2, 30])
def test_moving_a_set_costs_the_same_for_two_and_for_thirty(enter, system_actor, count, django_assert_num_queries):
    rows = enter(count)
    with django_assert_num_queries(8):
        move_applications(actor=system_actor, applications=rows, move="mark")


def test_a_result_file_enters_its_people_once_in_its_order(enter, campaign, position):
    first = enter(3)
    again = enter(5)
    assert [row.ticket_no for row in again] == [f"9{n:05d}" for n in range(5)]
    assert [row.pk for row in again[:3]] == [row.pk for row in first]
    assert Candidate.objects.count() == Application.objects.count() == 5
    assert set(Application.objects.values_list("state", flat=True)) == {"effective"}


def test_a_ticket_for_another_position_or_twice_in_the_file_enters_nobody(
    enter, system_actor, campaign, position, make_position
):
    enter(1)
    other = make_position("0102")
    for entries in (
        [TicketEntry(other, "900000"), TicketEntry(other, "900009")],
        [TicketEntry(other, "900009"), TicketEntry(other, "900009")],
    ):
        with pytest.raises(Refused, match="9000"):
            enter_applications(actor=system_actor, campaign=campaign, entries=entries)
    assert Application.objects.count() == 1


def test_one_person_is_entered_once_and_a_taken_ticket_is_refused(candidate, position, system_actor, make_candidate):
    fields = {"actor": system_actor, "position": position, "ticket_no": "900001"}
    first = enter_application(candidate=candidate, **fields)
    assert enter_application(candidate=candidate, **fields) == first
    with pytest.raises(Refused):
        enter_application(candidate=make_candidate(), **fields)


def test_entering_people_is_for_exam_centre_and_talent_office(campaign, position, reviewer):
    with pytest.raises(NotAllowed):
        enter_applications(actor=reviewer, campaign=campaign, entries=[TicketEntry(position, "900001")])
