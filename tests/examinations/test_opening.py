"""The check of the opening ratio by the real verb: who may, when, what is cut, who is told, and choosing again."""

from datetime import timedelta

import pytest

from campaigns.establishment.models import EstablishedPost, SlotMovement
from campaigns.planning.models import Position
from foundation.errors import NotAllowed, Refused
from foundation.messages.models import Message
from recruitment.applications import domain
from recruitment.applications.opening import opening_lines
from recruitment.publications.models import Publication
from tests.applicants import CLOSES

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(exam, make_unit, make_position):
    """Positions A planned 2 with 5 applicants, B planned 2 with 2, C planned 1 with 3; each with its posts reserved."""
    found = []
    for number, (planned, applicants) in enumerate(((2, 5), (2, 2), (1, 3))):
        position = make_position(
            f"010{number}", unit=make_unit(f"U{number}"), headcount_planned=planned, headcount_effective=planned
        )
        exam.enter(position, applicants)
        exam.claim_posts(position, planned)
        found.append(position)
    return found


def check(exam, **changes):
    told = {"actor": exam.office, "campaign": exam.campaign, "document": "调整1号", "reason": "未达到开考比例"}
    return domain.check_opening_ratio(**{**told, **changes})


def headcounts():
    return dict(Position.objects.values_list("code", "headcount_effective"))


def states():
    return sorted(EstablishedPost.objects.values_list("state", flat=True))


def test_cancelling_comes_first_and_reducing_after_applicants_chose_again(exam, three, time_machine):
    time_machine.move_to(CLOSES)
    first = check(exam)
    assert [(line.position.code, line.result.outcome) for line in first] == [("0101", "cancelled")]
    assert headcounts() == {"0100": 2, "0101": 0, "0102": 1}
    assert states() == ["permitted"] * 2 + ["reserved"] * 3
    exam.campaign.refresh_from_db()
    assert exam.campaign.state == "published"
    with pytest.raises(Refused) as caught:
        check(exam)
    assert caught.value.code == "rechoosing"
    time_machine.move_to(CLOSES + timedelta(hours=25))
    second = check(exam)
    assert [(line.position.code, line.result.effective) for line in second] == [("0100", 1)]
    assert states() == ["permitted"] * 3 + ["reserved"] * 2
    exam.campaign.refresh_from_db()
    assert exam.campaign.state == "ratio_checked"
    reasons = set(SlotMovement.objects.filter(move="release").values_list("reason_code", flat=True))
    assert reasons == {"opening_ratio"}
    with pytest.raises(Refused) as caught:
        check(exam)
    assert caught.value.code == "wrong_state"


def test_a_notice_of_the_changes_is_drafted_for_a_second_person(exam, three, time_machine):
    time_machine.move_to(CLOSES)
    check(exam)
    draft = Publication.objects.get()
    assert (draft.kind, draft.state, [row[2:5] for row in draft.rows]) == ("other", "draft", [["0101", "2", "0"]])


def test_whoever_chose_a_cancelled_position_is_told_and_may_choose_again_within_the_hours(
    exam, three, candidate, submit, reviewer, time_machine
):
    application = submit(domain.start_application(actor=candidate.user, candidate=candidate, position=three[1]))
    boss = exam.office
    time_machine.move_to(CLOSES)
    with pytest.raises(Refused) as caught:
        check(exam)
    assert caught.value.code == "undecided"
    hr = type(boss).objects.get(pk=reviewer.pk)
    hr.staff_roles.update(unit=three[1].unit)
    domain.pass_review(actor=hr, application=application)
    Message.objects.all().delete()
    three[1].refresh_from_db()
    Position.objects.filter(pk=three[1].pk).update(headcount_planned=2, opening_ratio=5)
    check(exam)
    assert Message.objects.filter(kind="application.post_cancelled").count() == 1
    with pytest.raises(NotAllowed):
        domain.rechoose_position(actor=boss, application=application, position=three[0])
    with pytest.raises(Refused):
        domain.rechoose_position(actor=candidate.user, application=application, position=three[1])
    moved = domain.rechoose_position(actor=candidate.user, application=application, position=three[0])
    moved.refresh_from_db()
    assert (moved.position, moved.state, moved.review.verdict) == (three[0], "submitted", "pending")
    domain.pass_review(actor=exam_reviewer(hr, three[0]), application=moved)
    time_machine.move_to(CLOSES + timedelta(hours=25))
    assert check(exam) == []
    assert headcounts()["0100"] == 2


