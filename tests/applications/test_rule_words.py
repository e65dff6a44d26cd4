"""What pages and messages say of a decision is what the rule book says, in both languages; and the knobs behind act."""

from datetime import timedelta

import pytest
from django.urls import reverse

from campaigns.planning.queries import rules_of
from foundation.errors import Refused
from foundation.messages.models import Message
from recruitment.applications import domain
from recruitment.publications.models import Publication
from rulebook.explanation import Explanation
from rulebook.ruleset.clauses import render
from tests.applicants import CLOSES, set_knobs

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture
def read(client):
    def act(user, language, url):
        client.force_login(user)
        client.cookies["django_language"] = {"zh": "zh-hans"}.get(language, language)
        return client.get(url).content.decode()

    return act


def reject(application, reviewer):
    return domain.reject_application(
        actor=reviewer, application=application, reason_code="major", reason="专业不符合岗位要求"
    )


@LANGUAGES
@pytest.mark.parametrize(("rechoice", "code"), [(True, "may_change"), (False, "no_rechoice")])
def test_a_rejected_person_reads_whether_another_post_may_be_chosen(
    submitted, reviewer, read, language, rechoice, code
):
    set_knobs(submitted.campaign, registration={"rechoose_after_rejection": rechoice})
    reject(submitted, reviewer)
    page = read(submitted.candidate.user, language, reverse("portal:application", args=[submitted.registration_no]))
    assert Explanation(f"registration.{code}", {"closes": CLOSES}).text(language) in page
    assert (f'btn--wide" href="{reverse("portal:positions")}"' in page) is rechoice


@LANGUAGES
@pytest.mark.parametrize(("passes", "code"), [(False, "may_change"), (True, "locked")])
def test_withdrawing_says_what_may_be_chosen_afterwards(submitted, reviewer, read, language, passes, code):
    if passes:
        domain.pass_review(actor=reviewer, application=submitted)
    page = read(submitted.candidate.user, language, reverse("portal:withdraw", args=[submitted.registration_no]))
    assert Explanation(f"registration.{code}", {"closes": CLOSES}).text(language) in page


@LANGUAGES
@pytest.mark.parametrize("rechoice", [True, False])
def test_the_reviewer_reads_what_the_announcement_prints_of_passing(submitted, reviewer, read, language, rechoice):
    set_knobs(submitted.campaign, registration={"rechoose_after_rejection": rechoice})
    page = read(reviewer, language, reverse("review-case", args=[submitted.registration_no]))
    printed = [clause for clause in render(rules_of(submitted.campaign), language) if clause.code.endswith("change")]
    assert [(clause.code.rpartition(".")[2], clause.text in page) for clause in printed] == [
        ("change" if rechoice else "no_change", True)
    ]


@LANGUAGES
@pytest.mark.parametrize("stages", [True, False])
def test_the_reviewer_reads_what_keeps_an_application_from_being_effective(submitted, reviewer, read, language, stages):
    set_knobs(submitted.campaign, registration={"two_stage_confirm": stages})
    domain.pass_review(actor=reviewer, application=submitted)
    page = read(reviewer, language, reverse("review-case", args=[submitted.registration_no]))
    assert (Explanation("registration.lacks_confirmation").text(language) in page) is stages


@LANGUAGES
def test_a_cancelled_post_is_told_of_in_the_words_of_the_rule_everywhere(
    submitted, reviewer, staff, county, read, time_machine, language
):
    passed = domain.pass_review(actor=reviewer, application=submitted)
    office = staff("talent_office", unit=county, username="office9")
    time_machine.move_to(CLOSES, tick=False)
    domain.check_opening_ratio(actor=office, campaign=passed.campaign, document="1号", reason="不足")
    values = {"planned": 1, "effective": 0, "valid": 1, "ratio": 3, "needed": 3}
    why = Explanation("opening.cancelled", values)
    urls = [
        reverse("portal:application", args=[passed.registration_no]),
        reverse("portal:rechoose", args=[passed.registration_no]),
        reverse("position", args=[passed.campaign.code, passed.position.code]),
    ]
    assert [why.text(language) in read(passed.candidate.user, language, url) for url in urls] == [True] * 3
    assert why.text("zh") in Message.objects.get(kind="application.post_cancelled").body
    assert [row[-1] for row in Publication.objects.get().rows] == [why.text("zh")]


@pytest.mark.parametrize("grace", [0, 24])
def test_what_is_returned_late_comes_back_within_the_hours_of_grace(submitted, reviewer, submit, time_machine, grace):
    set_knobs(submitted.campaign, registration={"grace_hours": grace})
    time_machine.move_to(CLOSES - timedelta(hours=1), tick=False)
    returned = domain.return_application(
        actor=reviewer, application=submitted, reason_code="document_missing", reason="请补交学位证书"
    )
    time_machine.move_to(CLOSES + timedelta(hours=22), tick=False)
    if grace:
        assert submit(returned).state == "submitted"
        return
    with pytest.raises(Refused) as refusal:
        submit(returned)
    assert refusal.value.message == Explanation("registration.closed", {"closes": CLOSES}).text("zh")


def test_grace_ends_to_the_second(submitted, reviewer, submit, time_machine):
    set_knobs(submitted.campaign, registration={"grace_hours": 24})
    time_machine.move_to(CLOSES - timedelta(hours=1), tick=False)
    returned = domain.return_application(
        actor=reviewer, application=submitted, reason_code="document_missing", reason="请补交学位证书"
    )
    time_machine.move_to(CLOSES + timedelta(hours=23), tick=False)
    with pytest.raises(Refused):
        submit(returned)
    time_machine.move_to(CLOSES + timedelta(hours=23, seconds=-1), tick=False)
    assert submit(returned).state == "submitted"
