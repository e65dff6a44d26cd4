import re
from contextlib import nullcontext
from datetime import timedelta

import pytest

from accounts.enums import Role
from accounts.models import AuditEntry
from foundation.errors import NotAllowed, Refused
from recruitment.applications import domain
from recruitment.applications.models import Application, Transition
from rulebook.explanation import Explanation
from tests.applicants import CLOSES, OPENS, set_knobs

pytestmark = pytest.mark.django_db


def start(candidate, position):
    return domain.start_application(actor=candidate.user, candidate=candidate, position=position)


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (OPENS - timedelta(seconds=1), "not_open_yet"),
        (OPENS, ""),
        (CLOSES - timedelta(seconds=1), ""),
        (CLOSES, "closed"),
    ],
)
def test_the_window_is_half_open_by_the_servers_clock(candidate, position, time_machine, moment, code):
    time_machine.move_to(moment, tick=False)
    if not code:
        assert start(candidate, position).state == "draft"
        return
    with pytest.raises(Refused) as refusal:
        start(candidate, position)
    assert refusal.value.code == code
    assert not Application.objects.exists()


def test_starting_twice_for_the_same_position_gives_the_same_draft(candidate, position):
    assert start(candidate, position) == start(candidate, position)
    assert Application.objects.count() == Transition.objects.count() == 1


def test_a_second_position_of_the_batch_is_refused_naming_the_first(candidate, position, make_position):
    first = start(candidate, position)
    with pytest.raises(Refused, match=first.registration_no) as refusal:
        start(candidate, make_position("0102"))
    assert refusal.value.code == "one_post"
    assert set(Application.objects.values_list("registration_no", flat=True)) == {first.registration_no}


def test_a_batch_group_spans_campaigns_and_another_batch_is_free(candidate, position, make_campaign, make_position):
    start(candidate, position)
    same, other = make_campaign("C2", batch_group="C1"), make_campaign("C3")
    with pytest.raises(Refused):
        start(candidate, make_position("0201", campaign=same))
    assert start(candidate, make_position("0301", campaign=other)).batch_group == "C3"


@pytest.mark.parametrize("state", ["suspended", "voided", "closed"])
def test_a_campaign_that_was_stopped_takes_nobody(candidate, make_campaign, make_position, state):
    stopped = make_position("0201", campaign=make_campaign("C2", state=state))
    with pytest.raises(Refused) as refusal:
        start(candidate, stopped)
    assert refusal.value.code == "not_recruiting"


def test_a_cancelled_or_unpublished_position_takes_nobody(candidate, make_position, make_campaign):
    for position in (
        make_position("0102", state="cancelled"),
        make_position("0103", state="draft"),
        make_position("0201", campaign=make_campaign("C2", published_at=None)),
    ):
        with pytest.raises(Refused):
            start(candidate, position)


def test_nobody_starts_an_application_for_someone_else(candidate, make_candidate, position, reviewer):
    for other in (make_candidate().user, reviewer):
        with pytest.raises(NotAllowed):
            domain.start_application(actor=other, candidate=candidate, position=position)


def test_a_new_position_may_be_chosen_after_rejection_and_after_withdrawal(
    submitted, candidate, make_position, reviewer
):
    domain.reject_application(actor=reviewer, application=submitted, reason_code="major", reason="专业不符合岗位要求")
    second = start(candidate, make_position("0102"))
    domain.withdraw_application(actor=candidate.user, application=second)
    assert start(candidate, make_position("0103")).state == "draft"


def test_who_passed_stays_bound_even_after_withdrawing(submitted, candidate, make_position, reviewer):
    domain.pass_review(actor=reviewer, application=submitted)
    domain.withdraw_application(actor=candidate.user, application=submitted)
    with pytest.raises(Refused) as refusal:
        start(candidate, make_position("0102"))
    assert refusal.value.code == "locked"


def test_starting_leaves_an_audit_entry_without_a_name(candidate, position):
    application = start(candidate, position)
    entry = AuditEntry.objects.get(action="applications.start")
    assert (entry.object_id, entry.after) == (str(application.pk), {"position": "0101"})
    assert candidate.name not in str([entry.object_name, entry.before, entry.after])


def test_the_position_may_change_before_review_and_not_after(submitted, candidate, make_position, reviewer, submit):
    other = make_position("0102")
    moved = domain.change_position(actor=candidate.user, application=submitted, position=other)
    assert (moved.position, moved.state) == (other, "draft")
    domain.pass_review(actor=reviewer, application=submit(moved))
    with pytest.raises(Refused) as refusal:
        domain.change_position(actor=candidate.user, application=moved, position=make_position("0103"))
    assert refusal.value.code == "locked"
    moved.refresh_from_db()
    assert moved.position == other


