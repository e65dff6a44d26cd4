"""How many applied, for everyone: counted at times, hidden before the end, as the announcement prints it (R25)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from recruitment.applications import domain
from recruitment.applications.models import Application
from rulebook.explanation import Explanation
from rulebook.registration import Counters, counted
from tests.applicants import CLOSES, NOW, OPENS, set_knobs

pytestmark = pytest.mark.django_db
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture
def read(client, position):
    def act(language="zh"):
        client.cookies["django_language"] = {"zh": "zh-hans"}.get(language, language)
        urls = (f"{reverse('positions')}?state=all", reverse("position", args=[position.campaign.code, position.code]))
        return [client.get(url).content.decode() for url in urls]

    return act


@pytest.fixture
def applied(make_candidate, submit, position):
    def act(state="submitted"):
        person = make_candidate()
        draft = domain.start_application(actor=person.user, candidate=person, position=position)
        if state != "draft":
            Application.objects.filter(pk=submit(draft).pk).update(state=state)

    return act


def test_list_and_page_tell_who_applied_is_under_review_and_passed(read, applied):
    states = ("draft", "submitted", "returned", "rejected", "effective", "scored", "withdrawn", "disqualified")
    for state in states:
        applied(state)
    for language in ("zh", "en"):
        told = counted(Counters(registered=5, pending=2, passed=2), NOW).text(language)
        assert [told in page for page in read(language)] == [True, True]


@pytest.mark.parametrize("minutes", [10, 60])
def test_the_numbers_are_counted_anew_after_the_minutes_of_the_rules(read, applied, position, minutes, time_machine):
    set_knobs(position.campaign, registration={"counters_refresh_minutes": minutes})
    read()
    applied()
    for after, told in (
        (minutes * MINUTE - SECOND, counted(Counters(0, 0, 0), NOW)),
        (minutes * MINUTE, counted(Counters(1, 1, 0), NOW + minutes * MINUTE)),
    ):
        time_machine.move_to(NOW + after, tick=False)
        assert [told.text("zh") in page for page in read()] == [True, True]


@pytest.mark.parametrize("hours", [0, 24, 48])
def test_the_numbers_are_hidden_in_the_last_hours_with_the_reason(read, position, hours, time_machine):
    set_knobs(position.campaign, registration={"counters_hidden_last_hours": hours})
    hidden_from = CLOSES - timedelta(hours=hours)
    why = Explanation("registration.counters_hidden", {"hours": hours, "closes": CLOSES})
    for at, is_hidden in ((hidden_from - SECOND, False), (hidden_from, hours > 0), (CLOSES, False)):
        time_machine.move_to(at, tick=False)
        for language, word in (("zh", "初审通过"), ("en", "passed the review")):
            pages = read(language)
            assert [why.text(language) in page for page in pages] == [is_hidden] * 2
            assert [word in page for page in pages] == [not is_hidden] * 2


@pytest.mark.parametrize("rolling", [True, False])
def test_nothing_is_told_before_registration_opens_or_where_it_has_no_end(read, position, rolling, time_machine):
    set_knobs(position.campaign, registration={"rolling": rolling})
    for at, told in ((OPENS - SECOND, False), (OPENS, not rolling)):
        time_machine.move_to(at, tick=False)
        assert ["初审通过" in page for page in read()] == [told] * 2
