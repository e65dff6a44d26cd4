"""The screen and the sheet of the what-if: every lever by its address, nothing written, constant queries."""

import hashlib
import io

import pytest
from django.db import connection
from python_calamine import CalamineWorkbook

from accounts.enums import Role
from campaigns.establishment.models import Envelope, EstablishedPost, Permit
from campaigns.planning.models import CalendarDay, PositionSlot
from recruitment.applications.models import Application
from recruitment.appointments import domain as appointments
from tests.applicants import NOW

pytestmark = pytest.mark.django_db
URL = "/admin/figures/P1/what-if/"


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


@pytest.fixture
def leader(staff, client):
    client.force_login(staff(Role.LEADER, username="leader"))
    return client


def number(exam, place):
    return exam.campaign.applications.get(ticket_no=exam.people[place].ticket_no).registration_no


def digests(*without):
    """Table → digest of all its rows, of every table of the database; the visitor's session is not the county's."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table in ("django_session", *without):
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = sorted(repr(row) for row in cursor.fetchall())
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


EVERYTHING = (
    "ratio=2&extended=on&medical=1&inspection=1&objections=1&notice=1&after=1&leaves=1&pool_leaves=1&passed=on&enter=on"
    "&permits_by=2027-01-01&exits_by=2027-01-01&permit=核编0101&void=C1&estimate=mildest"
)


@pytest.mark.parametrize("act", ["fail", "cancel", "cut&headcount=1"])
@pytest.mark.parametrize("until", ["registration", "notice"])
def test_no_table_is_changed_whatever_is_played(exam, programme, make_position, under_checks, leader, act, until):
    if until == "notice":
        exam.hand_over()
        exam.notice()
    before = digests()
    assert len(before) > 60
    noticed = "&withdrawn=C1" if until == "notice" else ""
    response = leader.get(f"{URL}?{EVERYTHING}&position={under_checks.pk}&act={act}{noticed}")
    assert response.status_code == 200
    assert not response.context["form"].errors
    assert response.context["whole"].before != response.context["whole"].after
    assert digests() == before


def test_a_table_that_is_changed_shows_in_the_digests(programme, under_checks):
    before = digests()
    EstablishedPost.objects.filter(state="reserved").update(purpose="别的")
    after = digests()
    assert [table for table in before if before[table] != after[table]] == ["establishment_establishedpost"]


def shown(page):
    """The flags of a page: how grave, and by which clause."""
    return {(told.tone, told.source) for told in page.context["flags"]}


LEVERS = [
    # what is asked, until which step, posts (used, held, reserved, free) then, flags
    ("", "notice", (0, 2, 0, 0), set()),
    ("objections=1", "notice", (0, 1, 0, 1), {("warn", "R76")}),
    ("notice=2", "notice", (0, 0, 0, 2), set()),
    ("enter=on", "notice", (2, 0, 0, 0), set()),
    ("enter=on&leaves=1", "notice", (1, 0, 0, 1), {("warn", "R79")}),
    ("enter=on&withdrawn=C1", "notice", (0, 2, 0, 0), {("warn", "R74、R75"), ("fail", "R74、R75")}),
    ("passed=on", "inspection", (0, 2, 0, 0), set()),
    ("passed=on&enter=on", "inspection", (2, 0, 0, 0), set()),
    ("inspection=1&passed=on&enter=on", "inspection", (2, 0, 0, 0), set()),
    ("inspection=2&passed=on&enter=on", "inspection", (1, 0, 0, 1), set()),
    ("void=C1", "inspection", (0, 0, 0, 2), {("warn", "R72"), ("warn", "R23、R30")}),
    ("void=C1", "notice", (0, 2, 0, 0), {("fail", "R72")}),
    ("position={pk}&act=cancel", "inspection", (0, 0, 0, 2), {("warn", "R72"), ("warn", "R23、R30")}),
    ("position={pk}&act=cut&headcount=1", "inspection", (0, 0, 1, 1),
     {("warn", "人社部令第35号第十五条"), ("warn", "R72")}),
    ("position={pk}&act=cut&headcount=3", "inspection", (0, 0, 2, 0), {("fail", "人社部令第35号第十五条")}),
    ("position={pk}&act=fail", "inspection", (0, 0, 2, 0), {("fail", "R26–R31")}),
    ("permit=核编0101", "inspection", (0, 0, 2, 0), {("warn", "编制规则5.1")}),
    ("permits_by=2027-01-01&passed=on", "inspection", (0, 2, 0, 0), {("warn", "编制规则5.1")}),
    ("permits_by=2026-12-31&passed=on", "inspection", (0, 2, 0, 0), set()),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "until", "then", "flags"), LEVERS)
def test_every_lever_by_its_address(exam, programme, under_checks, leader, asked, until, then, flags):
    exam.hand_over()
    if until == "notice":
        exam.notice()
    page = leader.get(f"{URL}?{asked.format(pk=under_checks.pk)}")
    assert not page.context["form"].errors
    assert tuple(page.context["whole"].after.values()) == then
    assert shown(page) == flags
    for _tone, source in flags:
        assert source in page.content.decode()


def test_pool_posts_go_home_when_their_people_leave(exam, programme, under_checks, leader):
    """Two enter, one of them on a post lent from the pool; of two who are to leave such posts only one is there."""
    exam.hand_over()
    exam.notice()
    lent = EstablishedPost.objects.filter(state="held").first()
    EstablishedPost.objects.filter(pk=lent.pk).update(is_pool=True)
    page = leader.get(f"{URL}?enter=on&pool_leaves=2")
    units = {str(line.name): line.after for line in page.context["units"]}
    assert units["未分配到单位"] == {"used": 0, "held": 0, "reserved": 0, "free": 1}
    assert units["县人民医院"] == {"used": 1, "held": 0, "reserved": 0, "free": 0}
    assert ("", "R79") in shown(page)


def rows_of(response):
    content = io.BytesIO(b"".join(response.streaming_content))
    return CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()


def test_the_sheet_holds_the_tables_the_flags_and_who_took_it(exam, programme, under_checks, leader):
    exam.hand_over()
    exam.notice()
    before = digests("accounts_auditentry")
    response = leader.get(f"{URL}?objections=1&enter=on&export=xlsx")
    rows = rows_of(response)
    assert len(rows[0]) == 2 + 4 * 3
    totals = next(row for row in rows if row[0] == "合计")
    assert totals[2:] == [0, 1, 1, 2, 0, -2, 0, 0, 0, 0, 1, 1]
    tracks = [row for row in rows if row[0] == "分通道"]
    assert [sum(row[column] for row in tracks) for column in range(2, 14)] == totals[2:]
    assert any("R76" in str(cell) for row in rows for cell in row)
    assert "leader" in str(rows[-1][0])
    assert digests("accounts_auditentry") == before


def test_a_sheet_of_wrong_answers_is_not_taken(programme, under_checks, leader):
    response = leader.get(f"{URL}?objections=-1&export=xlsx")
    assert response["Content-Type"].startswith("text/html")
    assert response.context["form"].errors


def test_before_after_and_every_table_add_up_to_the_envelope(exam, programme, under_checks, leader):
    exam.hand_over()
    exam.notice()
    context = leader.get(f"{URL}?objections=1&enter=on").context
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


def test_the_page_and_the_sheet_take_the_same_queries_for_one_position_and_for_five_hundred_units(
    exam, programme, under_checks, leader, make_unit, make_position, django_assert_num_queries
):
    leader.get(URL)
    with django_assert_num_queries(26):
        leader.get(f"{URL}?{EVERYTHING}")
    for index in range(500):
        unit = make_unit(f"W{index}")
        position = make_position(f"9{index:03d}", unit=unit, headcount_planned=2, headcount_effective=2)
        permit = Permit.objects.create(
            number=f"P{index}", unit=unit, slots=2, issued_on="2026-01-01", expires_on="2026-12-01",
            created_by=exam.posts,
        )  # fmt: skip
        posts = EstablishedPost.objects.bulk_create(
            EstablishedPost(code=f"W{index}-{n}", unit=unit, state="reserved", permit=permit) for n in range(2)
        )
        PositionSlot.objects.bulk_create(PositionSlot(position=position, post=post) for post in posts)
    enclose(programme)
    with django_assert_num_queries(26):
        page = leader.get(f"{URL}?void=C1")
    assert page.context["whole"].cells()[2] == (1002, 0, -1002)
    assert (len(page.context["units"]), page.context["more_units"]) == (60, 441)
    assert all(len(choices) <= 40 for _field, choices in page.context["lists"])
    assert len(page.content) < 200_000
    with django_assert_num_queries(22):
        rows = rows_of(leader.get(f"{URL}?void=C1&export=xlsx"))
    assert len(rows) > 501


def test_what_is_chosen_stays_in_the_list_and_words_find_the_rest(exam, programme, make_unit, make_position, leader):
    made = {}
    for index in range(45):
        position = make_position(f"8{index:03d}", unit=make_unit(f"V{index}", name=f"学校{index}"))
        exam.claim_posts(position, 1)
        made[position.code] = position
    enclose(programme)

    def listed(asked):
        lists = {field.name: choices for field, choices in leader.get(f"{URL}?{asked}").context["lists"]}
        return lists["position"], lists["permit"]

    assert [len(choices) for choices in listed("")] == [40, 40]
    positions, permits = listed(f"q=学校44&position={made['8000'].pk}")
    assert [(row.key, row.is_chosen) for row in positions] == [("C1 8000", True), ("C1 8044", False)]
    positions, permits = listed("q=8043&permit=核编8001")
    assert [(row.key, row.is_chosen) for row in permits] == [("核编8001", True), ("核编8043", False)]


def test_before_any_campaign_the_page_is_whole(programme, leader):
    page = leader.get(URL)
    assert page.status_code == 200
    assert page.context["size"] == 0
    assert leader.get(f"{URL}?{EVERYTHING.split('&permit=')[0]}").status_code == 200
