"""A post that waits is with whoever must act next, until the day that step has: person by person, post by post."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import StaffRole
from campaigns.establishment.models import EstablishedPost
from campaigns.establishment.queries import described
from campaigns.planning.models import Milestone
from recruitment.appointments import domain
from tests.applicants import SHANGHAI

pytestmark = pytest.mark.django_db
AFTER = datetime(2026, 4, 1, 9, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def calendar_2026(db):
    from campaigns.planning.models import CalendarDay

    CalendarDay.objects.get_or_create(date="2026-01-01", defaults={"is_working": False, "name": "元旦"})


def lines():
    """(step, owner, deadline) of every bound post, in the order of the posts."""
    posts = EstablishedPost.objects.filter(state__in=["reserved", "held"]).select_related("unit", "permit")
    return [(str(line.waits_for), line.owner, line.deadline) for line in described(list(posts.order_by("pk")))]


def plan(campaign, **days):
    for order, (key, day) in enumerate(days.items()):
        start = datetime.combine(day, datetime.min.time(), SHANGHAI) + timedelta(hours=9)
        Milestone.objects.create(campaign=campaign, key=key, starts_at=start, order=order)


@pytest.fixture
def opened(exam, make_position):
    """Three posts of one position; two people proposed and taken over, no check recorded yet."""
    position = make_position(headcount_planned=3, headcount_effective=3)
    exam.enter(position, 2)
    exam.claim_posts(position, 3)
    exam.to_totals((120, 110), (90, 85))
    return domain.open_appointments(actor=exam.office, campaign=exam.campaign)


def test_before_there_are_people_the_post_waits_for_the_next_step_of_its_campaign(exam, make_position):
    exam.claim_posts(make_position(), 1)
    plan(exam.campaign, written_exam=date(2026, 3, 28), interview=date(2026, 4, 25))
    assert lines() == [("笔试", "云岫县（考试中心）：复核员、录入员", date(2026, 3, 28))]
    exam.campaign.milestones.filter(key="written_exam").update(happened_at=timezone.now())
    assert lines()[0][2] == date(2026, 4, 25)


def test_a_step_without_a_day_falls_back_on_the_permit_and_a_cancelled_position_gives_its_post_back(
    exam, make_position
):
    position = make_position()
    exam.claim_posts(position, 1)
    assert lines() == [("结束该批次", "云岫县（人才办/人社局）：author、审核、经办", date(2026, 12, 31))]
    position.state = "cancelled"
    position.save()
    assert [line[0] for line in lines()] == ["退回编制"]


def test_a_post_no_room_knows_of_is_with_whoever_moved_it_last(exam, make_position):
    from campaigns.planning.models import PositionSlot

    exam.claim_posts(make_position(), 1)
    PositionSlot.objects.update(released_at=timezone.now())
    posts = EstablishedPost.objects.filter(state="reserved").select_related("unit", "permit")
    for post in posts:
        post.owner_name = "编办"
    (line,) = described(list(posts))
    assert (line.waits_for, line.owner, line.deadline) == ("", "编办", date(2026, 12, 31))


def test_reserved_posts_wait_for_people_on_their_way_and_the_surplus_for_the_campaign(exam, opened):
    plan(exam.campaign, medical=date(2026, 4, 3), inspection=date(2026, 4, 20))
    exam.check(opened[0], "medical")
    assert lines() == [
        ("体检", "云岫县（体检登记员）：体检记录", date(2026, 4, 3)),
        ("考察", "云岫县（人才办/人社局）：author、审核、经办", date(2026, 4, 20)),
        ("体检", "云岫县（体检登记员）：体检记录", date(2026, 4, 3)),
    ]


def test_whoever_has_the_duty_nearest_to_the_unit_is_named(exam, opened, staff, hospital):
    near = staff(Role.MEDICAL_RECORDER, unit=hospital, username="near", name="院办")
    assert lines()[0][1] == "县人民医院（体检登记员）：院办"
    StaffRole.objects.filter(user=near).update(ends_at=timezone.now() - timedelta(days=1))
    assert lines()[0][1] == "云岫县（体检登记员）：体检记录"
    StaffRole.objects.filter(role=Role.MEDICAL_RECORDER).update(ends_at=timezone.now() - timedelta(days=1))
    assert lines()[0][1] == "体检登记员"


def test_a_held_post_waits_until_the_notice_ends_then_for_approval_then_for_the_entry(exam, hired, time_machine):
    talent, posts = "云岫县（人才办/人社局）：author、审核、经办", "云岫县（编办）：编办"
    assert lines() == [("公示期满", talent, date(2026, 3, 31))] * 2
    domain.raise_objection(actor=exam.office, appointment=hired[1], summary="学历存疑")
    time_machine.move_to(AFTER)
    assert lines() == [("批准聘用", talent, date(2026, 4, 30)), ("待处理异议", talent, date(2026, 4, 30))]
    domain.approve_appointment(actor=exam.second, appointment=hired[0], approval_number="云人聘1号")
    assert lines()[0] == ("入编", posts, date(2026, 4, 16))


def test_a_place_somebody_left_waits_for_the_decision_who_is_called(exam, opened):
    exam.check(opened[0], "medical", "failed")
    assert [line[0] for line in lines()][:2] == ["待递补或不再递补的名额", "体检"]


def test_the_steps_of_thirty_posts_take_as_many_queries_as_those_of_two(
    exam, opened, make_position, make_unit, django_assert_num_queries
):
    posts = EstablishedPost.objects.filter(state="reserved").select_related("unit", "permit").order_by("pk")
    few = list(posts.all())
    with django_assert_num_queries(9):
        described(few)
    for number in range(9):
        exam.claim_posts(make_position(code=f"02{number:02d}", unit=make_unit(f"U{number}")), 3)
    many = list(posts.all())
    assert (len(few), len(many)) == (3, 30)
    with django_assert_num_queries(9):
        described(many)