def exam_reviewer(hr, position):
    """The unit's reviewer moves to the other unit."""
    hr.staff_roles.update(unit=position.unit)
    return type(hr).objects.get(pk=hr.pk)


@pytest.mark.parametrize(("changes", "code"), [({"document": " "}, "document_required"), ({}, "registration_open")])
def test_nothing_is_cut_without_a_document_or_while_people_may_still_apply(exam, three, changes, code):
    with pytest.raises(Refused) as caught:
        check(exam, **changes)
    assert caught.value.code == code
    assert states() == ["reserved"] * 5


def test_only_the_talent_office_checks_the_ratio(exam, three, time_machine):
    time_machine.move_to(CLOSES)
    for other in (exam.clerk, exam.posts, exam.medical):
        with pytest.raises(NotAllowed):
            check(exam, actor=other)
    assert states() == ["reserved"] * 5


def test_the_preview_takes_the_same_queries_for_one_position_and_for_many(
    exam, three, make_position, django_assert_num_queries
):
    with django_assert_num_queries(3):
        opening_lines(exam.campaign)
    for number in range(30):
        make_position(f"09{number:02d}")
    with django_assert_num_queries(3):
        assert len(opening_lines(exam.campaign)) == 33


def test_the_page_shows_what_will_change_and_the_act_asks_for_its_document(exam, three, client, time_machine):
    time_machine.move_to(CLOSES)
    client.force_login(exam.office)
    url = "/admin/opening-ratio/C1/"
    page = client.get(url)
    assert [figure.value for figure in page.context["figures"]] == [3, 1, 1, 3]
    assert [line.position.code for line in page.context["page"]] == ["0100", "0101"]
    assert client.post(url, {"document": "", "reason": "不足"}).status_code == 200
    assert states() == ["reserved"] * 5
    client.post(url, {"document": "调整1号", "reason": "未达到开考比例"})
    assert states() == ["permitted"] * 2 + ["reserved"] * 3


def test_others_and_offices_of_other_units_find_no_such_page(exam, three, client, staff, make_unit):
    others = [exam.clerk, exam.posts, staff("leader"), staff("talent_office", unit=make_unit("X9"), username="far")]
    for person in others:
        client.force_login(person)
        assert client.get("/admin/opening-ratio/C1/").status_code == 404
        assert client.post("/admin/opening-ratio/C1/", {"document": "1", "reason": "x"}).status_code == 404
    assert states() == ["reserved"] * 5


def test_an_exam_whose_ratio_is_due_is_on_the_list_of_things_to_do(exam, three, time_machine):
    from recruitment.applications.wagtail_hooks import ratios_to_check

    assert [item.count for item in ratios_to_check(exam.office)] == [0]
    time_machine.move_to(CLOSES)
    assert [(item.count, item.url) for item in ratios_to_check(exam.office)] == [(1, "/admin/opening-ratio/C1/")]
    assert ratios_to_check(exam.clerk) == []


def test_the_page_takes_the_same_queries_for_a_few_positions_and_for_many(
    exam, three, make_position, client, django_assert_num_queries
):
    client.force_login(exam.office)
    client.get("/admin/opening-ratio/C1/")
    with django_assert_num_queries(17):
        client.get("/admin/opening-ratio/C1/")
    for number in range(30):
        make_position(f"09{number:02d}")
    with django_assert_num_queries(17):
        client.get("/admin/opening-ratio/C1/")
