"""The what-if against the real thing: the same events played on the copy and carried out by the verbs end alike."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from campaigns.establishment.domain import release_posts
from campaigns.establishment.models import Envelope, EstablishedPost
from campaigns.planning.models import CalendarDay, Position, PositionSlot
from recruitment.applications.domain import check_opening_ratio
from recruitment.applications.gateway import move_application
from recruitment.applications.models import Application
from recruitment.appointments import domain as appointments
from recruitment.appointments.models import Appointment
from recruitment.publications import domain as press
from recruitment.publications.models import Publication
from recruitment.reporting.slot_checks import check_slots
from recruitment.reporting.what_if import copy_of, key_of
from rulebook.ruleset.profiles import COUNTY_EXAM
from rulebook.what_if import CheckRatio, Drop, Enter, FailRatio, Leave, WithdrawNotice, simulate
from tests.applicants import CLOSES, NOW, SHANGHAI
from tests.panelists import set_rules

pytestmark = pytest.mark.django_db
AFTER = datetime(2026, 4, 1, tzinfo=SHANGHAI)
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "ALTER", "DROP")


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    CalendarDay.objects.get_or_create(date="2026-01-01", defaults={"is_working": False, "name": "元旦"})


@pytest.fixture
def programme(campaign, county):
    """The programme of the campaign, with an envelope that `enclose` fills with the posts there are."""
    found = campaign.programme
    found.envelope = Envelope.objects.create(code="E1", name="专项编制", size=1, unit=county)
    found.save()
    return found


def enclose(programme):
    EstablishedPost.objects.update(envelope=programme.envelope)
    Envelope.objects.update(size=EstablishedPost.objects.count())


@pytest.fixture
def under_checks(exam, programme, make_position):
    """Two places, four ranked people; the first two are opened, their posts still reserved."""
    position = make_position(headcount_planned=2, headcount_effective=2)
    exam.enter(position, 4)
    exam.claim_posts(position, 2)
    enclose(programme)
    exam.to_totals((120, 110, 100, 90), (90, 85, 80, 75))
    return position


def number(exam, place):
    return exam.campaign.applications.get(ticket_no=exam.people[place].ticket_no).registration_no


def appointment(exam, place):
    return Appointment.objects.get(application__registration_no=number(exam, place))


def real_state(programme):
    """Unit, position and state of every post, with the headcount of every position, as the database has them."""
    claims = dict(PositionSlot.objects.filter(released_at=None).values_list("post_id", "position_id"))
    positions = {row.pk: row for row in Position.objects.select_related("campaign")}
    posts = Counter(
        (
            post.unit.code if post.unit else "",
            key_of(positions[claims[post.pk]]) if post.pk in claims else "",
            post.state,
        )
        for post in EstablishedPost.objects.filter(envelope=programme.envelope).select_related("unit")
    )
    return posts, {key_of(row): row.headcount_effective for row in positions.values()}


def simulated_state(outcome):
    posts = Counter((slot.unit, slot.position, str(slot.state)) for slot in outcome.after.slots)
    return posts, {row.key: row.effective for row in outcome.after.positions}


def played(programme, *events):
    """The end state of a simulation, which must have carried out every event."""
    outcome = simulate(copy_of(programme).situation, events)
    assert len(outcome.events) == len(events), [flag.explanation.text("zh") for flag in outcome.flags]
    return outcome


def test_an_empty_scenario_is_the_database_as_it_stands(programme, under_checks):
    assert simulated_state(played(programme)) == real_state(programme)


@pytest.mark.parametrize("k", [3, 2])
def test_the_opening_ratio(exam, programme, make_unit, make_position, time_machine, k):
    set_rules(
        exam.campaign,
        COUNTY_EXAM.replaced(
            opening_ratio=COUNTY_EXAM.opening_ratio.model_copy(update={"k": k, "cut_order": "reduce_at_once"})
        ),
    )
    for index, (planned, applicants) in enumerate(((2, 5), (2, 1), (1, 3), (3, 7))):
        position = make_position(
            f"010{index}", unit=make_unit(f"U{index}"), headcount_planned=planned, headcount_effective=planned
        )
        exam.enter(position, applicants)
        exam.claim_posts(position, planned)
    enclose(programme)
    time_machine.move_to(CLOSES + timedelta(hours=1))
    before = real_state(programme)
    outcome = played(programme, CheckRatio("C1"))
    assert real_state(programme) == before
    lines = check_opening_ratio(actor=exam.office, campaign=exam.campaign, document="1号", reason="未达到开考比例")
    assert simulated_state(outcome) == real_state(programme)
    assert {line.position.code for line in lines} == {
        key.split()[1] for key, result in outcome.ratios.items() if result.effective < result.planned
    }


def test_a_position_that_fails_the_ratio_for_want_of_applicants(
    exam, programme, make_unit, make_position, time_machine
):
    for index, applicants in enumerate((0, 3)):
        position = make_position(f"010{index}", unit=make_unit(f"U{index}"))
        if applicants:
            exam.enter(position, applicants)
        exam.claim_posts(position, 1)
    enclose(programme)
    time_machine.move_to(CLOSES + timedelta(hours=1))
    outcome = played(programme, FailRatio("C1 0100"))
    check_opening_ratio(actor=exam.office, campaign=exam.campaign, document="1号", reason="无人报名")
    assert simulated_state(outcome) == real_state(programme)


def test_a_withdrawal_after_medical_with_a_replacement(exam, programme, under_checks):
    opened = appointments.open_appointments(actor=exam.office, campaign=exam.campaign)
    for row in opened:
        exam.check(row, "medical")
    outcome = played(programme, Drop(number(exam, 0), "withdrew"))
    assert [(call.person, call.stage) for call in outcome.calls] == [(number(exam, 2), "inspection")]
    ends = {"actor": exam.office, "reason_code": "withdrew", "reason": "本人放弃", "document": "声明"}
    appointments.end_appointment(appointment=appointment(exam, 0), **ends)
    third = Application.objects.get(registration_no=outcome.calls[0].person)
    move_application(actor=exam.office, application=third, move="propose")
    appointments.open_appointment(actor=exam.office, application=third)
    assert simulated_state(outcome) == real_state(programme)
    again = copy_of(programme).situation
    places = {row.key: row.place for row in again.people}
    expected = {row.key: row.place for row in outcome.after.people if row.place != "gone"}
    assert places == expected


def test_a_withdrawal_after_medical_without_a_replacement_gives_the_post_back(exam, programme, under_checks):
    table = tuple(
        row.model_copy(update={"allowed": row.stage != "inspection" and row.allowed})
        for row in COUNTY_EXAM.replacement.stages
    )
    set_rules_kept(exam.campaign, COUNTY_EXAM.replaced(
        replacement=COUNTY_EXAM.replacement.model_copy(update={"stages": table})))  # fmt: skip
    for row in appointments.open_appointments(actor=exam.office, campaign=exam.campaign):
        exam.check(row, "medical")
    outcome = played(programme, Drop(number(exam, 0), "withdrew"))
    assert outcome.calls == ()
    gone = appointment(exam, 0)
    appointments.end_appointment(
        actor=exam.office, appointment=gone, reason_code="withdrew", reason="本人放弃", document="声明", replace=False
    )
    give_the_place_up(exam, under_checks)
    assert simulated_state(outcome) == real_state(programme)


def set_rules_kept(campaign, rules):
    """Change the frozen document in place, since results point at its row."""
    campaign.rule_sets.update(document=rules.model_dump(mode="json"), digest=rules.digest())


def give_the_place_up(exam, position):
    """Where no post was held yet, the office releases one reserved post of the position by hand."""
    living = Appointment.objects.filter(position=position).exclude(state="ended").count()
    claims = PositionSlot.objects.filter(position=position, released_at=None)
    spare = claims.count() - living
    for claim in claims.filter(post__state="reserved").order_by("-post_id")[:spare]:
        release_posts(
            actor=exam.office, posts=[claim.post], reason_code="no_replacement", reason="不递补", document="决定"
        )
        PositionSlot.objects.filter(pk=claim.pk).update(released_at=timezone.now())


@pytest.mark.parametrize("is_allowed", [True, False])
def test_an_objection_upheld_during_the_notice(exam, programme, under_checks, is_allowed):
    table = tuple(
        row.model_copy(update={"allowed": is_allowed, "reasons": ("failed", "absent", "withdrew")})
        if row.stage == "notice"
        else row
        for row in COUNTY_EXAM.replacement.stages
    )
    set_rules_kept(exam.campaign, COUNTY_EXAM.replaced(
        replacement=COUNTY_EXAM.replacement.model_copy(update={"stages": table})))  # fmt: skip
    exam.hand_over()
    exam.notice()
    outcome = played(programme, Drop(number(exam, 0), "objection"))
    assert [call.person for call in outcome.calls] == ([number(exam, 2)] if is_allowed else [])
    row = appointment(exam, 0)
    objection = appointments.raise_objection(actor=exam.office, appointment=row, summary="学历存疑")
    appointments.decide_objection(actor=exam.office, objection=objection, is_upheld=True, decision="证书系伪造")
    if not is_allowed:
        give_the_place_up(exam, under_checks)
    assert simulated_state(outcome) == real_state(programme)
    assert check_slots() == []


def test_entry_and_leaving(exam, programme, under_checks, time_machine):
    exam.hand_over()
    exam.notice()
    outcome = played(programme, Enter(number(exam, 0)), Enter(number(exam, 1)), Leave(number(exam, 1)))
    time_machine.move_to(AFTER)
    for place in (0, 1):
        row = appointments.approve_appointment(
            actor=exam.second, appointment=appointment(exam, place), approval_number=f"{place}号"
        )
        appointments.enter_post(actor=exam.posts, appointment=row, ledger_number=f"SM{place}")
    appointments.end_appointment(
        actor=exam.posts, appointment=appointment(exam, 1), reason_code="left_post", reason="辞职", document="1号"
    )
    assert simulated_state(outcome) == real_state(programme)


def test_a_notice_taken_down_moves_no_post(exam, programme, under_checks):
    exam.hand_over()
    exam.notice()
    outcome = played(programme, WithdrawNotice("C1"))
    press.withdraw(actor=exam.second, publication=Publication.objects.get(kind="proposed_hires"), reason="名单有误")
    assert simulated_state(outcome) == real_state(programme)


def test_the_comparison_can_fail(exam, programme, under_checks):
    """Without the verb the database is not where the copy is."""
    exam.hand_over()
    exam.notice()
    assert simulated_state(played(programme, Enter(number(exam, 0)))) != real_state(programme)


SCENARIO = "ratio=2&objections=1&inspection=1&leaves=1&enter=on&act=cancel"


def test_the_page_writes_nothing(exam, programme, under_checks, staff, client):
    exam.hand_over()
    exam.notice()
    client.force_login(staff(Role.LEADER, username="leader"))
    with CaptureQueriesContext(
        connection,
    ) as caught:
        response = client.get(f"/admin/figures/P1/what-if/?{SCENARIO}&position={under_checks.pk}")
    assert response.status_code == 200
    written = [row["sql"] for row in caught if row["sql"].lstrip().upper().startswith(WRITES)]
    assert [sql for sql in written if '"django_session"' not in sql] == []  # when the visitor was last seen
    assert response.context["whole"].before != response.context["whole"].after


def test_before_after_and_every_table_add_up_to_the_envelope(exam, programme, under_checks, staff, client):
    exam.hand_over()
    exam.notice()
    client.force_login(staff(Role.LEADER, username="leader"))
    context = client.get("/admin/figures/P1/what-if/?objections=1&enter=on").context
    assert sum(context["whole"].before.values()) == sum(context["whole"].after.values()) == context["size"] == 2
    assert sum(line.total for line in context["tracks"]) == 2
    assert context["whole"].after == {"used": 1, "held": 0, "reserved": 0, "free": 1}


def test_the_page_names_nobody(exam, programme, under_checks, staff, client):
    for row in appointments.open_appointments(actor=exam.office, campaign=exam.campaign):
        exam.check(row, "medical")
    client.force_login(staff(Role.LEADER, username="leader"))
    page = client.get("/admin/figures/P1/what-if/?inspection=1&estimate=mildest").content.decode()
    assert number(exam, 2) in page
    names = [name for name in Application.objects.values_list("candidate__name", flat=True) if name]
    assert names
    assert all(name not in page for name in names)


@pytest.mark.parametrize("query", ["ratio=99", "objections=-1", "position=999999", "permit=none", "leaves=many"])
def test_a_wrong_answer_is_named_and_nothing_is_played(programme, under_checks, staff, client, query):
    client.force_login(staff(Role.LEADER, username="leader"))
    response = client.get(f"/admin/figures/P1/what-if/?{query}")
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not response.context["steps"]


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.LEADER, 200), (Role.AUDITOR, 200), (Role.TALENT_OFFICE, 200), (Role.ESTABLISHMENT_OFFICE, 200),
     (Role.UNIT_HR, 404), (Role.DEPARTMENT, 404), (Role.EXPERT, 404), (Role.MEDICAL_RECORDER, 404)],
)  # fmt: skip
def test_only_the_countys_own_offices_simulate(programme, under_checks, staff, client, role, status):
    client.force_login(staff(role, username="someone"))
    assert client.get("/admin/figures/P1/what-if/").status_code == status


def test_an_office_of_one_unit_finds_no_what_if_of_the_county(programme, under_checks, staff, make_unit, client):
    client.force_login(staff(Role.TALENT_OFFICE, unit=make_unit("X"), username="local"))
    assert client.get("/admin/figures/P1/what-if/").status_code == 404


def test_the_page_takes_the_same_queries_for_one_position_and_for_thirty(
    exam, programme, under_checks, staff, make_position, client, django_assert_num_queries
):
    client.force_login(staff(Role.LEADER, username="leader"))
    client.get("/admin/figures/P1/what-if/")
    with django_assert_num_queries(21):
        client.get("/admin/figures/P1/what-if/")
    for index in range(30):
        make_position(f"09{index:02d}")
    with django_assert_num_queries(21):
        client.get("/admin/figures/P1/what-if/")
