"""Two at once for the last post, for one entry, for one list: one wins, and each negative control shows the race.

The state is built by hand, since the steps before are proved elsewhere. On whichever database the session uses.
"""

import time
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from accounts.enums import Role
from campaigns.establishment import domain as establishment
from campaigns.establishment.domain.shortages import shortages_of
from campaigns.establishment.models import EstablishedPost
from campaigns.establishment.queries import permitted_now
from campaigns.planning.models import Position, PositionSlot
from foundation.errors import DomainError, Refused
from recruitment.applications.models import Application
from recruitment.appointments import domain
from recruitment.appointments.domain import holding, notices
from recruitment.appointments.models import Appointment
from recruitment.candidates.models import Candidate
from recruitment.publications import domain as press
from recruitment.publications.models import Publication
from recruitment.reporting.slot_checks import check_slots
from tests.engagements import *  # noqa: F403 - an engagement, and a post for it
from tests.races.threads import run_together

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 6


class Scene:
    """Positions of one unit with so many posts each, and two people for each who passed every check."""

    def __init__(self, staff, campaign, unit, posts=1, positions=1):
        self.campaign = campaign
        self.office, self.second = (staff(Role.TALENT_OFFICE, username=name) for name in ("office", "second"))
        self.posts = staff(Role.ESTABLISHMENT_OFFICE, username="posts")
        self.positions = [self._position(unit, f"A0{number}") for number in range(1, positions + 1)]
        today, wanted = timezone.localdate(), posts * positions
        establishment.register_unit_posts(
            actor=self.posts, unit=unit, authorised=wanted, on_board=0, recorded_on=today, document="编1号"
        )
        establishment.issue_permit(
            actor=self.posts,
            number="核编1号",
            unit=unit,
            slots=wanted,
            issued_on=today,
            expires_on=today + timedelta(days=300),
        )
        for position in self.positions:
            taken = establishment.reserve_posts(actor=self.posts, unit=unit, count=posts, on=today, document="公告")
            PositionSlot.objects.bulk_create(PositionSlot(position=position, post=post) for post in taken)
        self.people = [self._person(position, f"1{n}") for n, position in enumerate(self.positions)]
        self.people += [self._person(position, f"2{n}") for n, position in enumerate(reversed(self.positions))]

    def _position(self, unit, code):
        return Position.objects.create(
            campaign=self.campaign, unit=unit, code=code, name="医师", headcount_planned=2, headcount_effective=2,
            state="published", conditions={},
        )  # fmt: skip

    def _person(self, position, number):
        candidate = Candidate.objects.create(name=f"考生{number}")
        application = Application.objects.create(
            candidate=candidate, campaign=self.campaign, position=position, batch_group="G", state="handed_over",
            registration_no=f"R{number}", ticket_no=f"051150101{number}",
        )  # fmt: skip
        return Appointment.objects.create(
            application=application, candidate=candidate, position=position, state="inspected",
            opened_by=self.office,
        )  # fmt: skip

    def list_of(self, *people):
        """A released list of these people: out for so long that the period is over, and still open to objections.

        No real list is both; it lets the two acts meet at one moment.
        """
        now = timezone.now()
        row = Publication.objects.create(
            campaign=self.campaign, kind="proposed_hires", title=f"名单{people[0].pk}", state="reviewed", rows=[["x"]],
            columns=[{"code": "note", "label": "备注"}], prepared_by=self.office, reviewed_by=self.second,
            reviewed_at=timezone.now(),
        )  # fmt: skip
        for number, person in enumerate(people, start=1):
            row.entries.create(application=person.application, row=number)
        Publication.objects.filter(pk=row.pk).update(
            state="released",
            released_at=now - timedelta(days=60),
            notice_ends_at=now + timedelta(hours=1),
            digest="d",
            sequence=row.pk,
        )
        row.refresh_from_db()
        return row


@pytest.fixture
def scene(staff, make_campaign, make_unit):
    return Scene(staff, make_campaign(code="EX1"), make_unit("H1"))


def test_two_notices_that_reach_for_the_last_post_hold_it_for_one_person(scene):
    lists = [scene.list_of(person) for person in scene.people]
    results = run_together(2, lambda n: domain.start_notice(actor=scene.office, publication=lists[n]))
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert sorted(Appointment.objects.values_list("state", flat=True)) == ["inspected", "noticed"]
    assert Appointment.objects.exclude(post=None).count() == 1
    assert EstablishedPost.objects.get().state == "held"


@pytest.fixture
def slow_holds(monkeypatch):
    """Each hold takes a while, so that the two meet in the middle of it."""

    def slowly(**named):
        held = establishment.hold_post(**named)
        time.sleep(0.3)
        return held

    monkeypatch.setattr(holding, "hold_post", slowly)


def test_two_notices_at_once_hold_a_post_each_while_there_are_two(staff, make_campaign, make_unit, slow_holds):
    scene = Scene(staff, make_campaign(code="EX1"), make_unit("H1"), posts=2)
    lists = [scene.list_of(person) for person in scene.people]
    results = run_together(2, lambda n: domain.start_notice(actor=scene.office, publication=lists[n]))
    assert results == [1, 1]
    assert set(Appointment.objects.values_list("post", flat=True)) == set(
        EstablishedPost.objects.filter(state="held").values_list("pk", flat=True)
    )
    assert check_slots() == []


@pytest.fixture
def crossed(staff, make_campaign, make_unit, slow_holds):
    """Two lists whose people need posts of the same two positions, each list in the other's order."""
    scene = Scene(staff, make_campaign(code="EX1"), make_unit("H1"), posts=2, positions=2)
    first, second, third, fourth = scene.people
    assert (first.position, second.position) == (fourth.position, third.position)
    lists = [scene.list_of(first, second), scene.list_of(third, fourth)]
    return lambda n: domain.start_notice(actor=scene.office, publication=lists[n])


