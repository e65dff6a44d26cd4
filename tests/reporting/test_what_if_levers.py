"""Every lever of the what-if, on the copy and by the verbs: both must end with the same county, post by post."""

import random
from datetime import date, datetime

import pytest

from campaigns.establishment import domain as establishment
from campaigns.establishment.models import Envelope, EstablishedPost, Permit
from campaigns.planning.models import Announcement, CalendarDay, PositionSlot, Programme
from foundation.errors import Refused
from recruitment.appointments import domain as appointments
from recruitment.appointments.models import Appointment
from recruitment.reporting.slot_checks import check_slots
from recruitment.reporting.what_if import copy_of
from rulebook.ruleset.profiles import COUNTY_EXAM
from rulebook.what_if import (
    CancelPosition,
    CheckRatio,
    CutPosition,
    DropSome,
    Enter,
    EnterAll,
    ExitsBy,
    FailRatio,
    Leave,
    LeaveSome,
    NoticeAll,
    PermitExpires,
    PermitsBy,
    VoidCampaign,
    WithdrawNotice,
    simulate,
)
from tests.applicants import NOW, SHANGHAI
from tests.panelists import set_rules
from tests.reporting.following import NOTICE_OVER, Follower, both_ways, real_end, simulated_end

pytestmark = pytest.mark.django_db
SEEDS = [1, 2, 3, 4]
STAGES = ("medical", "inspection", "notice", "after")


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    for year in (2026, 2027):
        CalendarDay.objects.get_or_create(date=date(year, 1, 1), defaults={"is_working": False, "name": "元旦"})


@pytest.fixture
def follower(exam, time_machine):
    return Follower(exam, time_machine.move_to, NOW)


@pytest.fixture
def programme(campaign, county):
    found = campaign.programme
    found.envelope = Envelope.objects.create(code="E1", name="专项编制", size=1, unit=county)
    found.save()
    return found


def enclose(programme):
    EstablishedPost.objects.update(envelope=programme.envelope)
    Envelope.objects.update(size=EstablishedPost.objects.count())


def claim_posts(exam, positions):
    """The posts of each unit, registered once; a permit for each position, and its posts reserved as published."""
    by_unit = {}
    for row in positions:
        by_unit.setdefault(row.unit, []).append(row)
    for unit, own in by_unit.items():
        total = sum(row.headcount_planned for row in own)
        establishment.register_unit_posts(
            actor=exam.posts, unit=unit, authorised=total, on_board=0, recorded_on=date(2026, 1, 5), document="编1号"
        )
        for row in own:
            establishment.issue_permit(
                actor=exam.posts, number=f"核编{row.code}", unit=unit, slots=row.headcount_planned,
                issued_on=date(2026, 1, 5), expires_on=date(2026, 12, 31),
            )  # fmt: skip
            posts = establishment.reserve_posts(
                actor=exam.posts, unit=unit, count=row.headcount_planned, on=date(2026, 3, 1), document="公告"
            )
            PositionSlot.objects.bulk_create(PositionSlot(position=row, post=post) for post in posts)


def give_rules(exam, **sections):
    """The campaign's frozen rules, with the announcement that published them."""
    rules = set_rules(exam.campaign, COUNTY_EXAM.replaced(**sections))
    Announcement.objects.create(
        campaign=exam.campaign, version=1, title="公告", body="公告", rule_set=rules, state="published",
        drafted_by=exam.office, approved_by=exam.second, published_at=NOW,
    )  # fmt: skip
    return rules


def replacement(**by_stage):
    """The county's table of replacements with some stages changed."""
    rows = tuple(row.model_copy(update=by_stage.get(row.stage, {})) for row in COUNTY_EXAM.replacement.stages)
    return COUNTY_EXAM.replacement.model_copy(update={"stages": rows})


