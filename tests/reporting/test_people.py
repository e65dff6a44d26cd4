"""People brought in: once per year, at every stage, by the official stage of each campaign, with growth (R90–R92)."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from accounts.enums import Role
from accounts.models import AuditEntry
from campaigns.planning.models import Position
from foundation.errors import NotAllowed, Refused
from recruitment.applications.models import Application
from recruitment.appointments.models import Appointment
from recruitment.candidates.models import Candidate, Education
from recruitment.challenges.models import Bid, Challenge, Engagement
from recruitment.reporting.domain import define_high_level
from recruitment.reporting.metrics import Scope, metric
from recruitment.reporting.models import HighLevelYear
from recruitment.reporting.people import OFFICIAL, People
from recruitment.selection.models import Agreement
from rulebook.counting import CountingStage, Progress, official_count, stage_counts
from rulebook.ruleset import CountingRules, profiles
from tests.applicants import NOW, SHANGHAI
from tests.panelists import set_rules

pytestmark = pytest.mark.django_db
STAGES = [stage.value for stage in CountingStage]
PROFILES = {
    "public_exam": profiles.COUNTY_EXAM, "competitive_selection": profiles.COUNTY_SELECTION,
    "open_challenge": profiles.OPEN_CHALLENGE,
}  # fmt: skip


@pytest.fixture
def leader(staff):
    return staff(Role.LEADER, username="leader")


@pytest.fixture
def bring(make_campaign, staff, hospital):
    """`bring(person, "C1 exam on_post")` brings a person in by a campaign of that code and track up to that state."""
    actor, campaigns, people = staff(username="mover"), {}, {}

    def campaign_of(code, track, year, **counting):
        if code not in campaigns:
            row = make_campaign(code, track=track, published_at=datetime(year, 3, 1, tzinfo=SHANGHAI))
            rules = PROFILES[track]
            set_rules(row, rules.replaced(counting=rules.counting.model_copy(update=counting)))
            campaigns[code] = row
        return campaigns[code]

    def person_of(name, degree):
        if name not in people:
            people[name] = Candidate.objects.create(name=name)
            Education.objects.create(
                candidate=people[name], level="master", degree=degree, school="湘屏大学", major="临床医学",
                graduated_on=date(2020, 6, 30),
            )  # fmt: skip
        return people[name]

    def make(name, code, state, *, track="public_exam", year=2026, degree="bachelor", unit=hospital, day=1, **counting):
        campaign, person = campaign_of(code, track, year, **counting), person_of(name, degree)
        when = NOW + timedelta(days=day)
        if track == "open_challenge":
            serial = Bid.objects.count()
            challenge = Challenge.objects.create(
                campaign=campaign, unit=unit, code=f"榜{serial}", title="保鲜", problem="变色", indicators="不变色",
                budget=Decimal(1000), ends_on=date(2027, 12, 31), state="awarded", created_by=actor,
            )  # fmt: skip
            bid = Bid.objects.create(challenge=challenge, candidate=person, number=f"B{serial}", state="awarded")
            return Engagement.objects.create(
                bid=bid, number=f"柔{serial}", starts_on=when.date(), ends_on=date(2027, 12, 31), days_per_year=60,
                amount=Decimal(1000), state=state, recorded_by=actor, recorded_at=when,
            )  # fmt: skip
        position, _made = Position.objects.get_or_create(
            campaign=campaign,
            unit=unit,
            code=unit.code,
            defaults={"name": "医师", "headcount_planned": 9, "headcount_effective": 9},
        )
        row = Application.objects.create(
            candidate=person, campaign=campaign, position=position, batch_group=f"{code}{name}", submitted_at=when,
            registration_no=f"R{Application.objects.count()}",
            state="agreed" if state == "agreed" else "handed_over",
        )  # fmt: skip
        if state == "agreed":
            Agreement.objects.create(
                application=row, number=row.registration_no, signed_on=when.date(), service_years=5, recorded_by=actor
            )
        else:
            Appointment.objects.create(
                application=row, position=position, candidate=person, state=state, opened_by=actor, opened_at=when
            )
        return row

    return make


def counts(people, year=2026):
    return [len(people.listed(column, year)) for column in (*STAGES, OFFICIAL)]


def test_one_person_counts_once_a_year_at_the_furthest_stage_with_the_first_day(bring, leader):
    bring("甲", "E1", "on_post", day=9)
    bring("甲", "S1", "agreed", track="competitive_selection", day=3)
    bring("甲", "O1", "agreed", track="open_challenge", day=5)
    bring("甲", "E0", "ended", year=2025)
    bring("乙", "E1", "noticed")
    bring("丙", "E1", "opened")
    bring("丁", "S1", "opened", track="competitive_selection")
    bring("戊", "O1", "terminated", track="open_challenge")
    people = People(leader)
    assert counts(people) == [3, 2, 1, 1, 1]
    assert people.years == [2026]
    (first,) = people.listed("intent_signed", 2026, campaign="S1")[:1]
    assert (first.entry.name, first.stage, first.record.on) == ("甲", "on_post", (NOW + timedelta(days=3)).date())


def test_a_lead_with_two_agreements_is_one_flexible_engagement(bring, leader, campaign):
    bring("甲", "O1", "in_service", track="open_challenge")
    bring("甲", "O2", "agreed", track="open_challenge")
    bring("乙", "O2", "agreed", track="open_challenge")
    engaged = metric("people_engaged")
    scope = Scope(campaign.programme, leader)
    assert (engaged.value(scope), sum(count for _unit, count in engaged.breakdown(scope, "unit"))) == (2, 2)


def test_the_same_person_in_two_years_counts_in_each(bring, leader):
    bring("甲", "O0", "accepted", track="open_challenge", year=2025)
    bring("甲", "E1", "approved")
    people = People(leader)
    assert (counts(people, 2025), counts(people, 2026)) == ([1, 1, 1, 1, 1], [1, 1, 1, 0, 1])


@pytest.mark.parametrize(("official", "figure"), [("proposed", 3), ("approved", 2), ("on_post", 1)])
def test_the_official_figure_follows_the_frozen_rules_of_the_campaign(bring, leader, official, figure):
    for name, state in (("甲", "noticed"), ("乙", "approved"), ("丙", "confirmed")):
        bring(name, "E1", state, official_stage=official)
    assert counts(People(leader)) == [3, 3, 2, 1, figure]


def test_campaigns_with_different_official_stages_reconcile(bring, leader, client):
    for name, state in (("甲", "noticed"), ("乙", "on_post"), ("丙", "approved")):
        bring(name, "E1", state, official_stage="on_post")
    for name, state in (("丁", "agreed"), ("乙", "agreed"), ("戊", "approved")):
        bring(name, "S1", state, track="competitive_selection", official_stage="intent_signed", day=9)
    people = People(leader)
    assert {code: len(people.listed(OFFICIAL, 2026, campaign=code)) for code in ("E1", "S1")} == {"E1": 1, "S1": 2}
    assert counts(people)[-1] == 3
    client.force_login(leader)
    page = client.get("/admin/figures/people/").content.decode()
    addresses = re.findall(r'href="(/admin/figures/people/rows/[^"]+)">(?:<strong>)?([\d,]+)<', page)
    assert len(addresses) == 3 * 5 + 1
    for address, number in addresses:
        address = address.replace("&amp;", "&")
        opened = client.get(address)
        assert opened.context["page"].paginator.count == int(number), address
        sheet = b"".join(client.get(f"{address}&export=csv").streaming_content).decode("utf-8-sig").splitlines()
        assert len(sheet) - 2 == int(number), address


def test_the_figures_are_those_of_the_pure_rule_for_many_ways(bring, leader, make_campaign):
    """The rule book's own counts of the same facts are the oracle."""
    draw, steps = Random(7), []
    told = {"noticed": "proposed", "approved": "approved", "on_post": "on_post", "confirmed": "on_post"}
    engaged = {"agreed": "approved", "in_service": "on_post", "accepted": "on_post"}
    for serial in range(60):
        name = f"人{serial}"
        if draw.random() < 0.8:
            steps.append((name, state := draw.choice([*told, "ended"])))
            bring(name, "E1", state)
        for _again in range(draw.randrange(3)):
            steps.append((name, state := draw.choice([*engaged, "terminated"])))
            bring(name, "O1", state, track="open_challenge")
    reached = [(name, {**told, **engaged}.get(state)) for name, state in steps]
    oracle = stage_counts(
        Progress(name, "public_exam", CountingStage(stage)) for name, stage in reached if stage is not None
    )
    assert counts(People(leader)) == [*oracle.values(), official_count(oracle, CountingRules())]


