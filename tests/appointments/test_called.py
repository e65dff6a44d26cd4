"""Who is called to a free place reads why, as the office does, in the rules' own words (R72, R73)."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import User
from campaigns.planning.models import CalendarDay
from foundation.errors import Refused
from recruitment.appointments import domain
from recruitment.appointments.models import Appointment, Replacement
from recruitment.appointments.replacement import outlook
from recruitment.candidates.models import Candidate
from rulebook.ruleset.examination import NoCompetitionRules

pytestmark = pytest.mark.django_db
WHY = {"zh-hans": "体检环节由第2名递补", "en": "place 2 is called up at the stage “medical”"}


@pytest.fixture(autouse=True)
def _office(settings, db):
    settings.SECOND_FACTOR_REQUIRED = False
    CalendarDay.objects.get_or_create(date="2026-01-01", defaults={"is_working": False, "name": "元旦"})


@pytest.fixture
def place(exam, make_position):
    """The first of three did not come to the medical exam; their place is open."""
    position = make_position()
    exam.enter(position, 3)
    exam.claim_posts(position, 1)
    exam.to_totals((120, 110, 100), (90, 85, 80))
    (row,) = domain.open_appointments(actor=exam.office, campaign=exam.campaign)
    exam.check(row, "medical", "absent")
    return Appointment.objects.get(pk=row.pk)


def read(client, user, page, language):
    client.logout()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client.get(page)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_called_person_and_the_office_read_the_same_sentence(exam, place, client, language):
    called = exam.people[1]
    user = User.objects.create(username="next", kind="candidate")
    Candidate.objects.filter(pk=called.candidate_id).update(user=user)
    domain.call_replacement(actor=exam.office, place=place, application=called)
    own = read(client, user, reverse("portal:application", args=[called.registration_no]), language)
    office = reverse("appointment", args=[Appointment.objects.get(application=called).pk])
    for answer in (own, read(client, exam.office, office, language)):
        assert [told.lines for told in answer.context["told"] if told.subject == "place"] == [[WHY[language]]]
    answer = read(client, exam.office, reverse("appointment", args=[place.pk]), language)
    assert answer.context["place_lines"] == [WHY[language]]
    assert WHY[language] in answer.content.decode()


def test_a_place_left_empty_says_why(exam, place, client):
    exam.campaign.applications.filter(pk__in=[row.pk for row in exam.people[1:]]).update(state="withdrawn")
    domain.leave_place_empty(actor=exam.office, place=place, document="1号")
    answer = read(client, exam.office, reverse("appointment", args=[place.pk]), "zh-hans")
    assert answer.context["place_lines"] == Replacement.objects.get().explanation["zh"]
    assert answer.context["place_lines"] == ["体检环节没有符合条件的递补人员，名额空缺。"]


@pytest.mark.parametrize(
    ("reapplied", "extra", "called", "why"),
    [
        (False, {"line": Decimal(86)}, True, "体检环节由第2名递补"),
        (True, {"line": Decimal(85)}, True, "体检环节由第2名递补"),
        (True, {"line": Decimal(86)}, False, "体检环节出现空缺后未形成竞争，其余人员不满足附加条件，名额空缺。"),
        (True, {"line": Decimal(86), "ratio": Decimal("1.5")}, True, "体检环节由第2名递补"),
    ],
)
def test_competition_is_judged_anew_where_the_rules_say(exam, place, reapplied, extra, called, why):
    """Three were interviewed for one place and one dropped out: two are left, with 85 and 80."""
    exam.knobs("interview", no_competition=NoCompetitionRules(**{"ratio": Decimal(2), **extra}))
    exam.knobs("replacement", no_competition_reapplied=reapplied)
    answer = outlook(place)
    assert (answer.called == exam.people[1], answer.explanation.text("zh")) == (called, why)


def test_while_the_vote_of_the_panel_is_not_known_nobody_is_called_and_the_place_stays_open(exam, place, client):
    exam.knobs("interview", no_competition=NoCompetitionRules(ratio=Decimal(2), two_thirds_vote=True))
    exam.knobs("replacement", no_competition_reapplied=True)
    with pytest.raises(Refused, match="须先有考官组成绩和表决记录"):
        domain.call_replacement(actor=exam.office, place=place, application=exam.people[1])
    with pytest.raises(Refused, match="须先有考官组成绩和表决记录"):
        domain.leave_place_empty(actor=exam.office, place=place, document="1号")
    answer = read(client, exam.office, reverse("appointment", args=[place.pk]), "zh-hans")
    assert answer.context["allowed"] == []