def drawn(seed, make_position, make_unit, *, most_applicants):
    """Three to five positions of two units by chance, with so many applicants each."""
    draw = random.Random(seed)
    units = [make_unit(f"U{number}") for number in range(2)]
    found = []
    for number in range(draw.randint(3, 5)):
        heads = draw.randint(1, 3)
        row = make_position(
            f"01{number:02d}", unit=draw.choice(units), headcount_planned=heads, headcount_effective=heads
        )
        found.append((row, draw.randint(0 if most_applicants is None else 1, most_applicants or heads * 3 + 2)))
    return draw, found


@pytest.fixture
def registered(exam, programme, make_position, make_unit):
    """Positions after registration: `registered(seed)`; their applicants are effective."""

    def make(seed):
        draw, rows = drawn(seed, make_position, make_unit, most_applicants=None)
        for position, applicants in rows:
            if applicants:
                exam.enter(position, applicants)
        claim_posts(exam, [position for position, _applicants in rows])
        enclose(programme)
        return draw, [position for position, _applicants in rows]

    return make


@pytest.fixture
def ranked(exam, programme, make_position, make_unit):
    """Positions with released totals and everyone proposed handed over: `ranked(seed, until="notice")`."""

    def make(seed, *, until="medical"):
        draw = random.Random(seed)
        units, taken, positions = [make_unit(f"U{number}") for number in range(2)], 0, []
        for number in range(draw.randint(2, 3)):
            heads = draw.randint(1, 2)
            position = make_position(
                f"01{number:02d}", unit=draw.choice(units), headcount_planned=heads, headcount_effective=heads
            )
            applicants = heads + draw.randint(0, heads * 2)
            exam.enter(position, applicants)
            positions.append(position)
            taken += applicants
        claim_posts(exam, positions)
        enclose(programme)
        written = draw.sample(range(91, 140), taken)
        exam.to_totals(written, draw.sample(range(65, 98), taken))
        opened = appointments.open_appointments(actor=exam.office, campaign=exam.campaign)
        for row in opened:
            for kind in {"medical": (), "inspection": ("medical",)}.get(until, ("medical", "inspection")):
                exam.check(row, kind)
        if until in ("notice", "on_post"):
            exam.notice()
        return draw, opened

    return make


# The opening ratio


@pytest.mark.parametrize("order", ["cancel_then_reduce", "reduce_at_once"])
@pytest.mark.parametrize("k", [None, 2, 3, 5])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_ratio_is_checked_or_changed(exam, programme, registered, follower, seed, k, order):
    give_rules(exam, opening_ratio=COUNTY_EXAM.opening_ratio.model_copy(update={"k": 3, "cut_order": order}))
    registered(seed)
    outcome = both_ways(programme, follower, [CheckRatio("C1", k)])
    assert {flag.kind for flag in outcome.flags if flag.explanation.code.startswith("what_if.ratio")} == (
        {2: {"duty"}, 5: {"stop"}}.get(k, set())
    )
    assert check_slots() == []


@pytest.mark.parametrize("own", [0, 1, 4])
def test_a_position_with_a_ratio_of_its_own_keeps_it_when_the_announced_one_changes(
    exam, programme, registered, follower, own
):
    give_rules(exam)
    _draw, positions = registered(3)
    for row in positions[::2]:
        row.opening_ratio = own
        row.save()
    both_ways(programme, follower, [CheckRatio("C1", 2)])