@pytest.mark.parametrize(("team", "names"), [("lead", ["甲", "丙"]), ("all", ["甲", "乙", "丙"])])
def test_of_a_team_the_lead_or_all_count_as_the_rules_say_and_nobody_twice(bring, leader, team, names):
    engagement = bring("甲", "O1", "in_service", track="open_challenge", team_counts=team)
    for name, index in (("乙", "index-b"), ("丙", "index-c")):
        engagement.members.create(name=name, id_index=index, degree="doctor", recorded_by=engagement.recorded_by)
    hired = bring("丙", "E1", "approved").candidate
    Candidate.objects.filter(pk=hired.pk).update(id_index="index-c")
    people = People(leader)
    assert sorted(row.entry.name for row in people.listed(OFFICIAL, 2026)) == sorted(names)
    tiers = {row.entry.name: row.record.tier for row in people.listed(OFFICIAL, 2026)}
    assert tiers == {name: tier for name, tier in (("甲", None), ("乙", 1), ("丙", 1)) if name in names}


@pytest.mark.parametrize("number", [2, 30])
def test_the_people_are_read_in_the_same_number_of_queries(bring, leader, number, django_assert_num_queries):
    for serial in range(number):
        bring(f"甲{serial}", f"E{serial % 3}", "on_post", degree="doctor")
        bring(f"乙{serial}", f"O{serial % 3}", "agreed", track="open_challenge")
    with django_assert_num_queries(9):
        assert counts(People(leader))[-1] == 2 * number


