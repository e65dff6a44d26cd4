"""The second stage of registration (R22): who passed confirms in time, or the application is not effective."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from foundation.errors import NotAllowed, Refused
from foundation.messages.models import Message
from recruitment.applications import domain
from recruitment.applications.opening import opening_lines
from recruitment.examinations import domain as exams
from rulebook.explanation import Explanation
from rulebook.registration import confirmation_ends
from rulebook.ruleset.registration import RegistrationRules
from tests.applicants import CLOSES, set_knobs

pytestmark = pytest.mark.django_db
ENDS = confirmation_ends(CLOSES, RegistrationRules())
SECOND = timedelta(seconds=1)


@pytest.fixture
def two_stages(campaign):
    set_knobs(campaign, registration={"two_stage_confirm": True})


@pytest.fixture
def passed(submitted, reviewer):
    return domain.pass_review(actor=reviewer, application=submitted)


def confirm(application):
    return domain.confirm_application(actor=application.candidate.user, application=application)


@pytest.mark.parametrize(("at", "confirms"), [(ENDS - SECOND, True), (ENDS, False)])
def test_confirming_ends_with_the_days_of_the_rules(two_stages, passed, time_machine, at, confirms):
    time_machine.move_to(at, tick=False)
    if confirms:
        assert confirm(passed).confirmed_at == at
        assert confirm(passed).confirmed_at == at, "asked again it stays as it was"
        assert AuditEntry.objects.filter(action="applications.confirm").count() == 1
        return
    with pytest.raises(Refused) as refusal:
        confirm(passed)
    over = Explanation("registration.confirm_over", {"ends": ENDS}).text("zh")
    assert (refusal.value.code, refusal.value.message) == ("closed", f"{over} 未保存任何内容。")


def test_nobody_confirms_before_the_review_for_others_or_where_the_rules_want_nothing(
    submitted, reviewer, make_candidate, two_stages
):
    with pytest.raises(Refused) as refusal:
        confirm(submitted)
    assert refusal.value.code == "wrong_state"
    passed = domain.pass_review(actor=reviewer, application=submitted)
    for other in (reviewer, make_candidate().user):
        with pytest.raises(NotAllowed):
            domain.confirm_application(actor=other, application=passed)
    set_knobs(passed.campaign, registration={"two_stage_confirm": False})
    with pytest.raises(Refused):
        confirm(passed)


def test_who_passes_late_has_the_same_days_from_then(two_stages, submitted, reviewer, time_machine):
    late = ENDS + timedelta(days=10)
    time_machine.move_to(late, tick=False)
    passed = domain.pass_review(actor=reviewer, application=submitted)
    time_machine.move_to(late + timedelta(days=RegistrationRules().fee_days_after_close) - SECOND, tick=False)
    assert confirm(passed).confirmed_at


@pytest.mark.parametrize(("stages", "kind"), [(True, "passed_confirm"), (False, "passed")])
def test_the_message_of_the_review_says_by_when_to_confirm(campaign, submitted, reviewer, stages, kind):
    set_knobs(campaign, registration={"two_stage_confirm": stages})
    domain.pass_reviews(actor=reviewer, applications=[submitted])
    message = Message.objects.exclude(kind="application.submitted").get()
    by = Explanation("registration.confirm_by", {"ends": ENDS}).text("zh")
    assert (message.kind, by in message.body) == (f"application.{kind}", stages)


@pytest.mark.parametrize(("stages", "counted"), [(True, 1), (False, 2)])
def test_who_did_not_confirm_counts_in_no_ratio_and_gets_no_ticket(
    campaign, position, make_candidate, submit, reviewer, staff, county, time_machine, stages, counted
):
    set_knobs(campaign, registration={"two_stage_confirm": stages}, opening_ratio={"k": 2})
    people = []
    for _number in range(2):
        person = make_candidate()
        draft = domain.start_application(actor=person.user, candidate=person, position=position)
        people.append(domain.pass_review(actor=reviewer, application=submit(draft)))
    if stages:
        confirm(people[0])
    office = staff("talent_office", unit=county, username="office2")
    clerk = staff("exam_centre", username="clerk2")
    told = {"actor": office, "campaign": campaign, "document": "1号", "reason": "开考比例"}
    time_machine.move_to(ENDS - SECOND, tick=False)
    if stages:
        still = Explanation("registration.confirm_open", {"ends": ENDS}).text("zh")
        for early in (
            lambda: domain.check_opening_ratio(**told),
            lambda: exams.assign_tickets(actor=clerk, campaign=campaign, area="5115", seed="1"),
        ):
            with pytest.raises(Refused, match=still):
                early()
    time_machine.move_to(ENDS, tick=False)
    assert [line.valid for line in opening_lines(campaign)] == [counted]
    assert exams.assign_tickets(actor=clerk, campaign=campaign, area="5115", seed="1") == counted
    cut = domain.check_opening_ratio(**told)
    assert [line.result.outcome for line in cut] == (["cancelled"] if stages else [])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_applicants_page_has_the_button_the_deadline_and_what_became_of_it(
    client, two_stages, passed, time_machine, language
):
    client.force_login(passed.candidate.user)
    client.cookies["django_language"] = {"zh": "zh-hans"}.get(language, language)
    page, act = (reverse(f"portal:{name}", args=[passed.registration_no]) for name in ("application", "confirm"))

    def read():
        content = client.get(page).content.decode()
        codes = ("confirm_by", "confirm_over", "confirmed")
        said = [Explanation(f"registration.{code}", {"ends": ENDS}).text(language) in content for code in codes]
        return [*said, act in content]

    assert read() == [True, False, False, True]
    time_machine.move_to(ENDS, tick=False)
    assert read() == [False, True, False, False]
    client.post(act)
    assert read() == [False, True, False, False]
    time_machine.move_to(ENDS - SECOND, tick=False)
    client.post(act)
    assert read() == [False, False, True, False]