@pytest.mark.parametrize("seed", SEEDS)
def test_positions_fail_the_ratio_and_are_cancelled(exam, programme, registered, follower, seed):
    give_rules(exam)
    draw, positions = registered(seed)
    chosen = draw.sample(positions, 2)
    outcome = both_ways(programme, follower, [*(FailRatio(f"C1 {row.code}") for row in chosen), CheckRatio("C1")])
    gone = {row.key for row in outcome.after.positions if row.is_cancelled}
    assert {f"C1 {row.code}" for row in chosen} <= gone


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("remedy", ["keep_with_line", "extend_registration"])
def test_positions_short_of_applicants_are_kept_with_a_line_or_cut_after_an_extension(
    exam, programme, registered, follower, seed, remedy
):
    more = {"kept_line": {"kind": "fixed", "value": 60}} if remedy == "keep_with_line" else {"extend_hours": 48}
    rules = type(COUNTY_EXAM.opening_ratio).model_validate(
        {**COUNTY_EXAM.opening_ratio.model_dump(), "on_fail": remedy, **more}
    )
    give_rules(exam, opening_ratio=rules)
    registered(seed)
    both_ways(programme, follower, [CheckRatio("C1", extended=True)])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("remedy", ["merge", "extend_registration"])
def test_a_remedy_that_a_person_applies_leaves_every_place_as_the_verb_does(
    exam, programme, registered, follower, seed, remedy
):
    """The verb refuses while positions must be merged or registration extended; on the copy they stay as they are."""
    give_rules(
        exam,
        opening_ratio=COUNTY_EXAM.opening_ratio.model_copy(update={"on_fail": remedy, "extend_hours": 48}),
    )
    registered(seed)
    outcome = simulate(copy_of(programme).situation, [CheckRatio("C1")])
    short = {result.outcome for result in outcome.ratios.values()} - {"kept"}
    assert short == {remedy}
    with pytest.raises(Refused) as refusal:
        follower.follow(outcome.events)
    assert refusal.value.code == "remedy"
    assert simulated_end(outcome) == real_end(programme)
    assert ("duty", f"what_if.{remedy}") in {(flag.kind, flag.explanation.code) for flag in outcome.flags}


# Cancelled and lowered after publication


@pytest.mark.parametrize("seed", SEEDS)
def test_positions_are_cancelled_and_lowered(exam, programme, registered, follower, seed):
    give_rules(exam)
    draw, positions = registered(seed)
    events = [CancelPosition(f"C1 {positions[0].code}")]
    events += [CutPosition(f"C1 {row.code}", draw.randint(0, row.headcount_planned)) for row in positions[1:]]
    both_ways(programme, follower, events)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_headcount_can_not_be_raised_and_the_verb_does_not_raise_it(exam, programme, registered, follower, seed):
    give_rules(exam)
    _draw, positions = registered(seed)
    asked = [CutPosition(f"C1 {row.code}", row.headcount_planned + 1) for row in positions]
    outcome = both_ways(programme, follower, asked)
    assert outcome.events == ()
    before = real_end(programme)
    for event in asked:
        follower.cut(event)
    assert real_end(programme) == before
    assert {flag.explanation.code for flag in outcome.flags} == {"what_if.never_raised"}


@pytest.mark.parametrize("until", ["registration", "medical", "inspection"])
@pytest.mark.parametrize("seed", SEEDS[:2])
def test_a_campaign_is_voided(exam, programme, registered, ranked, follower, seed, until):
    if until == "registration":
        give_rules(exam)
        registered(seed)
    else:
        ranked(seed, until=until)
    outcome = both_ways(programme, follower, [VoidCampaign("C1")])
    lost = {flag.explanation.code for flag in outcome.flags} >= {"what_if.people_lose"}
    assert lost is (until != "registration")


def test_a_campaign_with_held_posts_is_voided_neither_way(exam, programme, ranked, follower):
    ranked(1, until="notice")
    outcome = both_ways(programme, follower, [VoidCampaign("C1")])
    assert (outcome.events, {flag.kind for flag in outcome.flags}) == ((), {"stop"})
    with pytest.raises(Refused):
        follower.void(VoidCampaign("C1"))


# People who drop out


@pytest.mark.parametrize("estimate", ["hardest", "mildest"])
@pytest.mark.parametrize("seed", SEEDS)
def test_people_withdraw_after_medical_with_rounds_and_exhausted_lists(
    exam, programme, ranked, follower, seed, estimate
):
    rounds = [None, 1, 2, 3][seed % 4]
    ranked(seed, until="inspection")
    keep_rules(exam, replacement(inspection={"rounds": rounds}))
    outcome = both_ways(programme, follower, [DropSome("inspection", 3, "withdrew", estimate)])
    assert outcome.events


