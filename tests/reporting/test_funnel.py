"""From event to hire: who is counted at which stage, sums by city, who reads it, and what the public is told."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.enums import Role
from campaigns.events.models import EventRegistration, RecruitingEvent, University
from recruitment.applications.models import Application, Transition
from recruitment.appointments.models import Appointment
from recruitment.reporting.funnel import funnel, outcome_of, public_tour
from recruitment.reporting.metrics import Scope, metric
from recruitment.reporting.small_numbers import shows_total, veiled
from rulebook.counting import credit_terms, is_hired_from_event
from rulebook.ruleset import EventRules
from rulebook.ruleset.profiles import COUNTY_EXAM
from tests.applicants import NOW
from tests.panelists import set_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_event(county, staff, campaign):
    author = staff(username="planner")

    def make(code, city, *, registered=0, arrived=0, spent=(), state="held"):
        university, _made = University.objects.get_or_create(name=f"{city}大学", city=city)
        event = RecruitingEvent.objects.create(
            code=code, name=code, university=university, place="报告厅", unit=county, created_by=author, state=state,
            starts_at=NOW - timedelta(days=30), ends_at=NOW - timedelta(days=30, hours=-3), capacity=100,
            published_at=NOW - timedelta(days=40),
        )  # fmt: skip
        event.campaigns.add(campaign)
        EventRegistration.objects.bulk_create(
            EventRegistration(
                event=event, seat=serial, number=f"{code}{serial}", name="甲", phone="+8613800000001",
                phone_index=str(serial), checked_in_at=NOW if serial <= arrived else None,
            )
            for serial in range(1, registered + 1)
        )  # fmt: skip
        for amount in spent:
            event.costs.create(kind="场地", amount=Decimal(amount), spent_on=NOW.date(), recorded_by=author)
        return event

    return make


@pytest.fixture
def bring(campaign, make_candidate, make_position, staff):
    """`bring(event, "shortlisted", …)` → an application of that event for each state."""
    actor, position = staff(username="mover"), make_position()

    def make(event, *states, hired=False, left_from="", days=0, candidate=None):
        for state in states:
            row = Application.objects.create(
                candidate=candidate or make_candidate(), campaign=campaign, position=position, submitted_at=NOW,
                batch_group=f"G{Application.objects.count()}", registration_no=f"R{Application.objects.count()}",
                state=state, event=event, touched_at=NOW,
            )  # fmt: skip
            if left_from:
                Transition.objects.create(
                    application=row, move=state, from_state=left_from, to_state=state, actor=actor
                )
            if hired:
                Appointment.objects.create(
                    application=row, position=position, candidate=row.candidate, state="on_post", opened_by=actor,
                    approved_at=NOW + timedelta(days=days),
                )  # fmt: skip

    return make


@pytest.fixture
def leader(staff):
    return staff(Role.LEADER)


def counts(lines):
    return {line.name: list(line.counts) for line in lines}


def test_each_stage_counts_who_reached_it_by_event_and_by_city(make_event, bring, campaign, leader):
    first = make_event("E1", "成都", registered=10, arrived=7, spent=("800.50", "1200"))
    second = make_event("E2", "成都", registered=4, arrived=4)
    other = make_event("E3", "武汉", registered=3, arrived=1)
    make_event("E4", "武汉", registered=9, arrived=9, state="cancelled")
    bring(first, "draft", "submitted", "not_shortlisted", "shortlisted", "not_selected")
    bring(first, "handed_over", hired=True)
    bring(second, "withdrawn", left_from="shortlisted")
    bring(second, "withdrawn", left_from="effective")
    bring(other, "effective")
    found = funnel(Scope(campaign.programme, leader))
    assert counts(found.events) == {"E1": [10, 7, 5, 3, 1], "E2": [4, 4, 2, 1, 0], "E3": [3, 1, 1, 0, 0]}
    assert counts(found.cities) == {"成都": [14, 11, 7, 4, 1], "武汉": [3, 1, 1, 0, 0]}
    assert (list(found.total.counts), found.total.events) == ([17, 12, 8, 4, 1], 3)
    assert [value for _name, value in found.cities[0].money] == ["2,000.50", "2,001"]
    assert [value for _name, value in found.cities[1].money] == ["0.00", "—"]
    shares = [share for _name, _count, share in found.cities[0].cells]
    assert shares == [None, Decimal("78.57"), Decimal("63.64"), Decimal("57.14"), Decimal("25.00")]
    assert outcome_of(first) == {"applied": 5, "called": 3, "hired": 1}


def test_a_person_counts_once_at_an_event_however_often_they_applied(
    make_event, bring, campaign, leader, make_candidate
):
    first, second = make_event("E1", "成都"), make_event("E2", "成都")
    person = make_candidate()
    bring(first, "withdrawn", "shortlisted", "interviewed", candidate=person)
    bring(second, "effective", candidate=person)
    bring(first, "effective")
    found = funnel(Scope(campaign.programme, leader))
    assert counts(found.events) == {"E1": [0, 0, 2, 1, 0], "E2": [0, 0, 1, 0, 0]}
    assert counts(found.cities) == {"成都": [0, 0, 3, 1, 0]}
    assert outcome_of(first) == {"applied": 2, "called": 1, "hired": 0}


@pytest.mark.parametrize(
    ("hired_days", "counted"), [(365, [0, 30, 365]), (366, [0, 30, 365, 366]), (30, [0, 30]), (29, [0])]
)
def test_a_hire_counts_for_the_event_within_the_days_of_the_rules(
    make_event, bring, campaign, leader, hired_days, counted
):
    rules = COUNTY_EXAM.replaced(event=COUNTY_EXAM.event.model_copy(update={"hired_days": hired_days}))
    set_rules(campaign, rules)
    event, days = make_event("E1", "成都"), [0, 30, 365, 366]
    for day in days:
        bring(event, "handed_over", hired=True, days=day)
    oracle = [day for day in days if is_hired_from_event(NOW, NOW + timedelta(days=day), rules.event)]
    assert oracle == counted
    hired = metric("hired_from_events").rows(Scope(campaign.programme, leader))
    assert [(row.approved_at - NOW).days for row in hired.order_by("approved_at")] == counted
    assert outcome_of(event)["hired"] == len(counted)


def test_campaigns_with_different_days_each_follow_their_own(
    make_event, bring, campaign, leader, make_campaign, make_candidate
):
    event, other = make_event("E1", "成都"), make_campaign("C2")
    short = COUNTY_EXAM.replaced(event=COUNTY_EXAM.event.model_copy(update={"hired_days": 30}))
    set_rules(other, short)
    for _each in range(2):
        bring(event, "handed_over", hired=True, days=60)
    moved = Application.objects.latest("pk")
    Application.objects.filter(pk=moved.pk).update(campaign=other)
    assert outcome_of(event)["hired"] == 1


@pytest.mark.parametrize("number", [1, 12])
def test_the_funnel_asks_the_same_number_of_questions_for_one_and_for_twelve_events(
    make_event, bring, campaign, leader, number, django_assert_num_queries
):
    for serial in range(number):
        bring(make_event(f"E{serial}", f"城市{serial % 5}", registered=2, arrived=1), "shortlisted")
    scope = Scope(campaign.programme, leader)
    assert scope.is_county_wide
    with django_assert_num_queries(8):
        assert len(funnel(scope).events) == number


@pytest.mark.parametrize("role", Role)
def test_the_funnel_is_for_who_answers_for_the_whole(client, staff, make_unit, make_event, campaign, role):
    make_event("E1", "成都", registered=6, arrived=6)
    url = f"/admin/figures/{campaign.programme.code}/events/"
    client.force_login(staff(role))
    response = client.get(url)
    if role in (Role.LEADER, Role.AUDITOR, Role.TALENT_OFFICE):
        assert "成都" in response.content.decode()
    else:
        assert response.status_code == 404
    client.force_login(staff(role, unit=make_unit("S1")))
    assert client.get(url).status_code == 404


def test_the_page_of_an_event_tells_leaders_what_became_of_it(client, staff, make_event, bring, leader):
    bring(make_event("E1", "成都", registered=6, arrived=6), "shortlisted", "effective")
    client.force_login(leader)
    assert "1 份进入面试" in client.get("/admin/events/event/E1/").content.decode()
    client.force_login(staff(Role.FINANCE))
    assert "进入面试" not in client.get("/admin/events/event/E1/").content.decode()


@pytest.mark.parametrize("touch", ["first", "last"])
def test_the_funnel_and_the_event_say_by_which_rule_people_count(client, make_event, campaign, leader, touch):
    rules = COUNTY_EXAM.replaced(event=EventRules(touch=touch, attribution_days=90, hired_days=200))
    set_rules(campaign, rules)
    make_event("E1", "成都")
    client.force_login(leader)
    for url in (f"/admin/figures/{campaign.programme.code}/events/", "/admin/events/event/E1/"):
        assert credit_terms(rules.event).text("zh") in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("column", "shown", "total"),
    [
        ([5, 0, 20], [5, 0, 20], True),
        ([4, 20, 30], [None, None, 30], True),
        ([1, 2, 9, 30], [None, None, None, 30], True),
        ([3, 3, 9], [None, None, 9], True),
        ([2], [None], False),
        ([1, 2], [None, None], False),
        ([4, 0, 0], [None, 0, 0], False),
        ([0, 0], [0, 0], True),
        ([], [], True),
    ],
)
def test_a_small_number_is_hidden_and_can_not_be_worked_out_from_the_total(column, shown, total):
    assert veiled(column) == shown
    assert shows_total(column, veiled(column)) is total


def test_the_public_reads_of_no_group_smaller_than_five(make_event, bring):
    big, small = make_event("E1", "成都", registered=8, arrived=8), make_event("E2", "武汉", registered=6, arrived=6)
    make_event("E3", "长沙", registered=9, arrived=9, state="published")
    bring(big, *["effective"] * 6)
    bring(small, "effective", "effective")
    bring(big, "handed_over", hired=True)
    found = public_tour()
    assert [(line.city, line.events, list(line.counts)) for line in found.cities] == [
        ("成都", 1, [8, None, None]), ("武汉", 1, [6, None, 0])]  # fmt: skip
    assert (found.total.events, list(found.total.counts)) == (2, [14, 9, None])
