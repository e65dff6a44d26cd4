"""People who take no post stand on the ledger's pages beside the sums, and change none of them."""

import re
from datetime import date

import pytest

from accounts.enums import Role
from campaigns.establishment import domain as establishment
from recruitment.applications.models import Application
from recruitment.appointments.models import Appointment
from recruitment.candidates.models import Candidate
from tests.applicants import *  # noqa: F403 - a campaign, its positions, people
from tests.engagements import *  # noqa: F403 - flexible engagements

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


@pytest.fixture
def office(staff, county):
    return staff(Role.ESTABLISHMENT_OFFICE, unit=county, username="office")


@pytest.fixture
def engaged(make_engagement, office, make_unit):
    """Two people engaged by the hospital, one whose agreement was terminated; posts there and at a school."""
    make_engagement("榜1")
    make_engagement("榜2", state="agreed")
    make_engagement("榜3", state="terminated")
    school = make_unit("S1", name="县第一中学")
    for unit, authorised in ((make_engagement.unit, 7), (school, 5)):
        establishment.register_unit_posts(
            actor=office, unit=unit, authorised=authorised, on_board=3, recorded_on=DAY, document="编1号"
        )
    return make_engagement.unit


def hire_civil_servant(make_campaign, unit, office):
    from campaigns.planning.models import Position

    campaign = make_campaign(code="GK1", slot_type="civil_service")
    position = Position.objects.create(
        campaign=campaign, unit=unit, code="0201", name="科员", headcount_planned=1, headcount_effective=1
    )
    person = Candidate.objects.create(name="公务员")
    application = Application.objects.create(
        candidate=person, campaign=campaign, position=position, batch_group="GK", state="handed_over",
        registration_no="R9",
    )  # fmt: skip
    return Appointment.objects.create(
        application=application, candidate=person, position=position, state="on_post", opened_by=office
    )


def outside(client, url):
    """Label → number of what a page shows outside its sums."""
    context = client.get(f"/admin/posts/{url}").context
    return {str(group.label): group.number for group in context["outside"]}


def test_engagements_and_civil_service_hires_stand_outside_the_sums(client, engaged, office, make_campaign):
    client.force_login(office)
    assert outside(client, "") == outside(client, "units/H1/") == {"柔性引进": 2}
    assert outside(client, "units/S1/") == {}
    hire_civil_servant(make_campaign, engaged, office)
    page = client.get("/admin/posts/")
    assert outside(client, "") == {"柔性引进": 2, "公务员（党政人才）": 1}
    assert (page.context["sums"].authorised, page.context["sums"].on_board) == (12, 6)
    section = re.search(r'<section class="po-outside".*?</section>', page.content.decode(), re.S).group()
    assert "柔性引进 <strong>2</strong>" in section


def test_a_past_day_tells_nobody_outside(client, engaged, office):
    client.force_login(office)
    assert client.get("/admin/posts/", {"as_of": "2026-03-10"}).context["outside"] == []


def test_who_sees_one_unit_reads_the_engagements_of_that_unit_only(client, engaged, staff, make_unit):
    client.force_login(staff(Role.UNIT_HR, unit=make_unit("S2"), username="hr2"))
    assert outside(client, "") == {}
    client.force_login(staff(Role.UNIT_HR, unit=engaged, username="hr1"))
    assert outside(client, "") == {"柔性引进": 2}


def test_posts_of_the_civil_service_are_named_beside_the_sums_and_not_added(client, engaged, office):
    client.force_login(office)
    assert client.get("/admin/posts/").context["civil"] is None
    establishment.register_unit_posts(
        actor=office, unit=engaged, authorised=4, on_board=4, recorded_on=DAY, document="编2号",
        slot_type="civil_service",
    )  # fmt: skip
    for url, authorised in (("", 12), ("units/H1/", 7)):
        page = client.get(f"/admin/posts/{url}")
        shown = page.context["sums"] if "sums" in page.context else page.context["balance"]
        assert (shown.authorised, page.context["civil"].authorised, page.context["civil"].on_board) == (
            authorised,
            4,
            4,
        )
        assert "行政编制" in page.content.decode()
    assert client.get("/admin/posts/?type=civil_service").context["civil"] is None