def test_growth_compares_the_high_level_by_the_factor_of_the_rules(bring, leader, staff):
    office = staff(Role.TALENT_OFFICE, username="office")
    for year, before in ((2024, 1), (2025, 0)):
        define_high_level(
            actor=office, year=year, tiers=[["doctor"], ["master"]], document="才1号", counted_before=before
        )
    bring("甲", "E0", "on_post", year=2025, degree="master")
    for serial in range(5):
        bring(f"博{serial}", "E1", "approved", degree="doctor", growth_factor=Decimal(2))
    bring("本", "E1", "approved")
    lines = {line.year: line for line in People(leader).growth()}
    assert [(year, line.listed, line.before, line.growth.exceeded) for year, line in lines.items()] == [
        (2026, 5, 0, True), (2025, 1, 0, False), (2024, 0, 1, False)]  # fmt: skip
    assert lines[2026].verdict == "5大于前两年之和2的2倍"
    # 2023 was never counted: nothing is said of growth against it.
    assert {lines[2025].verdict, lines[2024].verdict} == {"前两年的人数不全，不作比较"}


@pytest.mark.parametrize(("factor", "exceeded"), [("2", True), ("2.5", False)])
def test_the_factor_decides_whether_it_is_growth(bring, leader, client, factor, exceeded):
    for serial in range(2):
        bring(f"前{serial}", f"E{serial}", "approved", year=2025 - serial, degree="master")
    for serial in range(5):
        bring(f"博{serial}", "E9", "approved", degree="doctor", growth_factor=Decimal(factor))
    line = People(leader).growth()[0]
    assert line.growth.exceeded is exceeded
    client.force_login(leader)
    assert line.verdict in client.get("/admin/figures/people/").content.decode()


