"""Figures on a small demo county: each equals its list and the sum over its breakdown, and shows only what it may."""

import pytest
from django.db import transaction

from accounts.models import User
from campaigns.establishment.models import Envelope, EstablishedPost
from campaigns.establishment.queries import balance_of_envelope
from campaigns.planning.models import PositionSlot, Programme
from recruitment.appointments.models import Appointment
from recruitment.demo.story import Scale, Story
from recruitment.reporting.metrics import REGISTRY, Scope, slots_by_state
from recruitment.reporting.slot_checks import check_slots

TINY = Scale(first_exam=3, first_selection=2, second_exam=2, third_exam=3, second_selection=1, online=4, visitors=4)

pytestmark = pytest.mark.django_db


class _Undo(Exception):
    pass


@pytest.fixture(scope="module")
def _county(django_db_setup, django_db_blocker):
    """The demo county, made once for this file inside a transaction that is undone at the end."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                Story(TINY, seed=1).play("hired")
                yield
                raise _Undo
        except _Undo:
            pass


@pytest.fixture
def scope(_county):
    return Scope(Programme.objects.get(), User.objects.get(username="leader"))


def test_the_demo_uses_holds_and_reserves_what_its_scale_says(scope):
    assert slots_by_state(scope) == {"used": 5, "held": 2, "reserved": 4, "free": 1228, "total": 1239}
    balance = balance_of_envelope(scope.programme.envelope)
    assert (balance.used, balance.held, balance.reserved) == (5, 2, 4)


@pytest.mark.parametrize("key", sorted(REGISTRY))
def test_a_figure_is_the_length_of_its_list_and_the_sum_of_every_breakdown(scope, key):
    shown = REGISTRY[key]
    value = shown.value(scope)
    assert value == len(set(shown.rows(scope).values_list("pk", flat=True)))
    for group in shown.groups:
        assert sum(number for _name, number in shown.breakdown(scope, group)) == value


def test_the_figures_are_those_of_the_story(scope):
    values = {key: REGISTRY[key].value(scope) for key in ("people_appointed", "people_engaged", "events_held")}
    assert values == {"people_appointed": 5, "people_engaged": 1, "events_held": 14}
    assert REGISTRY["people_high_degree"].value(scope) == 2


def test_a_department_sees_the_figures_of_its_own_units_only(scope):
    own = Scope(scope.programme, User.objects.get(username="education"))
    units = {name for name, _number in REGISTRY["posts_reserved"].breakdown(own, "unit")}
    assert units
    assert units <= set(
        EstablishedPost.objects.filter(unit__path__startswith="YX/EDU/").values_list("unit__name", flat=True)
    )
    assert REGISTRY["posts_total"].value(own) < REGISTRY["posts_total"].value(scope)


def test_the_ledger_of_the_demo_is_sound(scope):
    assert check_slots() == []


def _break_state():
    EstablishedPost.objects.filter(state="held").update(state="reserved")


def _break_claim():
    PositionSlot.objects.filter(post__state="reserved").update(released_at="2026-01-01T00:00Z")


def _break_person():
    Appointment.objects.filter(post__state="held").update(post=None)


def _break_size():
    Envelope.objects.update(size=1240)


@pytest.mark.parametrize(
    ("damage", "codes"),
    [
        (_break_state, {"state_without_movement", "person_on_loose_post", "movements_do_not_add_up"}),
        (_break_claim, {"claim_missing"}),
        (_break_person, {"held_without_person"}),
        (_break_size, {"envelope_size"}),
    ],
)
def test_each_kind_of_damage_to_the_ledger_is_found(scope, damage, codes):
    damage()
    assert {finding.code for finding in check_slots()} == codes


def test_the_leader_sees_the_screen_without_names_and_every_figure_opens(scope, client):
    client.force_login(User.objects.get(username="leader"))
    page = client.get("/admin/figures/").content.decode()
    assert "1,239" in page
    for key in REGISTRY:
        response = client.get(f"/admin/figures/TP1000/{key}/")
        assert response.status_code == 200
        assert all(name not in response.content.decode() for name in _names())


def _names():
    return set(Appointment.objects.values_list("candidate__name", flat=True)) - {""}


def test_the_auditor_sees_names_in_the_list_of_people(scope, client):
    client.force_login(User.objects.get(username="auditor"))
    page = client.get("/admin/figures/TP1000/people_appointed/").content.decode()
    assert any(name in page for name in _names())


def test_the_export_holds_the_rows_of_the_figure_and_says_who_took_it(scope, client):
    client.force_login(User.objects.get(username="auditor"))
    response = client.get("/admin/figures/TP1000/posts_used/?export=csv")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").strip().splitlines()
    assert len(lines) == 1 + 5 + 1
    assert "auditor" in lines[-1]


@pytest.mark.parametrize("username", ["expert1", "medical", "events"])
def test_staff_without_the_duty_and_candidates_find_no_figures(scope, client, username):
    for person in (User.objects.get(username=username), User.objects.filter(kind="candidate").first()):
        client.force_login(person)
        for url in ("/admin/figures/", "/admin/figures/TP1000/posts_used/"):
            assert client.get(url).status_code == 404


def test_a_figure_that_does_not_exist_is_not_found(scope, client):
    client.force_login(User.objects.get(username="leader"))
    assert client.get("/admin/figures/TP1000/beauty/").status_code == 404
    assert client.get("/admin/figures/NOWHERE/posts_used/").status_code == 404


def test_the_screen_takes_the_same_number_of_queries_whatever_the_rows(scope, client, django_assert_num_queries):
    client.force_login(User.objects.get(username="leader"))
    client.get("/admin/figures/")
    with django_assert_num_queries(39):
        client.get("/admin/figures/")
    with django_assert_num_queries(12):
        client.get("/admin/figures/TP1000/posts_used/")
    with django_assert_num_queries(12):
        client.get("/admin/figures/TP1000/posts_total/")