def test_two_notices_over_the_same_positions_do_not_wait_for_each_other(crossed):
    assert run_together(2, crossed) == [2, 2]
    assert EstablishedPost.objects.filter(state="held").count() == 4
    assert check_slots() == []


@pytest.mark.postgres
def test_posts_that_are_locked_one_by_one_end_in_a_deadlock(crossed, monkeypatch):
    """The negative control: without the posts of all positions locked first, the database ends one of the two."""
    monkeypatch.setattr(notices, "locked_posts_of", lambda _positions: [])

    def start(number):
        try:
            return crossed(number)
        except OperationalError:
            return "ended"

    assert sorted(run_together(2, start), key=str) == [2, "ended"]


def test_looking_for_a_reserved_post_without_its_lock_finds_it_twice(scene):
    """The negative control: look, wait, and believe what was seen."""
    taken = []

    def reach(number):
        post = EstablishedPost.objects.filter(state="reserved").first()
        time.sleep(0.4)
        if post is not None:
            taken.append((number, post.pk))

    run_together(2, reach)
    assert len(taken) == 2


def _approved(scene):
    row = scene.people[0]
    notice = scene.list_of(row)
    domain.start_notice(actor=scene.office, publication=notice)
    Appointment.objects.filter(pk=row.pk).update(state="approved", approval_number="1号", approved_at=timezone.now())
    return Appointment.objects.get(pk=row.pk)


def test_one_appointment_entered_many_times_at_once_uses_one_post(scene):
    row = _approved(scene)
    results = run_together(
        TIMES, lambda n: domain.enter_post(actor=scene.posts, appointment=row, ledger_number=f"SM{n}")
    )
    assert sum(isinstance(result, DomainError) for result in results) == TIMES - 1
    assert EstablishedPost.objects.filter(state="used").count() == 1
    assert EstablishedPost.objects.get().movements.filter(to_state="used").count() == 1


def test_an_entry_that_looks_first_and_writes_later_is_made_twice(scene):
    """The negative control: the state is read, and written without saying what it must have been."""
    row, entered = _approved(scene), []

    def enter(number):
        if Appointment.objects.get(pk=row.pk).state == "approved":
            time.sleep(0.4)
            entered.append(number)

    run_together(2, enter)
    assert len(entered) == 2


def test_an_objection_and_an_approval_at_once_never_approve_a_person_with_an_open_objection(scene):
    row = scene.people[0]
    notice = scene.list_of(row)
    domain.start_notice(actor=scene.office, publication=notice)
    acts = [
        lambda: domain.raise_objection(actor=scene.office, appointment=row, summary="反映学历不实"),
        lambda: domain.approve_appointment(actor=scene.second, appointment=row, approval_number="1号"),
    ]
    run_together(2, lambda number: acts[number]())
    row.refresh_from_db()
    has_open = row.objections.filter(decided_at=None).exists()
    assert (row.state, has_open) in {("on_hold", True), ("approved", False)}


def test_one_list_released_by_many_at_once_gets_one_number(scene):
    row = Publication.objects.create(
        campaign=scene.campaign, kind="other", title="通知", state="reviewed", prepared_by=scene.office,
        reviewed_by=scene.second, reviewed_at=timezone.now(),
    )  # fmt: skip
    results = run_together(TIMES, lambda _n: press.release(actor=scene.second, publication=row))
    assert sum(isinstance(result, Refused) for result in results) == TIMES - 1
    assert list(Publication.objects.values_list("sequence", flat=True)) == [1]


def test_a_number_that_is_read_first_and_given_later_is_given_twice(scene):
    """The negative control: without the chain's lock two releases read the same last number."""
    given = []

    def number_it(_number):
        last = Publication.objects.exclude(sequence=None).count()
        time.sleep(0.4)
        given.append(last + 1)

    run_together(2, number_it)
    assert given == [1, 1]


def test_many_conversions_that_reach_for_the_last_post_take_it_once(make_engagement, post_of_the_unit):
    rows = [make_engagement(f"榜{number}") for number in range(TIMES)]
    results = run_together(
        TIMES,
        lambda n: domain.convert_engagement(
            actor=make_engagement.office, engagement=rows[n], name="岗", document=f"文{n}号"
        ),
    )
    assert sum(isinstance(result, Appointment) for result in results) == 1
    assert {result.code for result in results if isinstance(result, Refused)} == {"shortage"}
    assert Appointment.objects.get().post == post_of_the_unit
    assert check_slots() == []


def test_one_engagement_converted_by_many_at_once_gives_one_appointment(make_engagement, post_of_the_unit):
    row = make_engagement()
    results = run_together(
        TIMES,
        lambda n: domain.convert_engagement(actor=make_engagement.office, engagement=row, name="岗", document="文1号"),
    )
    assert set(results) == {Appointment.objects.get()}


def test_a_conversion_that_looks_first_and_takes_later_takes_the_last_post_twice(make_engagement, post_of_the_unit):
    """The negative control: the guard is asked without the unit's lock, and the post is taken as it was seen."""
    unit, today, taken = make_engagement.unit, timezone.localdate(), []

    def reach(number):
        if not shortages_of({unit: 1}, "institution", today):
            time.sleep(0.4)
            taken.append(permitted_now([unit.pk], "institution", today).first())

    run_together(2, reach)
    assert taken == [post_of_the_unit, post_of_the_unit]
