"""Choosing again after the opening ratio cancelled one's position: who, what, and until the very second."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from campaigns.planning.models import Position
from recruitment.applications import domain
from recruitment.candidates.models import Candidate
from tests.applicants import CLOSES

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranded(exam, make_unit, make_position, client, time_machine):
    """The cancelled position's only applicant, signed in; the hours of choosing again run from CLOSES."""
    kept = make_position("0100", unit=make_unit("U0"), headcount_planned=1, headcount_effective=1)
    gone = make_position("0101", unit=make_unit("U1"), headcount_planned=1, headcount_effective=1)
    exam.enter(kept, 4)
    exam.claim_posts(kept, 1)
    application = exam.enter(gone, 1)[-1]
    exam.claim_posts(gone, 1)
    user = User.objects.create(username="stranded", email="s@example.org", kind="candidate")
    Candidate.objects.filter(pk=application.candidate_id).update(user=user)
    time_machine.move_to(CLOSES, tick=False)
    domain.check_opening_ratio(actor=exam.office, campaign=exam.campaign, document="调整1号", reason="未达到开考比例")
    client.force_login(user)
    application.refresh_from_db()
    return application


def addresses(application, code="0100"):
    number = application.registration_no
    pk = Position.objects.get(code=code).pk
    return reverse("portal:rechoose", args=[number]), reverse("portal:rechoose-confirm", args=[number, pk])


def test_the_application_leads_to_the_open_positions_and_the_choice_is_reviewed_anew(stranded, client):
    choices, confirm = addresses(stranded)
    assert choices in client.get(reverse("portal:application", args=[stranded.registration_no])).content.decode()
    page = client.get(choices)
    assert [position.code for position, _pill in page.context["rows"]] == ["0100"]
    assert confirm in page.content.decode()
    assert client.get(confirm).status_code == 200
    stranded.refresh_from_db()
    assert stranded.position.code == "0101"
    assert client.post(confirm).status_code == 302
    stranded.refresh_from_db()
    assert (stranded.position.code, stranded.state) == ("0100", "submitted")
    assert client.get(choices).status_code == 404


@pytest.mark.parametrize(("seconds", "status", "code"), [(-1, 302, "0100"), (0, 409, "0101")])
def test_the_last_second_still_counts_and_the_close_does_not(stranded, client, time_machine, seconds, status, code):
    time_machine.move_to(CLOSES + timedelta(hours=24, seconds=seconds), tick=False)
    assert client.post(addresses(stranded)[1]).status_code == status
    stranded.refresh_from_db()
    assert stranded.position.code == code


def test_after_the_close_no_position_is_offered_but_the_way_out_is(stranded, client, time_machine):
    time_machine.move_to(CLOSES + timedelta(hours=24), tick=False)
    page = client.get(addresses(stranded)[0])
    assert page.context["rows"] == []
    assert reverse("portal:withdraw", args=[stranded.registration_no]) in page.content.decode()


def test_someone_elses_application_and_a_cancelled_position_are_unknown(stranded, client):
    other = stranded.campaign.applications.exclude(pk=stranded.pk).first()
    assert client.get(addresses(other)[0]).status_code == 404
    assert client.post(addresses(stranded, "0101")[1]).status_code == 404