def test_each_year_counts_by_its_own_definition_or_the_nearest_before(bring, leader, staff):
    office = staff(Role.TALENT_OFFICE, username="office")
    for year in (2024, 2025, 2026, 2027):
        bring(f"博{year}", f"D{year}", "approved", year=year, degree="doctor")
        bring(f"硕{year}", f"D{year}", "approved", year=year, degree="master")
    define_high_level(actor=office, year=2025, tiers=[["doctor"]], document="才1号")
    define_high_level(actor=office, year=2027, tiers=[["master"], ["doctor"]], document="才2号")
    people = People(leader)
    assert {line.year: line.listed for line in people.growth()} == {2024: 2, 2025: 1, 2026: 1, 2027: 2}
    assert {row.entry.name: row.record.tier for row in people.listed(OFFICIAL, 2027)} == {"博2027": 2, "硕2027": 1}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"tiers": [[], []]}, "marks"),
        ({"tiers": [["bachelor"]]}, "marks"),
        ({"tiers": [["doctor"], ["doctor"]]}, "twice"),
        ({"document": " "}, "document"),
    ],
)
def test_a_definition_needs_marks_and_a_document(staff, values, code):
    with pytest.raises(Refused) as refusal:
        define_high_level(**{
            "actor": staff(Role.TALENT_OFFICE), "year": 2026, "tiers": [["doctor"]], "document": "才1号", **values
        })  # fmt: skip
    assert refusal.value.code == code
    assert not HighLevelYear.objects.exists()


def test_only_the_countys_talent_office_defines_and_a_correction_keeps_what_stood_before(staff, make_unit, client):
    for person in (staff(Role.LEADER), staff(Role.TALENT_OFFICE, unit=make_unit("U9"), username="below")):
        with pytest.raises(NotAllowed):
            define_high_level(actor=person, year=2026, tiers=[["doctor"]], document="才1号")
        client.force_login(person)
        assert client.get("/admin/figures/people/high-level/").status_code in (403, 404)
    client.force_login(staff(Role.TALENT_OFFICE, username="office"))
    told = {"year": 2026, "first": ["doctor"], "second": ["master"], "document": "才1号", "counted_before": 3}
    assert client.post("/admin/figures/people/high-level/", told).status_code == 302
    assert client.post("/admin/figures/people/high-level/", {**told, "second": []}).status_code == 302
    assert HighLevelYear.objects.get().tiers == [["doctor"]]
    entry = AuditEntry.objects.filter(action="reporting.define_high_level").latest("pk")
    assert (entry.before["tiers"], entry.after["tiers"]) == ([["doctor"], ["master"]], [["doctor"]])


def test_a_unit_sees_its_own_people_without_growth_and_names_only_who_may(bring, staff, client, hospital, make_unit):
    bring("林知微", "E1", "on_post")
    bring("许安然", "E1", "on_post", unit=make_unit("S1", name="第一中学"))
    address = "/admin/figures/people/rows/?year=2026&stage=official"
    for role, unit, rows, names in (
        (Role.UNIT_HR, hospital, 1, False), (Role.LEADER, None, 2, False), (Role.AUDITOR, None, 2, True),
    ):  # fmt: skip
        client.force_login(staff(role, unit=unit))
        response = client.get(address)
        assert response.context["page"].paginator.count == rows
        assert ("林知微" in response.content.decode()) is names
        assert ("高层次人才增长" in client.get("/admin/figures/people/").content.decode()) is (unit is None)
    client.force_login(staff(Role.EXPERT))
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("query", ["", "?year=x", "?year=2026&stage=beauty"])
def test_a_list_that_does_not_exist_is_not_found(leader, client, query):
    client.force_login(leader)
    assert client.get(f"/admin/figures/people/rows/{query}").status_code == 404
