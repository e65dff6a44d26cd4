import re

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEntry
from recruitment.applications import domain
from recruitment.applications.models import Application, EligibilityReview

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def desk(client, reviewer):
    client.force_login(reviewer)
    return client


def case(application, name="case"):
    return reverse(f"review-{name}", args=[application.registration_no])


def numbers(answer):
    return set(re.findall(r"\b26\d{10}\b", answer.content.decode()))


@pytest.fixture
def elsewhere(make_candidate, make_position, make_unit, submit):
    """An application submitted to a position of another unit."""
    person = make_candidate(name="顾南枝")
    position = make_position("0301", unit=make_unit("S1", name="一中"))
    return submit(domain.start_application(actor=person.user, candidate=person, position=position))


def test_the_queue_holds_what_waits_in_ones_own_units(desk, submitted, elsewhere):
    assert numbers(desk.get(reverse("review-queue"))) == {submitted.registration_no}


def test_what_lies_outside_ones_scope_does_not_exist(desk, elsewhere):
    assert desk.get(case(elsewhere)).status_code == 404
    for name in ("decide", "recuse", "reveal"):
        assert desk.post(case(elsewhere, name), {"act": "pass", "reason": "x", "purpose": "x"}).status_code == 404
    answer = desk.post(reverse("review-pass"), {"application": [elsewhere.pk], "confirm": "1"})
    assert elsewhere.registration_no not in answer.content.decode()
    assert Application.objects.get().state == "submitted"


def test_a_leader_reads_numbers_and_stages_but_no_names(client, submitted, staff, county):
    client.force_login(staff(Role.LEADER, unit=county))
    answer = client.get(reverse("review-queue"))
    assert submitted.registration_no in answer.content.decode()
    assert "林知微" not in answer.content.decode()
    assert "林知微" not in client.get(reverse("review-queue"), {"q": "林知微"}).content.decode().replace(
        'value="林知微"', ""
    )
    assert numbers(client.get(reverse("review-queue"), {"q": "林知微"})) == set()
    assert client.get(case(submitted)).status_code == 404


def test_the_page_of_one_application_shows_what_was_submitted_and_masks_the_number(desk, submitted):
    text = desk.get(case(submitted)).content.decode()
    assert "湘屏大学" in text
    assert "99999**********" in text
    assert submitted.candidate.id_number not in text


def test_the_full_number_is_shown_once_for_a_purpose_and_logged(desk, submitted):
    assert (
        submitted.candidate.id_number
        not in desk.post(case(submitted, "reveal"), {"purpose": ""}, follow=True).content.decode()
    )
    text = desk.post(case(submitted, "reveal"), {"purpose": "核对原件"}).content.decode()
    assert submitted.candidate.id_number in text
    assert AuditEntry.objects.filter(action="candidates.reveal_id_number").count() == 1
    assert submitted.candidate.id_number not in desk.get(case(submitted)).content.decode()


def test_passing_goes_on_to_the_next_that_waits(desk, submitted, make_candidate, position, submit, time_machine):
    other = make_candidate(name="裴云深")
    following = submit(domain.start_application(actor=other.user, candidate=other, position=position))
    answer = desk.post(case(submitted, "decide"), {"act": "pass"})
    assert answer.url == case(following)
    assert desk.post(case(following, "decide"), {"act": "pass"}).url == reverse("review-queue")
    assert set(Application.objects.values_list("state", flat=True)) == {"effective"}


@pytest.mark.parametrize(("act", "code"), [("return", "document_missing"), ("reject", "major")])
def test_sending_back_needs_code_and_words_and_says_so_without_losing_them(desk, submitted, act, code):
    answer = desk.post(case(submitted, "decide"), {"act": act, "reason_code": "", "reason": "请看公告第二条"})
    assert answer.status_code == 422
    assert "请看公告第二条" in answer.content.decode()
    desk.post(case(submitted, "decide"), {"act": act, "reason_code": code, "reason": "请看公告第二条"})
    review = EligibilityReview.objects.get()
    assert (review.reason_code, review.reason) == (code, "请看公告第二条")


