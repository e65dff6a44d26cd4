"""A random walk of legal and illegal acts: whatever the order, the ledger is sound after each of them."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.enums import Role, UnitKind, UserKind
from accounts.models import StaffRole, Unit, User
from campaigns.establishment import domain
from campaigns.establishment.enums import SlotState
from campaigns.establishment.models import Envelope, EstablishedPost, Permit, PlannedExit, SlotMovement
from campaigns.establishment.queries import balance_of_envelope, balances, total
from foundation.errors import Refused
from recruitment.reporting import slot_checks
from tests.conftest import LONG_AGO
from tests.establishment.ledger import WHY

# Claims and people are of the rooms above; everything else must hold at every step.
CHECKS = (
    slot_checks.envelope_rows_equal_its_size,
    slot_checks.permits_are_not_exceeded,
    slot_checks.posts_are_permitted_to_their_unit,
    slot_checks.states_equal_the_last_movement,
    slot_checks.movements_follow_each_other,
    slot_checks.movements_add_up_to_the_ledger,
    slot_checks.no_unit_is_overdrawn,
    slot_checks.lent_posts_wait_for_an_exit_of_their_unit,
)
COUNT = st.integers(min_value=0, max_value=4)
UNIT = st.integers(min_value=0, max_value=2)
PICK = st.integers(min_value=0, max_value=50)


class Ledger(RuleBasedStateMachine):
    """One county, two units with posts of their own, one envelope and the pool."""

    def __init__(self):
        super().__init__()
        self.frame = transaction.atomic()
        self.frame.__enter__()
        self.number = 0
        self.done = self.refusals = 0
        county = Unit.objects.create(code="C", name="县", kind=UnitKind.COUNTY)
        self.units = [county, *(Unit.objects.create(code=code, name=code, parent=county) for code in ("H", "S"))]
        self.office = User.objects.create(username="posts", kind=UserKind.STAFF)
        StaffRole.objects.create(user=self.office, role=Role.ESTABLISHMENT_OFFICE, unit=county, starts_at=LONG_AGO)
        self.envelope = domain.create_envelope(
            actor=self.office, code="TP", name="专项", size=6, unit=county, document="编1号"
        )
        today = timezone.localdate()
        for unit, authorised, on_board in ((self.units[1], 4, 2), (self.units[2], 2, 3)):
            domain.register_unit_posts(
                actor=self.office, unit=unit, authorised=authorised, on_board=on_board, recorded_on=today,
                document="编2号",
            )  # fmt: skip

    def teardown(self):
        transaction.set_rollback(True)
        self.frame.__exit__(None, None, None)

    def attempt(self, verb, **arguments):
        before = SlotMovement.objects.count()
        try:
            verb(actor=self.office, **arguments)
            self.done += 1
        except Refused:
            self.refusals += 1
            assert SlotMovement.objects.count() == before, "a refused act left a movement"

    def next_number(self, letter):
        self.number += 1
        return f"{letter}{self.number}"

    def post(self, pick, *states):
        rows = EstablishedPost.objects.filter(state__in=states or SlotState.values).order_by("pk")
        return rows[pick % rows.count()] if rows else None

    @rule(unit=UNIT, count=COUNT)
    def allocate(self, unit, count):
        self.attempt(domain.allocate_posts, envelope=self.envelope, unit=self.units[unit], count=count, document="分配")

    @rule(unit=UNIT, count=COUNT)
    def allocate_from_pool(self, unit, count):
        self.attempt(domain.allocate_from_pool, unit=self.units[unit], count=count, document="周转")

    @rule(unit=UNIT, count=COUNT, own=st.booleans())
    def give_back(self, unit, count, own):
        envelope = None if own else self.envelope
        self.attempt(domain.give_back_posts, unit=self.units[unit], count=count, envelope=envelope, **WHY)

    @rule(count=COUNT, into=st.booleans())
    def pool(self, count, into):
        verb = domain.move_to_pool if into else domain.take_from_pool
        self.attempt(verb, envelope=self.envelope, count=count, **WHY)

    @rule(giver=UNIT, taker=UNIT, count=COUNT)
    def transfer(self, giver, taker, count):
        units = {"source": self.units[giver], "target": self.units[taker]}
        self.attempt(domain.transfer_posts, count=count, **units, **WHY)

    @rule(unit=UNIT, count=COUNT, own=st.booleans(), days=st.sampled_from([-1, 90]))
    def permit(self, unit, count, own, days):
        today = timezone.localdate()
        self.attempt(
            domain.issue_permit, number=self.next_number("核"), unit=self.units[unit], slots=count,
            issued_on=today - timedelta(days=9), expires_on=today + timedelta(days=days),
            envelope=None if own else self.envelope,
        )  # fmt: skip

    @rule(pick=PICK, what=st.sampled_from(["renew", "revoke", "expire"]))
    def change_permit(self, pick, what):
        permits = list(Permit.objects.order_by("pk"))
        papers = {"reason": "改变", "document": "变1号"}
        later = timezone.localdate() + timedelta(days=180)
        if what == "expire":
            self.attempt(domain.expire_permits, on=timezone.localdate())
        elif permits and what == "renew":
            self.attempt(domain.renew_permit, permit=permits[pick % len(permits)], expires_on=later, **papers)
        elif permits:
            self.attempt(domain.revoke_permit, permit=permits[pick % len(permits)], **papers)

    @rule(unit=UNIT, count=COUNT)
    def reserve(self, unit, count):
        self.attempt(
            domain.reserve_posts, unit=self.units[unit], count=count, on=timezone.localdate(), document="公告",
            purpose="招聘",
        )  # fmt: skip

    @rule(unit=UNIT)
    def convert(self, unit):
        day = timezone.localdate()
        self.attempt(domain.take_post_for_conversion, unit=self.units[unit], on=day, document="转")

    @rule(
        pick=PICK,
        what=st.sampled_from(["hold", "unhold", "release", "use", "vacate", "refill"]),
        any_state=st.booleans(),
    )
    def person(self, pick, what, any_state):
        states = {
            "hold": [SlotState.RESERVED], "unhold": [SlotState.HELD],
            "release": [SlotState.RESERVED, SlotState.HELD], "use": [SlotState.HELD],
            "vacate": [SlotState.USED], "refill": [SlotState.VACATED],
        }[what]  # fmt: skip
        post = self.post(pick, *([] if any_state else states))
        if post is None or post.unit is None:
            return
        why = {"reason_code": "withdrew", "reason": "放弃", "document": "公告"}
        if what == "hold":
            self.attempt(domain.hold_post, post=post, document="公示")
        elif what == "unhold":
            self.attempt(domain.unhold_post, post=post, **why)
        elif what == "release":
            self.attempt(domain.release_posts, posts=[post], **why)
        elif what == "use":
            self.attempt(domain.use_post, post=post, ledger_number=self.next_number("L"), document="批复")
        elif what == "vacate":
            self.attempt(domain.vacate_post, post=post, **why)
        else:
            self.attempt(domain.refill_posts, posts=[post], document="补充")

    @rule(pick=PICK, unit=UNIT)
    def bind(self, pick, unit):
        if post := self.post(pick, SlotState.HELD):
            self.attempt(domain.bind_post, post=post, unit=self.units[unit], document="择岗")

    @rule(unit=UNIT, count=COUNT, take_back=st.booleans())
    def promise(self, unit, count, take_back):
        common = {"unit": self.units[unit], "channel": "veteran", "count": count, "document": "安置"}
        if take_back:
            self.attempt(domain.withdraw_commitment, reason="取消", **common)
        else:
            self.attempt(domain.commit_posts, **common)

    @rule(unit=UNIT, how=st.sampled_from(["promised", "direct", "extra"]))
    def enter(self, unit, how):
        common = {"unit": self.units[unit], "ledger_number": self.next_number("L"), "document": "入编"}
        if how == "extra":
            self.attempt(domain.seat_extra_person, **common)
        else:
            self.attempt(domain.enter_from_channel, channel="other", promised=how == "promised", **common)

    @rule(pick=PICK, unit=UNIT, what=st.sampled_from(["plan", "lend", "return", "withdraw"]))
    def exits(self, pick, unit, what):
        rows = list(PlannedExit.objects.order_by("pk"))
        papers = {"reason": "改变", "document": "退"}
        if what == "plan":
            if post := self.post(pick, SlotState.USED):
                day = timezone.localdate() + timedelta(days=30)
                self.attempt(domain.plan_exit, post=post, expected_on=day, reason_code="retired", document="退")
        elif what == "lend":
            self.attempt(domain.lend_against_exits, unit=self.units[unit], count=1, document="借")
        elif rows and what == "return":
            self.attempt(domain.return_lent_post, planned=rows[pick % len(rows)], **papers)
        elif rows:
            self.attempt(domain.withdraw_exit, planned=rows[pick % len(rows)], **papers)

    @invariant()
    def the_ledger_is_sound(self):
        assert [finding for check in CHECKS for finding in check()] == []
        envelope = balance_of_envelope(self.envelope)
        assert envelope.authorised == Envelope.objects.get().size
        now = balances()
        assert now == balances(at=timezone.now())
        # No act makes a post or loses one: the six of the envelope and the units' own six.
        assert total(now.values()).authorised == 12


@pytest.mark.django_db
def test_whatever_is_tried_in_whatever_order_the_ledger_stays_sound(settings):
    settings.PRE_USE_OF_EXITS = True
    counts = []

    class Counted(Ledger):
        def teardown(self):
            counts.append((self.done, self.refusals))
            super().teardown()

    run_state_machine_as_test(
        Counted,
        settings=_settings(max_examples=15, stateful_step_count=30, derandomize=True),
    )
    assert sum(done for done, _refused in counts) > 50
    assert sum(refused for _done, refused in counts) > 50


def _settings(**more):
    return settings(deadline=None, database=None, suppress_health_check=list(HealthCheck), **more)


@pytest.mark.django_db
def test_the_walk_would_find_a_post_that_moves_without_its_movement():
    """The negative control: a verb that writes the state by itself is found by the same invariants."""

    class Leaky(Ledger):
        @rule()
        def write_by_hand(self):
            EstablishedPost.objects.filter(state=SlotState.ALLOCATED).update(state=SlotState.VACATED)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Leaky, settings=_settings(max_examples=20, stateful_step_count=10))