@pytest.mark.parametrize("reason", ["failed", "absent", "withdrew"])
@pytest.mark.parametrize("seed", SEEDS)
def test_people_fail_stay_away_or_withdraw_at_the_medical(exam, programme, ranked, follower, seed, reason):
    ranked(seed)
    reasons = ("failed", "withdrew") if seed % 2 else ("failed", "absent", "withdrew")
    keep_rules(exam, replacement(medical={"rounds": 1 + seed % 2, "reasons": reasons}))
    both_ways(programme, follower, [DropSome("medical", 4, reason), DropSome("medical", 2, "withdrew", "mildest")])


@pytest.mark.parametrize("score", ["total", "written"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_next_is_called_by_the_mark_the_rules_name(exam, programme, ranked, follower, seed, score):
    ranked(seed)
    keep_rules(exam, replacement(medical={"rounds": None, "score": score}))
    both_ways(programme, follower, [DropSome("medical", 2, "withdrew", "mildest")])


@pytest.mark.parametrize("is_allowed", [True, False])
@pytest.mark.parametrize(("reason", "place"), [("objection", "notice"), ("withdrew", "notice"), ("withdrew", "after")])
@pytest.mark.parametrize("seed", SEEDS[:2])
def test_people_drop_out_while_their_posts_are_held(exam, programme, ranked, follower, seed, reason, place, is_allowed):
    _draw, opened = ranked(seed, until="notice")
    keep_rules(exam, replacement(**{place: {"allowed": is_allowed, "rounds": 2}}))
    if place == "after":
        follower.until(opened[0].notice.released_at if opened[0].notice else NOW)
        for row in Appointment.objects.filter(state="noticed"):
            approve(exam, follower, row)
    outcome = both_ways(programme, follower, [DropSome(place, 2, reason, "mildest")])
    assert outcome.events
    assert is_allowed or outcome.calls == ()
    assert check_slots() == []


def approve(exam, follower, row):
    follower.until(row.notice.released_at + NOTICE_OVER)
    appointments.approve_appointment(actor=exam.second, appointment=row, approval_number="批1号")


def test_after_the_announcement_has_lapsed_nobody_is_called_either_way(exam, programme, ranked, follower):
    ranked(2)
    follower.until(datetime(2027, 4, 1, 9, tzinfo=SHANGHAI))
    outcome = both_ways(programme, follower, [DropSome("medical", 2, "withdrew", "mildest")])
    assert (len(outcome.events), outcome.calls) == (2, ())


def test_somebody_hired_elsewhere_is_called_neither_way(
    exam, programme, ranked, make_campaign, make_position, follower
):
    """The next in line entered another batch meanwhile; the one after is called."""
    ranked(1)
    outcome = simulate(copy_of(programme).situation, [DropSome("medical", 1, "withdrew", "mildest")])
    next_one = outcome.calls[0].person
    other = make_campaign("C2")
    keep_rules(exam, replacement(medical={"rounds": None}))
    busy = exam.campaign.applications.get(registration_no=next_one)
    position = make_position("0901", campaign=other)
    application = type(busy).objects.create(
        candidate=busy.candidate, campaign=other, position=position, batch_group="C2", registration_no="X1",
        state="proposed",
    )  # fmt: skip
    appointments.open_appointment(actor=exam.office, application=application)
    outcome = both_ways(programme, follower, [DropSome("medical", 1, "withdrew", "mildest", "C1")])
    assert next_one not in {call.person for call in outcome.calls}


def keep_rules(exam, table):
    """Change the table in the frozen rules in place, since results point at their row."""
    rules = COUNTY_EXAM.replaced(replacement=table)
    exam.campaign.rule_sets.update(document=rules.model_dump(mode="json"), digest=rules.digest())


# The way to the post


@pytest.mark.parametrize("seed", SEEDS)
def test_everyone_under_checks_passes_and_is_entered_after_withdrawals(exam, programme, ranked, follower, seed):
    ranked(seed, until="inspection")
    outcome = both_ways(programme, follower, [DropSome("inspection", 2), NoticeAll(), EnterAll(), LeaveSome(1)])
    assert real_end(programme)["hires"] == sum(row.place == "on_post" for row in outcome.after.people)


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_a_notice_is_taken_down(exam, programme, ranked, follower, seed):
    ranked(seed, until="notice")
    outcome = both_ways(programme, follower, [WithdrawNotice("C1"), EnterAll()])
    assert [type(event) for event in outcome.events] == [WithdrawNotice]
    with pytest.raises(Refused):
        follower.enter(Enter(Appointment.objects.first().application.registration_no))


def test_an_open_objection_holds_its_person_back_either_way(exam, programme, ranked, follower):
    ranked(1, until="notice")
    held = Appointment.objects.order_by("pk").first()
    appointments.raise_objection(actor=exam.office, appointment=held, summary="学历存疑")
    outcome = both_ways(programme, follower, [EnterAll()])
    assert "what_if.objection_open" in {flag.explanation.code for flag in outcome.flags}
    with pytest.raises(Refused):
        follower.enter(Enter(held.application.registration_no))


# Permits


@pytest.fixture
def permits(exam, programme, make_unit):
    """Two permits of one unit beside those of positions, each with two posts nobody published yet."""
    unit = make_unit("U9")
    establishment.register_unit_posts(
        actor=exam.posts, unit=unit, authorised=4, on_board=0, recorded_on=date(2026, 1, 5), document="编9号"
    )
    for number, day in (("早", date(2026, 5, 1)), ("晚", date(2026, 9, 1))):
        establishment.issue_permit(
            actor=exam.posts, number=number, unit=unit, slots=2, issued_on=date(2026, 1, 5), expires_on=day
        )
    enclose(programme)


@pytest.mark.parametrize("until", ["medical", "inspection", "notice"])
@pytest.mark.parametrize("seed", SEEDS[:2])
def test_a_permit_expires_and_what_is_given_back_afterwards_stays_with_the_unit(
    exam, programme, ranked, permits, follower, seed, until
):
    ranked(seed, until=until)
    own = Permit.objects.exclude(number__in=["早", "晚"]).order_by("number").first()
    Permit.objects.filter(pk=own.pk).update(expires_on="2026-06-01")
    outcome = both_ways(
        programme, follower, [PermitExpires("早"), PermitExpires(own.number), DropSome(until, 3), NoticeAll()]
    )
    assert {"what_if.renew_permit"} <= {flag.explanation.code for flag in outcome.flags}
    allocated = real_end(programme)["units"][("U9", "allocated")]
    assert allocated == 2


@pytest.mark.parametrize("day", [date(2026, 5, 1), date(2026, 5, 2), date(2026, 9, 2), date(2027, 2, 1)])
def test_no_permit_is_renewed_until_a_day(exam, programme, ranked, permits, follower, day):
    ranked(1, until="inspection")
    outcome = both_ways(programme, follower, [PermitsBy(day), NoticeAll()])
    ended = {event.permit for event in outcome.events if isinstance(event, PermitExpires)}
    assert ended == set(Permit.objects.filter(expires_on__lt=day).values_list("number", flat=True))
    warned = "what_if.held_on_expired" in {flag.explanation.code for flag in outcome.flags}
    assert warned is (day.year == 2027)


# Leaving, planned exits, the pool


@pytest.fixture
def lent(exam, programme, settings, county, make_unit):
    """A unit with two incumbents who will retire; one is repaid in advance by a post of the pool."""
    settings.PRE_USE_OF_EXITS = True
    unit = make_unit("U8")
    posts = establishment.register_unit_posts(
        actor=exam.posts, unit=unit, authorised=2, on_board=2, recorded_on=date(2026, 1, 5), document="编8号"
    )
    posts = list(EstablishedPost.objects.filter(unit=unit))
    spare = Envelope.objects.create(code="E0", name="周转", size=2, unit=county)
    for number in range(2):
        EstablishedPost.objects.create(code=f"E0-{number}", envelope=spare, state="free")
    establishment.move_to_pool(
        actor=exam.posts, envelope=spare, count=2, reason_code="county_decision", reason="统筹", document="常1号"
    )
    for post, day in zip(posts, (date(2026, 6, 1), date(2026, 12, 1)), strict=True):
        establishment.plan_exit(actor=exam.posts, post=post, expected_on=day, reason_code="retired", document="退1号")
    establishment.lend_against_exits(actor=exam.posts, unit=unit, count=1, document="借1号")
    enclose(programme)
    return posts


@pytest.mark.parametrize("day", [date(2026, 5, 31), date(2026, 6, 1), date(2026, 12, 31)])
def test_planned_exits_happen_and_repay_the_pool(exam, programme, campaign, lent, follower, day):
    outcome = both_ways(programme, follower, [ExitsBy(day)])
    left = {slot.key: (str(slot.state), slot.is_pool) for slot in outcome.after.slots}
    happened = [post for post, due in zip(lent, (date(2026, 6, 1), date(2026, 12, 1)), strict=True) if due <= day]
    assert len(outcome.events) == len(happened)
    assert [left[post.code] for post in happened] == [("pool", True), ("vacated", False)][: len(happened)]


def test_a_planned_exit_outside_the_envelope_leaves_its_lent_post_with_the_unit(
    exam, programme, campaign, lent, follower
):
    outside = Envelope.objects.create(code="E2", name="另一批", size=1, unit=programme.envelope.unit)
    EstablishedPost.objects.filter(pk=lent[0].pk).update(envelope=outside)
    outcome = both_ways(programme, follower, [ExitsBy(date(2026, 12, 31))])
    assert "what_if.lent_kept" in {flag.explanation.code for flag in outcome.flags}


@pytest.mark.parametrize("pool_only", [True, False])
@pytest.mark.parametrize("seed", SEEDS[:2])
def test_people_leave_and_pool_posts_go_home(exam, programme, ranked, follower, seed, pool_only):
    draw, _opened = ranked(seed, until="notice")
    claimed = list(EstablishedPost.objects.filter(state="held").order_by("pk"))
    EstablishedPost.objects.filter(pk__in=[row.pk for row in draw.sample(claimed, 1)]).update(is_pool=True)
    outcome = both_ways(programme, follower, [EnterAll(), LeaveSome(2, pool_only=pool_only)])
    assert sum(isinstance(event, Leave) for event in outcome.events) == (1 if pool_only else 2)
    back = real_end(programme)["units"][("", "pool")]
    assert back == 1 or not pool_only


def test_a_person_whose_exit_was_planned_leaves_as_the_exit(exam, programme, ranked, follower):
    ranked(1, until="notice")
    both_ways(programme, follower, [EnterAll()])
    post = Appointment.objects.filter(state="on_post").first().post
    establishment.plan_exit(
        actor=exam.posts, post=post, expected_on=follower.now.date(), reason_code="resigned", document="辞2号"
    )
    outcome = both_ways(programme, follower, [ExitsBy(follower.now.date())])
    assert len(outcome.events) == 1


def test_the_comparison_can_fail(exam, programme, ranked, follower):
    """An event that nobody carries out leaves the database behind the copy."""
    ranked(1, until="inspection")
    outcome = simulate(copy_of(programme).situation, [DropSome("inspection", 1)])
    assert simulated_end(outcome) != real_end(Programme.objects.get())