def test_an_act_that_is_none_does_not_exist(desk, submitted):
    assert desk.post(case(submitted, "decide"), {"act": "hire"}).status_code == 404


def test_passing_several_shows_its_effect_before_it_writes(desk, submitted, make_candidate, position, submit, reviewer):
    person = make_candidate(name="苏景行")
    recused = submit(domain.start_application(actor=person.user, candidate=person, position=position))
    domain.declare_recusal(actor=reviewer, application=recused, user=reviewer, reason="表亲")
    keys = {"application": [submitted.pk, recused.pk]}
    preview = desk.post(reverse("review-pass"), keys)
    assert numbers(preview) == {submitted.registration_no, recused.registration_no}
    assert set(Application.objects.values_list("state", flat=True)) == {"submitted"}
    desk.post(reverse("review-pass"), {**keys, "confirm": "1"})
    assert dict(Application.objects.values_list("registration_no", "state")) == {
        submitted.registration_no: "effective",
        recused.registration_no: "submitted",
    }


def test_more_applications_than_one_act_takes_are_refused_and_none_is_left_out_silently(desk, submitted):
    keys = [submitted.pk, *range(10**6, 10**6 + 500)]
    answer = desk.post(reverse("review-pass"), {"application": keys, "confirm": "1"}, follow=True)
    assert ("选择了501" in answer.content.decode(), Application.objects.get().state) == (True, "submitted")


def test_a_recusal_takes_the_decision_away_from_its_declarer(desk, submitted):
    desk.post(case(submitted, "recuse"), {"reason": "舅甥"})
    text = desk.get(case(submitted)).content.decode()
    assert 'value="pass"' not in text
    assert desk.post(case(submitted, "decide"), {"act": "pass"}).status_code == 422
    assert Application.objects.get().state == "submitted"


def test_a_rejection_is_lifted_by_the_talent_office_on_the_same_page(client, submitted, reviewer, staff, county):
    domain.reject_application(actor=reviewer, application=submitted, reason_code="major", reason="专业不在目录内")
    client.force_login(staff(Role.TALENT_OFFICE, unit=county))
    assert 'value="override"' in client.get(case(submitted)).content.decode()
    client.post(case(submitted, "decide"), {"act": "override", "reason": "经核对目录，新闻学在内"})
    assert Application.objects.get().state == "effective"


def test_the_exam_centre_reads_but_does_not_decide(client, submitted, staff, county):
    client.force_login(staff(Role.EXAM_CENTRE, unit=county))
    text = client.get(case(submitted)).content.decode()
    assert 'value="pass"' not in text
    assert client.post(case(submitted, "decide"), {"act": "pass"}).status_code == 422


@pytest.mark.parametrize("role", [Role.FINANCE, Role.EXPERT, Role.MEDICAL_RECORDER, Role.EVENT_STAFF])
def test_others_find_an_empty_queue(client, submitted, staff, county, role):
    client.force_login(staff(role, unit=county))
    assert numbers(client.get(reverse("review-queue"))) == set()
    assert client.get(case(submitted)).status_code == 404


def test_candidates_and_strangers_do_not_get_in(client, submitted):
    assert client.get(reverse("review-queue")).status_code == 302
    client.force_login(submitted.candidate.user)
    assert client.get(reverse("review-queue")).status_code in (302, 403, 404)


@pytest.mark.parametrize("count", [1, 30])
def test_the_queue_costs_the_same_for_one_and_for_thirty(
    desk, make_candidate, position, submit, django_assert_num_queries, count
):
    for _ in range(count):
        person = make_candidate()
        submit(domain.start_application(actor=person.user, candidate=person, position=position))
    desk.get(reverse("review-queue"))
    with django_assert_num_queries(15):
        desk.get(reverse("review-queue"))
