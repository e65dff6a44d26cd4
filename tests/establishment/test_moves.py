"""Every move of the slot machine: trigger, guard, actor, reason, document, and what it does to the figures."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.append_only import AppendOnlyError
from accounts.enums import Role
from accounts.models import AuditEntry
from campaigns.establishment import domain
from campaigns.establishment.enums import Channel, SlotState
from campaigns.establishment.machine import SLOTS
from campaigns.establishment.models import EstablishedPost, PlannedExit, SlotMovement
from campaigns.establishment.queries import balance_of_envelope, balance_of_unit
from campaigns.establishment.tasks import expire_ended_permits
from foundation.errors import NotAllowed, Refused
from tests.establishment.ledger import LEFT, TODAY, WHY, hire, permit, register, reserve

pytestmark = pytest.mark.django_db


def states(unit):
    return sorted(EstablishedPost.objects.filter(unit=unit).values_list("state", flat=True))


def refused(call, **kwargs):
    with pytest.raises(Refused) as refusal:
        call(**kwargs)
    assert "Nothing was saved" in refusal.value.message or "未保存" in refusal.value.message
    return refusal.value


def test_every_declared_move_has_a_name_people_read_and_is_made_by_a_verb():
    from campaigns.establishment.enums import SlotMove

    assert set(SLOTS.moves) | {"create"} == set(SlotMove.values)


def test_an_allocation_given_back_is_free_in_its_envelope_again(office, hospital, envelope):
    domain.allocate_posts(actor=office, envelope=envelope, unit=hospital, count=5, document="分配1号")
    permit(office, hospital, 3, envelope=envelope)
    refusal = refused(domain.give_back_posts, actor=office, unit=hospital, count=3, envelope=envelope, **WHY)
    assert refusal.code == "shortage"
    domain.give_back_posts(actor=office, unit=hospital, count=2, envelope=envelope, **WHY)
    assert states(hospital) == ["permitted"] * 3
    assert balance_of_envelope(envelope).free == 17
    moves = SlotMovement.objects.filter(move="give_back")
    assert set(moves.values_list("from_unit", "to_unit", "reason_code", "document")) == {
        (hospital.pk, None, "county_decision", "编〔2026〕9号")
    }
    assert AuditEntry.objects.filter(action="establishment.give_back_posts").count() == 1


def test_posts_move_between_an_envelope_and_the_pool_and_stay_posts_of_the_envelope(office, hospital, envelope):
    domain.move_to_pool(actor=office, envelope=envelope, count=4, **WHY)
    balance = balance_of_envelope(envelope)
    assert (balance.free, balance.pool, balance.authorised) == (16, 4, 20)
    assert refused(domain.move_to_pool, actor=office, envelope=envelope, count=17, **WHY).code == "shortage"
    domain.take_from_pool(actor=office, envelope=envelope, count=1, **WHY)
    assert refused(domain.take_from_pool, actor=office, envelope=envelope, count=4, **WHY).code == "shortage"
    posts = domain.allocate_from_pool(actor=office, unit=hospital, count=3, document="周转1号")
    assert {post.is_pool for post in posts} == {True}
    assert refused(domain.allocate_from_pool, actor=office, unit=hospital, count=1, document="周转").code == "shortage"


def test_a_pool_post_goes_back_to_the_pool_on_exit_in_two_recorded_moves(office, hospital, envelope):
    domain.move_to_pool(actor=office, envelope=envelope, count=1, **WHY)
    (post,) = domain.allocate_from_pool(actor=office, unit=hospital, count=1, document="周转1号")
    permit(office, hospital, 1)
    reserve(office, hospital, 1)
    hire(office, post)
    post = domain.vacate_post(actor=office, post=post, **LEFT)
    assert (post.state, post.unit_id, post.permit_id, post.ledger_number) == ("pool", None, None, "")
    assert list(SlotMovement.objects.filter(post=post).order_by("-id").values_list("move", flat=True)[:2]) == [
        "return_to_pool", "vacate",
    ]  # fmt: skip


def test_a_vacated_post_stays_with_the_unit_and_can_be_filled_again(office, hospital):
    register(office, hospital, 2, 2)
    post = EstablishedPost.objects.first()
    domain.vacate_post(actor=office, post=post, **LEFT)
    balance = balance_of_unit(hospital)
    assert (balance.authorised, balance.on_board, balance.available, states(hospital)) == (2, 1, 1, ["used", "vacated"])
    domain.refill_posts(actor=office, posts=[post], document="补充1号")
    assert states(hospital) == ["allocated", "used"]
    assert refused(domain.refill_posts, actor=office, posts=[post], document="补充1号").code == "wrong_state"


def test_posts_transferred_to_another_unit_lose_their_permit_and_need_one_there(office, hospital, school):
    register(office, hospital, 5, 0)
    register(office, school, 3, 2)
    permit(office, hospital, 4)
    reserve(office, hospital, 2)
    domain.transfer_posts(actor=office, source=hospital, target=school, count=2, **WHY)
    assert states(hospital) == ["permitted", "reserved", "reserved"]
    assert states(school) == ["allocated"] * 3 + ["used"] * 2
    assert not EstablishedPost.objects.filter(unit=school, permit__isnull=False).exists()
    assert refused(reserve, office=office, unit=school, count=1).code == "shortage"
    refusal = refused(domain.transfer_posts, actor=office, source=hospital, target=school, count=2, **WHY)
    assert "2" in refusal.message
    assert balance_of_unit(hospital).reserved == 2


def test_an_office_of_one_unit_transfers_nothing_to_another(staff, office, hospital, school):
    register(office, hospital, 2, 0)
    own = staff(Role.ESTABLISHMENT_OFFICE, unit=hospital)
    with pytest.raises(NotAllowed):
        domain.transfer_posts(actor=own, source=hospital, target=school, count=1, **WHY)
    assert states(school) == []


def test_the_nightly_task_takes_back_unpublished_posts_of_ended_permits_once(office, hospital, system_actor):
    register(office, hospital, 4, 0)
    yesterday = timezone.localdate() - timedelta(days=1)
    permit(office, hospital, 3, issued_on=yesterday, expires_on=yesterday)
    permit(office, hospital, 1, number="核编2号", expires_on=timezone.localdate())
    domain.reserve_posts(actor=office, unit=hospital, count=1, on=yesterday, document="公告1号")
    assert expire_ended_permits() == 2
    assert states(hospital) == ["allocated", "allocated", "permitted", "reserved"]
    assert expire_ended_permits() == 0
    assert SlotMovement.objects.filter(move="withdraw_permit", reason_code="permit_expired").count() == 2
    assert AuditEntry.objects.filter(action="establishment.expire_permit").count() == 1


def test_a_renewed_permit_covers_its_posts_again_but_never_more_than_its_number(office, hospital, system_actor):
    register(office, hospital, 6, 0)
    yesterday = timezone.localdate() - timedelta(days=1)
    paper = permit(office, hospital, 3, issued_on=yesterday, expires_on=yesterday)
    posts = domain.reserve_posts(actor=office, unit=hospital, count=2, on=yesterday, document="公告1号")
    hire(office, posts[0])
    expire_ended_permits()
    later = timezone.localdate() + timedelta(days=90)
    renewed = domain.renew_permit(actor=office, permit=paper, expires_on=later, reason="延期", document="延1号")
    assert renewed.expires_on == later
    assert states(hospital) == ["allocated"] * 3 + ["permitted", "reserved", "used"]
    for day in (later, timezone.localdate() - timedelta(days=1)):
        refused(domain.renew_permit, actor=office, permit=paper, expires_on=day, reason="延期", document="延2号")


def test_a_revoked_permit_gives_nothing_and_leaves_what_is_published_to_a_person(office, hospital):
    register(office, hospital, 3, 0)
    paper = permit(office, hospital, 3)
    (post,) = reserve(office, hospital, 1)
    domain.revoke_permit(actor=office, permit=paper, reason="撤销", document="撤1号")
    assert states(hospital) == ["allocated", "allocated", "reserved"]
    assert refused(reserve, office=office, unit=hospital, count=1).code == "shortage"
    again = {"actor": office, "permit": paper, "reason": "撤销", "document": "撤1号"}
    assert refused(domain.revoke_permit, **again).code == "revoked"
    assert refused(domain.renew_permit, expires_on=date(2040, 1, 1), **again).code == "revoked"
    domain.release_posts(actor=office, posts=[post], reason_code="permit_revoked", reason="撤销", document="撤1号")
    assert states(hospital) == ["allocated"] * 3


def test_posts_promised_to_another_channel_are_not_available_and_are_used_by_its_people(office, hospital):
    register(office, hospital, 5, 2)
    domain.commit_posts(actor=office, unit=hospital, channel=Channel.VETERAN, count=2, document="安置1号")
    assert balance_of_unit(hospital).available == 1
    permit(office, hospital, 3)
    assert refused(reserve, office=office, unit=hospital, count=2).code == "shortage"
    more = {"actor": office, "unit": hospital, "channel": Channel.VETERAN, "count": 2}
    assert refused(domain.commit_posts, document="安置2号", **more).code == "shortage"
    domain.withdraw_commitment(reason="取消", document="安置3号", **{**more, "count": 1})
    assert refused(domain.withdraw_commitment, reason="取消", document="安置3号", **more).code == "shortage"
    assert (balance_of_unit(hospital).committed, balance_of_unit(hospital).available) == (1, 2)


def test_a_person_of_another_channel_turns_a_promise_into_a_used_post(office, hospital):
    register(office, hospital, 3, 1)
    domain.commit_posts(actor=office, unit=hospital, channel=Channel.TRANSFER_IN, count=1, document="调1号")
    before = balance_of_unit(hospital)
    who = {"actor": office, "unit": hospital, "channel": Channel.TRANSFER_IN}
    post = domain.enter_from_channel(ledger_number="L9", document="调2号", **who)
    after = balance_of_unit(hospital)
    assert (post.state, post.ledger_number) == ("used", "L9")
    assert (before.committed, before.on_board, before.available) == (1, 1, 1)
    assert (after.committed, after.on_board, after.available) == (0, 2, 1)
    assert refused(domain.enter_from_channel, ledger_number="L10", document="调3号", **who).code == "shortage"
    taken = refused(domain.enter_from_channel, ledger_number="L9", document="调3号", promised=False, **who)
    assert taken.code == "ledger_number_taken"


def test_of_two_people_on_one_ledger_number_the_second_is_refused(office, hospital):
    register(office, hospital, 2, 0)
    permit(office, hospital, 2)
    first, second = reserve(office, hospital, 2)
    hire(office, first)
    domain.hold_post(actor=office, post=second, document="公示")
    use = {"actor": office, "post": second, "ledger_number": " L1 ", "document": "批复"}
    assert refused(domain.use_post, **use).code == "ledger_number_taken"
    with pytest.raises(IntegrityError), transaction.atomic():
        EstablishedPost.objects.filter(pk=second.pk).update(state="used", ledger_number="L1")


def test_someone_above_the_authorised_number_gets_the_post_that_falls_vacant(office, hospital):
    register(office, hospital, 2, 3)
    assert (balance_of_unit(hospital).over, balance_of_unit(hospital).available) == (1, 0)
    post = EstablishedPost.objects.first()
    domain.vacate_post(actor=office, post=post, **LEFT)
    assert (balance_of_unit(hospital).over, balance_of_unit(hospital).available) == (0, 0)
    domain.refill_posts(actor=office, posts=[post], document="补充1号")
    domain.seat_extra_person(actor=office, unit=hospital, ledger_number="L3", document="入编1号")
    balance = balance_of_unit(hospital)
    assert (balance.used, balance.extra, balance.over) == (2, 0, 0)


def test_a_person_is_chosen_first_and_the_unit_is_bound_later(office, county, hospital, school, envelope):
    paper = permit(office, county, 1, envelope=envelope)
    (post,) = reserve(office, county, 1, purpose="不定岗引进")
    bind = {"actor": office, "post": post, "document": "择岗1号"}
    assert refused(domain.bind_post, unit=hospital, **bind).code == "wrong_state"
    domain.hold_post(actor=office, post=post, document="公示")
    assert refused(domain.bind_post, unit=county, **bind).code == "unit"
    register(office, school, 1, 2)
    assert refused(domain.bind_post, unit=school, **bind).code == "over_staffed"
    post = domain.bind_post(unit=hospital, **bind)
    assert (post.state, post.unit, post.permit) == ("held", hospital, paper)
    assert (balance_of_unit(county).held, balance_of_unit(hospital).held) == (0, 1)
    domain.use_post(actor=office, post=post, ledger_number="L1", document="批复")
    assert balance_of_unit(hospital).on_board == 1


def test_a_bound_post_whose_person_drops_out_stays_with_the_unit_without_the_permit_above(
    office, county, hospital, envelope
):
    permit(office, county, 1, envelope=envelope)
    (post,) = reserve(office, county, 1)
    domain.hold_post(actor=office, post=post, document="公示")
    post = domain.bind_post(actor=office, post=post, unit=hospital, document="择岗1号")
    domain.release_posts(actor=office, posts=[post], reason_code="withdrew", reason="放弃", document="公告")
    post = EstablishedPost.objects.get(pk=post.pk)
    assert (post.state, post.unit, post.permit) == ("allocated", hospital, None)


def test_civil_service_posts_stand_outside_every_envelope(office, hospital, envelope):
    register(office, hospital, 3, 1, slot_type="civil_service")
    assert balance_of_unit(hospital).authorised == 0
    assert balance_of_unit(hospital, "civil_service").available == 2
    refused(permit, office=office, unit=hospital, slots=1, envelope=envelope, slot_type="civil_service")
    with pytest.raises(IntegrityError), transaction.atomic():
        EstablishedPost.objects.filter(unit=hospital).update(envelope=envelope)
    assert balance_of_envelope(envelope).authorised == 20


def test_conversion_to_a_full_time_post_passes_the_guard_of_publication(office, hospital):
    register(office, hospital, 2, 1)
    convert = {"actor": office, "unit": hospital, "on": TODAY, "document": "转1号", "purpose": "柔性转全职"}
    assert refused(domain.take_post_for_conversion, **convert).code == "shortage"
    permit(office, hospital, 1)
    post = domain.take_post_for_conversion(**convert)
    assert (post.state, post.purpose) == ("held", "柔性转全职")
    assert refused(domain.take_post_for_conversion, **convert).code == "shortage"
    assert states(hospital) == ["held", "used"]


def planned(office, post, days=30):
    day = timezone.localdate() + timedelta(days=days)
    return domain.plan_exit(actor=office, post=post, expected_on=day, reason_code="retired", document="退1号")


def test_planned_exits_are_counted_within_a_year_and_never_added_to_what_is_available(office, hospital):
    register(office, hospital, 3, 3)
    first, second, third = EstablishedPost.objects.order_by("pk")
    planned(office, first)
    planned(office, second, days=400)
    balance = balance_of_unit(hospital)
    assert (balance.planned_exits, balance.available) == (1, 0)
    assert refused(planned, office=office, post=first).code == "duplicate"
    assert refused(planned, office=office, post=third, days=-1).code == "date"
    row = PlannedExit.objects.get(post=first)
    domain.withdraw_exit(actor=office, planned=row, reason="延迟退休", document="退2号")
    assert balance_of_unit(hospital).planned_exits == 0


def test_a_full_unit_gets_no_post_against_an_exit_where_the_county_does_not_allow_it(office, hospital, envelope):
    register(office, hospital, 1, 1)
    domain.move_to_pool(actor=office, envelope=envelope, count=1, **WHY)
    planned(office, EstablishedPost.objects.get(unit=hospital))
    lend = {"actor": office, "unit": hospital, "count": 1, "document": "出一进一1号"}
    assert refused(domain.lend_against_exits, **lend).code == "county"


def test_a_post_lent_against_an_exit_is_repaid_when_the_person_leaves(office, hospital, envelope, settings):
    settings.PRE_USE_OF_EXITS = True
    register(office, hospital, 1, 1)
    own = EstablishedPost.objects.get(unit=hospital)
    domain.move_to_pool(actor=office, envelope=envelope, count=2, **WHY)
    row = planned(office, own)
    lend = {"actor": office, "unit": hospital, "count": 1, "document": "出一进一1号"}
    (lent,) = domain.lend_against_exits(**lend)
    assert refused(domain.lend_against_exits, **lend).code == "shortage"
    row.refresh_from_db()
    stay = {"actor": office, "planned": row, "reason": "留任", "document": "退2号"}
    assert refused(domain.withdraw_exit, **stay).code == "lent"
    permit(office, hospital, 1)
    reserve(office, hospital, 1)
    hire(office, lent)
    assert balance_of_unit(hospital).over == 0
    domain.vacate_post(actor=office, post=own, **LEFT)
    own.refresh_from_db()
    lent.refresh_from_db()
    assert (own.state, own.is_pool, lent.unit, lent.is_pool, lent.state) == ("pool", True, hospital, False, "used")
    balance = balance_of_unit(hospital)
    assert (balance.authorised, balance.on_board, balance.planned_exits) == (1, 1, 0)


def test_a_lent_post_goes_back_to_the_pool_while_nothing_is_published_on_it(office, hospital, envelope, settings):
    settings.PRE_USE_OF_EXITS = True
    register(office, hospital, 1, 1)
    domain.move_to_pool(actor=office, envelope=envelope, count=1, **WHY)
    row = planned(office, EstablishedPost.objects.get(unit=hospital))
    domain.lend_against_exits(actor=office, unit=hospital, count=1, document="出一进一1号")
    row.refresh_from_db()
    post = domain.return_lent_post(actor=office, planned=row, reason="不再需要", document="还1号")
    row.refresh_from_db()
    assert (post.state, row.lent_post, states(hospital)) == ("pool", None, ["used"])


def test_a_shortage_names_the_campaign_that_holds_what_is_missing(office, hospital):
    register(office, hospital, 12, 10)
    permit(office, hospital, 2)
    reserve(office, hospital, 1, purpose="2026年春季招聘")
    message = refused(reserve, office=office, unit=hospital, count=3).message
    for part in ("3", "1", "12", "10", "2026年春季招聘"):
        assert part in message


@pytest.mark.parametrize(
    "change",
    [
        {"state": "pool"},
        {"state": "free"},
        {"state": "held"},
        {"state": "allocated", "unit": None},
        {"ledger_number": "L1"},
        {"purpose": "没有发布"},
    ],
)
def test_the_database_itself_refuses_a_post_in_an_impossible_state(office, hospital, change):
    register(office, hospital, 1, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        EstablishedPost.objects.update(**change)


def test_movements_can_only_be_added(office, hospital):
    register(office, hospital, 1, 0)
    with pytest.raises(AppendOnlyError):
        SlotMovement.objects.update(document="别的")
    with pytest.raises(IntegrityError), transaction.atomic():
        SlotMovement.objects.create(
            post=EstablishedPost.objects.get(), move="permit", from_state="allocated", to_state="permitted",
            slot_type="institution", actor=office, document="",
        )  # fmt: skip


def test_no_unit_gets_a_post_from_staff_of_the_talent_office(staff, county, hospital, office, envelope):
    talent = staff(Role.TALENT_OFFICE, unit=county)
    register(office, hospital, 2, 1)
    paper = permit(office, hospital, 1)
    used = EstablishedPost.objects.get(state=SlotState.USED)
    calls = [
        (domain.allocate_posts, {"envelope": envelope, "unit": hospital, "count": 1, "document": "x"}),
        (domain.allocate_from_pool, {"unit": hospital, "count": 1, "document": "x"}),
        (domain.give_back_posts, {"unit": hospital, "count": 1, **WHY}),
        (domain.move_to_pool, {"envelope": envelope, "count": 1, **WHY}),
        (domain.take_from_pool, {"envelope": envelope, "count": 1, **WHY}),
        (domain.renew_permit, {"permit": paper, "expires_on": TODAY, "reason": "x", "document": "x"}),
        (domain.revoke_permit, {"permit": paper, "reason": "x", "document": "x"}),
        (domain.commit_posts, {"unit": hospital, "channel": "other", "count": 1, "document": "x"}),
        (domain.plan_exit, {"post": used, "expected_on": TODAY, "reason_code": "retired", "document": "x"}),
        (domain.vacate_post, {"post": used, **LEFT}),
        (domain.refill_posts, {"posts": [used], "document": "x"}),
    ]
    for verb, arguments in calls:
        with pytest.raises(NotAllowed):
            verb(actor=talent, **arguments)
    assert states(hospital) == ["permitted", "used"]
