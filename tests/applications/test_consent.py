"""People on an established post need their employer's consent at the step the rules name (R17)."""

from datetime import date
from html import escape

import pytest
from django.urls import reverse

from campaigns.planning.queries import rules_of
from foundation.errors import NotAllowed, Refused
from recruitment.applications import domain
from recruitment.applications.models import EmployerConsent
from recruitment.candidates.models import WorkPeriod

pytestmark = pytest.mark.django_db
LACKS = {
    "zh-hans": "机关事业单位在编人员应当提供所在单位同意报考的书面证明，尚未登记。",
    "en": "Staff on an established post must show their employer's written consent; none is recorded.",
}
LATER = "所在单位同意报考的书面证明在资格复审时查验，现在不需要。"


def turn(campaign, step):
    rules = rules_of(campaign)
    turned = rules.replaced(registration=rules.registration.model_copy(update={"in_service_consent_at": step}))
    campaign.rule_sets.update(document=turned.model_dump(mode="json"), digest=turned.digest())


@pytest.fixture
def on_a_post(submitted):
    WorkPeriod.objects.create(
        candidate=submitted.candidate, employer="邻县中学", kind="established", started_on=date(2020, 9, 1)
    )
    return submitted


@pytest.mark.parametrize(("step", "passes"), [("recheck", True), ("registration", False)])
def test_the_review_asks_for_the_consent_where_the_rules_say(on_a_post, reviewer, step, passes):
    turn(on_a_post.campaign, step)
    if passes:
        assert domain.pass_review(actor=reviewer, application=on_a_post).state != "submitted"
        return
    with pytest.raises(Refused, match=LACKS["zh-hans"]) as caught:
        domain.pass_review(actor=reviewer, application=on_a_post)
    with pytest.raises(Refused, match=on_a_post.registration_no):
        domain.pass_reviews(actor=reviewer, applications=[on_a_post])
    assert caught.value.code == "consent"
    domain.record_consent(actor=reviewer, application=on_a_post, document="同意函1号")
    assert domain.pass_review(actor=reviewer, application=on_a_post).state != "submitted"


def test_who_left_the_post_is_not_asked(on_a_post, reviewer):
    turn(on_a_post.campaign, "registration")
    WorkPeriod.objects.update(ended_on=date(2026, 1, 31))
    assert domain.pass_review(actor=reviewer, application=on_a_post).state != "submitted"


def test_the_reviewer_reads_the_rules_words_and_records_the_consent(client, settings, on_a_post, reviewer):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(reviewer)
    page = reverse("review-case", args=[on_a_post.registration_no])
    turn(on_a_post.campaign, "recheck")
    assert LATER in client.get(page).content.decode()
    turn(on_a_post.campaign, "registration")
    for language, words in reversed(LACKS.items()):
        client.cookies["django_language"] = language
        assert escape(words) in client.get(page).content.decode()
    act = reverse("review-consent", args=[on_a_post.registration_no])
    client.post(act, {"document": " "})
    assert not EmployerConsent.objects.exists()
    client.post(act, {"document": "同意函1号"})
    assert "同意函1号" in client.get(page).content.decode()


def test_only_reviewers_and_the_offices_above_record_a_consent(on_a_post, staff):
    with pytest.raises(NotAllowed):
        domain.record_consent(actor=staff("auditor"), application=on_a_post, document="1号")
