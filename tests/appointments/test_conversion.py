"""A flexible engagement becomes a full-time post: under the guard of any hire, and only once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry
from campaigns.establishment import domain as ledger
from campaigns.establishment.models import EstablishedPost, SlotMovement
from campaigns.planning.models import Position, PositionSlot
from cms.queries import public_positions
from foundation.errors import NotAllowed, Refused
from recruitment.applications.models import Application
from recruitment.appointments import domain
from recruitment.appointments.models import Appointment
from recruitment.reporting.metrics import Scope, metric
from recruitment.reporting.slot_checks import check_slots
from tests.engagements import *  # noqa: F403 - an engagement, and a post for it

pytestmark = pytest.mark.django_db
CONVERT = {"name": "茶叶加工研究岗", "document": "人才领导小组〔2026〕5号"}


def refused(**arguments):
    with pytest.raises(Refused) as refusal:
        domain.convert_engagement(**arguments)
    return refusal.value


def test_a_conversion_holds_a_post_and_opens_the_appointment(make_engagement, post_of_the_unit):
    row = make_engagement()
    made = domain.convert_engagement(actor=make_engagement.office, engagement=row, **CONVERT)
    post = EstablishedPost.objects.get(pk=post_of_the_unit.pk)
    assert (made.state, made.post, made.engagement, made.candidate) == ("opened", post, row, row.bid.candidate)
    assert (post.state, post.purpose) == ("held", row.number)
    assert (made.position.unit, made.position.code, made.position.headcount_effective) == (post.unit, "榜1", 1)
    assert list(PositionSlot.objects.values_list("position", "post", "released_at")) == [
        (made.position_id, post.pk, None)
    ]
    assert made.application.state == "handed_over"
    entry = AuditEntry.objects.get(action="appointments.convert")
    assert entry.after == {"engagement": "柔榜1", "post": post.code, "document": CONVERT["document"]}
    assert check_slots() == []


def test_a_conversion_without_a_free_post_is_refused_with_the_figures_and_leaves_nothing(
    make_engagement, post_of_the_unit
):
    first, second = make_engagement("榜1"), make_engagement("榜2")
    office = make_engagement.office
    domain.convert_engagement(actor=office, engagement=first, **CONVERT)
    refusal = refused(actor=office, engagement=second, **CONVERT)
    assert refusal.code == "shortage"
    assert "县人民医院需要1个编制，可用0个：核定 2 个、在编 1 人、已发布 0 个、已锁定 1 个" in refusal.message
    assert Appointment.objects.count() == Application.objects.count() == Position.objects.count() == 1


def test_converted_twice_gives_the_same_appointment(make_engagement, post_of_the_unit):
    row, office = make_engagement(), make_engagement.office
    made = domain.convert_engagement(actor=office, engagement=row, **CONVERT)
    assert domain.convert_engagement(actor=office, engagement=row, **CONVERT) == made
    assert SlotMovement.objects.filter(move="hold").count() == 1
    other = Application.objects.get()
    other.pk, other.registration_no, other.batch_group = None, "R2", "G2"
    other.save()
    fields = {"application": other, "candidate": row.bid.candidate, "position": made.position, "state": "ended"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(engagement=row, opened_by=office, **fields)


@pytest.mark.parametrize("state", ["agreed", "terminated"])
def test_only_work_that_runs_or_was_accepted_is_converted(make_engagement, post_of_the_unit, state):
    row = make_engagement(state=state)
    assert refused(actor=make_engagement.office, engagement=row, **CONVERT).code == "wrong_state"


def test_a_conversion_needs_its_document_and_the_name_of_the_position(make_engagement, post_of_the_unit):
    act = {"actor": make_engagement.office, "engagement": make_engagement()}
    assert refused(**act, name="岗", document=" ").code == "document_required"
    assert refused(**act, name=" ", document="文").code == "name"


def test_a_person_on_the_way_to_another_post_is_not_converted(make_engagement, post_of_the_unit, staff):
    row, office = make_engagement(), make_engagement.office
    domain.convert_engagement(actor=office, engagement=row, **CONVERT)
    posts, unit, today = staff(Role.ESTABLISHMENT_OFFICE, username="posts2"), make_engagement.unit, timezone.localdate()
    vacant = EstablishedPost.objects.filter(state="used")
    ledger.vacate_post(actor=posts, post=vacant.get(), reason_code="retired", reason="退休", document="退1号")
    ledger.refill_posts(actor=posts, posts=EstablishedPost.objects.filter(state="vacated"), document="补1号")
    ledger.issue_permit(
        actor=posts, number="核编2号", unit=unit, slots=1, issued_on=today, expires_on=today + timedelta(days=9)
    )
    again = make_engagement("榜3", candidate=row.bid.candidate)
    assert refused(actor=office, engagement=again, **CONVERT).code == "duplicate"
    assert EstablishedPost.objects.filter(state="permitted").count() == 1


def test_nobody_but_the_talent_office_converts(make_engagement, post_of_the_unit, staff):
    for number, role in enumerate((Role.UNIT_HR, Role.ESTABLISHMENT_OFFICE, Role.LEADER)):
        with pytest.raises(NotAllowed):
            domain.convert_engagement(actor=staff(role), engagement=make_engagement(f"榜{number}"), **CONVERT)


def test_the_converted_person_is_counted_once_and_the_position_is_not_on_the_public_lists(
    make_engagement, post_of_the_unit
):
    office = make_engagement.office
    made = domain.convert_engagement(actor=office, engagement=make_engagement(), **CONVERT)
    scope = Scope(made.position.campaign.programme, office)

    def figures():
        return [metric(key).rows(scope).count() for key in ("people_engaged", "people_appointed", "applications")]

    assert figures() == [1, 0, 0]
    Appointment.objects.filter(pk=made.pk).update(state="approved", approved_at=timezone.now())
    assert figures() == [0, 1, 0]
    assert not public_positions().exists()


def test_a_conversion_that_ends_gives_the_post_back_and_is_not_begun_again(make_engagement, post_of_the_unit):
    row, office = make_engagement(), make_engagement.office
    made = domain.convert_engagement(actor=office, engagement=row, **CONVERT)
    domain.end_appointment(
        actor=office, appointment=made, reason_code="withdrew", reason="本人放弃", document="放弃1号", replace=False
    )
    assert EstablishedPost.objects.get(pk=post_of_the_unit.pk).state == "permitted"
    assert refused(actor=office, engagement=row, **CONVERT).code == "ended"
    assert check_slots() == []


def test_the_page_names_the_post_and_converts(make_engagement, post_of_the_unit, client):
    row = make_engagement()
    client.force_login(make_engagement.office)
    challenge = client.get(reverse("challenges-challenge", args=["榜1"]))
    url = reverse("appointments-convert", args=[row.pk])
    assert url in challenge.content.decode()
    page = client.get(url).content.decode()
    assert post_of_the_unit.code in page
    assert "核编1号" in page
    assert client.post(url, {"name": "岗"}).status_code == 422
    answer = client.post(url, CONVERT)
    made = Appointment.objects.get()
    assert answer.headers["Location"] == reverse("appointment", args=[made.pk])
    assert client.get(url).headers["Location"] == reverse("appointment", args=[made.pk])
    page = client.get(reverse("challenges-challenge", args=["榜1"])).content.decode()
    assert reverse("appointment", args=[made.pk]) in page
    assert url not in page
    assert client.get(reverse("appointment", args=[made.pk])).status_code == 200


def test_the_page_says_the_shortage_before_and_after_it_is_tried(make_engagement, client):
    row = make_engagement()
    client.force_login(make_engagement.office)
    url = reverse("appointments-convert", args=[row.pk])
    assert "县人民医院需要1个编制，可用0个" in client.get(url).content.decode()
    answer = client.post(url, CONVERT)
    assert answer.status_code == 422
    assert answer.content.decode().count("县人民医院需要1个编制，可用0个") >= 2


def test_the_page_does_not_exist_for_other_offices_and_other_units(make_engagement, make_unit, client, staff):
    row = make_engagement()
    url = reverse("appointments-convert", args=[row.pk])
    client.force_login(staff(Role.ESTABLISHMENT_OFFICE))
    assert client.get(url).status_code == 404
    client.force_login(staff(Role.TALENT_OFFICE, unit=make_unit("S1")))
    assert client.get(url).status_code == 404