def test_a_position_of_another_batch_is_not_a_change(submitted, candidate, make_position, make_campaign):
    with pytest.raises(Refused) as refusal:
        domain.change_position(
            actor=candidate.user,
            application=submitted,
            position=make_position("0201", campaign=make_campaign("C2")),
        )
    assert refusal.value.code == "other_batch"


def test_registration_numbers_are_twelve_digits_that_begin_with_the_year(candidate, position):
    number = start(candidate, position).registration_no
    assert (len(number), number[:2], number.isdigit()) == (12, "26", True)


@pytest.mark.parametrize("allowed", [True, False])
def test_whether_a_rejected_person_may_choose_again_is_a_rule(submitted, candidate, make_position, reviewer, allowed):
    set_knobs(submitted.campaign, registration={"rechoose_after_rejection": allowed})
    domain.reject_application(actor=reviewer, application=submitted, reason_code="major", reason="专业不符合岗位要求")
    other = make_position("0102")
    if allowed:
        assert start(candidate, other).state == "draft"
        return
    with pytest.raises(Refused) as refusal:
        start(candidate, other)
    told = (refusal.value.code, Explanation("registration.no_rechoice").text("zh") in refusal.value.message)
    assert told == ("no_rechoice", True)
    assert Application.objects.count() == 1


def test_a_closed_window_keeps_the_position_though_another_campaign_of_the_batch_is_open(
    submitted, candidate, make_campaign, make_position, time_machine
):
    later = make_campaign("C2", batch_group="C1", registration_closes_at=CLOSES + timedelta(days=3))
    time_machine.move_to(CLOSES, tick=False)
    with pytest.raises(Refused) as refusal:
        domain.change_position(
            actor=candidate.user, application=submitted, position=make_position("0201", campaign=later)
        )
    assert refusal.value.code == "closed"
    submitted.refresh_from_db()
    assert (submitted.position.code, submitted.state) == ("0101", "submitted")


@pytest.mark.parametrize(("one_post", "held"), [(True, {"0101"}), (False, {"0101", "0102", "0103"})])
def test_whether_a_person_may_have_several_posts_is_a_rule(candidate, position, make_position, one_post, held):
    set_knobs(position.campaign, registration={"one_post": one_post})
    first = start(candidate, position)
    said = Explanation("registration.one_post", {"number": first.registration_no}).text("zh")
    for row in (make_position("0102"), make_position("0103"), position):
        refused = pytest.raises(Refused, match=re.escape(f"{said} 未保存任何内容。"))
        with refused if one_post and row != position else nullcontext():
            start(candidate, row)
    assert sorted(Application.objects.values_list("position__code", flat=True)) == sorted(held)


def several_posts(candidate, *positions):
    set_knobs(positions[0].campaign, registration={"one_post": False})
    return [start(candidate, row) for row in positions]


def test_with_several_posts_none_is_moved_to_one_the_person_has_already(candidate, position, make_position):
    first, second = several_posts(candidate, position, make_position("0102"))
    with pytest.raises(Refused) as refusal:
        domain.change_position(actor=candidate.user, application=first, position=second.position)
    assert (refusal.value.code, second.registration_no in refusal.value.message) == ("same_post", True)
    moved = domain.change_position(actor=candidate.user, application=first, position=make_position("0103"))
    assert start(candidate, position) != moved, "the post that was left is free again"


def test_with_several_posts_a_review_binds_to_its_own_post_only(candidate, position, make_position, submit, reviewer):
    first, second = several_posts(candidate, position, make_position("0102"))
    domain.pass_review(actor=reviewer, application=submit(first))
    domain.withdraw_application(actor=candidate.user, application=first)
    assert start(candidate, make_position("0103")).state == second.state == "draft"
    with pytest.raises(Refused) as refusal:
        start(candidate, position)
    assert refusal.value.code == "locked"


def test_several_posts_bind_again_once_the_rules_are_amended(candidate, position, make_position):
    several_posts(candidate, position)
    set_knobs(position.campaign, registration={"one_post": True})
    with pytest.raises(Refused) as refusal:
        start(candidate, make_position("0102"))
    assert refusal.value.code == "one_post"


@pytest.mark.parametrize("one_post", [True, False])
def test_a_rejection_is_lifted_only_beside_what_the_rules_allow(
    submitted, candidate, make_position, reviewer, staff, county, one_post
):
    set_knobs(submitted.campaign, registration={"one_post": one_post})
    domain.reject_application(actor=reviewer, application=submitted, reason_code="major", reason="专业不符合岗位要求")
    other = start(candidate, make_position("0102"))
    office = staff(Role.TALENT_OFFICE, unit=county, username="office")
    if not one_post:
        lifted = domain.override_rejection(actor=office, application=submitted, reason="复核后符合条件")
        assert (lifted.state, other.state) == ("effective", "draft")
        return
    with pytest.raises(Refused, match=other.registration_no) as refusal:
        domain.override_rejection(actor=office, application=submitted, reason="复核后符合条件")
    assert refusal.value.code == "one_post"
