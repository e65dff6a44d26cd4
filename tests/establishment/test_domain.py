from datetime import date

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry
from campaigns.establishment import domain
from campaigns.establishment.enums import ReleaseReason, SlotState
from campaigns.establishment.models import EstablishedPost, Permit, SlotMovement
from campaigns.establishment.queries import balance_of_envelope, balance_of_unit
from foundation.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 20)
VALID = {"issued_on": date(2026, 1, 5), "expires_on": date(2026, 12, 31)}


@pytest.fixture
def office(staff, county):
    return staff(Role.ESTABLISHMENT_OFFICE, unit=county)


@pytest.fixture
def hospital(make_unit):
    return make_unit("H1", name="县人民医院")


@pytest.fixture
def envelope(office, county):
    return domain.create_envelope(
        actor=office, code="TP", name="千名人才", size=20, unit=county, document="编〔2026〕1号"
    )


def register(office, unit, authorised, on_board):
    return domain.register_unit_posts(
        actor=office, unit=unit, authorised=authorised, on_board=on_board, recorded_on=TODAY, document="编〔2026〕2号"
    )


def states(posts):
    return sorted(posts.values_list("state", flat=True))


def test_the_worked_ledger_of_the_county_hospital_comes_out_at_eleven(office, hospital):
    register(office, hospital, 420, 398)
    domain.issue_permit(actor=office, number="核编1号", unit=hospital, slots=15, **VALID)
    posts = domain.reserve_posts(actor=office, unit=hospital, count=15, on=TODAY, document="公告1号")
    assert balance_of_unit(hospital).available == 7

    domain.release_posts(
        actor=office,
        posts=posts[:3],
        reason_code=ReleaseReason.OPENING_RATIO,
        reason="开考比例不足",
        document="公告2号",
    )
    assert balance_of_unit(hospital).available == 10
    domain.release_posts(
        actor=office, posts=posts[3:4], reason_code=ReleaseReason.MEDICAL, reason="体检不合格", document="公告3号"
    )
    held = [domain.hold_post(actor=office, post=post, document="公示1号") for post in posts[4:]]
    balance = balance_of_unit(hospital)
    assert (balance.reserved, balance.held, balance.available) == (0, 11, 11)

    for number, post in enumerate(held):
        domain.use_post(actor=office, post=post, ledger_number=f"L{number}", document="聘用批复1号")
    balance = balance_of_unit(hospital)
    assert (balance.on_board, balance.held, balance.available) == (409, 0, 11)


def test_reserving_more_than_is_available_names_the_exact_shortage_and_moves_nothing(office, hospital):
    register(office, hospital, 12, 10)
    domain.issue_permit(actor=office, number="核编1号", unit=hospital, slots=2, **VALID)
    domain.reserve_posts(actor=office, unit=hospital, count=1, on=TODAY, document="公告1号")

    with pytest.raises(Refused) as refusal:
        domain.reserve_posts(actor=office, unit=hospital, count=3, on=TODAY, document="公告2号")

    assert refusal.value.code == "shortage"
    for figure in ("3", "1", "12", "10"):
        assert figure in refusal.value.message
    assert balance_of_unit(hospital).reserved == 1


def test_a_permit_outside_its_dates_gives_nothing(office, hospital):
    register(office, hospital, 5, 0)
    domain.issue_permit(actor=office, number="核编1号", unit=hospital, slots=5, **VALID)
    for day in (date(2026, 1, 4), date(2027, 1, 1)):
        with pytest.raises(Refused):
            domain.reserve_posts(actor=office, unit=hospital, count=1, on=day, document="公告")
    for day in (date(2026, 1, 5), date(2026, 12, 31)):
        domain.reserve_posts(actor=office, unit=hospital, count=1, on=day, document="公告")
    assert balance_of_unit(hospital).reserved == 2


def test_an_over_staffed_unit_gets_no_permit_and_shows_no_negative_number(office, hospital):
    balance = register(office, hospital, 30, 32)
    assert (balance.over, balance.available, balance.on_board) == (2, 0, 32)
    with pytest.raises(Refused) as refusal:
        domain.issue_permit(actor=office, number="核编1号", unit=hospital, slots=1, **VALID)
    assert refusal.value.code == "over_staffed"
    assert not Permit.objects.exists()


def test_a_permit_on_an_envelope_allocates_what_the_unit_lacks(office, hospital, envelope):
    domain.allocate_posts(actor=office, envelope=envelope, unit=hospital, count=3, document="分配1号")
    permit = domain.issue_permit(actor=office, number="核编1号", unit=hospital, slots=5, envelope=envelope, **VALID)

    balance = balance_of_envelope(envelope)
    assert (balance.free, balance.allocated, balance.permitted, balance.authorised) == (15, 0, 5, 20)
    assert set(permit.posts.values_list("unit_id", flat=True)) == {hospital.pk}


def test_an_envelope_gives_no_more_than_it_holds(office, hospital, envelope):
    with pytest.raises(Refused) as refusal:
        domain.issue_permit(actor=office, number="核编1号", unit=hospital, slots=21, envelope=envelope, **VALID)
    assert "20" in refusal.value.message
    assert states(EstablishedPost.objects.all()) == ["free"] * 20
    assert not Permit.objects.exists()


def test_every_move_leaves_a_movement_with_actor_and_document(office, hospital, envelope):
    domain.issue_permit(actor=office, number="核编1号", unit=hospital, slots=1, envelope=envelope, **VALID)
    (post,) = domain.reserve_posts(actor=office, unit=hospital, count=1, on=TODAY, document="公告1号")
    domain.hold_post(actor=office, post=post, document="公示1号")
    domain.use_post(actor=office, post=post, ledger_number="L1", document="批复1号")
    domain.vacate_post(actor=office, post=post, reason_code="resigned", reason="辞职", document="离职1号")

    moves = SlotMovement.objects.filter(post=post).order_by("id")
    assert list(moves.values_list("move", "from_state", "to_state", "document")) == [
        ("create", "", "free", "编〔2026〕1号"),
        ("allocate", "free", "allocated", "核编1号"),
        ("permit", "allocated", "permitted", "核编1号"),
        ("reserve", "permitted", "reserved", "公告1号"),
        ("hold", "reserved", "held", "公示1号"),
        ("use", "held", "used", "批复1号"),
        ("vacate", "used", "vacated", "离职1号"),
    ]
    assert set(moves.values_list("actor_id", flat=True)) == {office.pk}


def test_a_post_released_after_its_permit_ran_out_is_only_allocated(office, hospital):
    register(office, hospital, 2, 0)
    today = timezone.localdate()
    permit = domain.issue_permit(
        actor=office, number="核编1号", unit=hospital, slots=2, issued_on=date(2020, 1, 1), expires_on=today
    )
    posts = domain.reserve_posts(actor=office, unit=hospital, count=2, on=today, document="公告1号")
    reason = {"reason_code": ReleaseReason.NOBODY_PASSED, "reason": "无人合格", "document": "公告2号"}
    domain.release_posts(actor=office, posts=posts[:1], **reason)
    Permit.objects.filter(pk=permit.pk).update(expires_on=date(2020, 1, 2))
    domain.release_posts(actor=office, posts=posts[1:], **reason)
    assert states(EstablishedPost.objects.all()) == [SlotState.ALLOCATED, SlotState.PERMITTED]
    assert list(EstablishedPost.objects.filter(state="allocated").values_list("permit", flat=True)) == [None]


@pytest.mark.parametrize("verb", ["hold_post", "use_post", "vacate_post"])
def test_a_post_in_another_state_refuses_the_act(office, hospital, verb):
    register(office, hospital, 1, 0)
    post = EstablishedPost.objects.get()
    arguments = {
        "hold_post": {"document": "公示"},
        "use_post": {"ledger_number": "L1", "document": "批复"},
        "vacate_post": {"reason_code": "x", "reason": "辞职", "document": "离职"},
    }[verb]
    with pytest.raises(Refused) as refusal:
        getattr(domain, verb)(actor=office, post=post, **arguments)
    assert refusal.value.code == "wrong_state"
    assert EstablishedPost.objects.get().state == "allocated"


def test_no_post_moves_without_a_document_or_a_needed_reason(office, hospital):
    register(office, hospital, 1, 0)
    domain.issue_permit(actor=office, number="核编1号", unit=hospital, slots=1, **VALID)
    with pytest.raises(Refused) as refusal:
        domain.reserve_posts(actor=office, unit=hospital, count=1, on=TODAY, document=" ")
    assert refusal.value.code == "document_required"
    posts = domain.reserve_posts(actor=office, unit=hospital, count=1, on=TODAY, document="公告")
    with pytest.raises(Refused) as refusal:
        domain.release_posts(actor=office, posts=posts, reason_code="opening_ratio", reason="", document="公告")
    assert refusal.value.code == "reason_required"


def test_only_the_establishment_office_of_the_unit_issues_permits(staff, hospital, make_unit):
    elsewhere = staff(Role.ESTABLISHMENT_OFFICE, unit=make_unit("S1"))
    talent = staff(Role.TALENT_OFFICE, unit=hospital)
    for actor in (elsewhere, talent):
        with pytest.raises(NotAllowed):
            domain.issue_permit(actor=actor, number="核编1号", unit=hospital, slots=1, **VALID)
    assert not AuditEntry.objects.exists()


def test_a_pool_post_returns_to_the_county_when_its_holder_leaves(office, hospital, envelope):
    domain.issue_permit(actor=office, number="核编1号", unit=hospital, slots=1, envelope=envelope, **VALID)
    (post,) = domain.reserve_posts(actor=office, unit=hospital, count=1, on=TODAY, document="公告1号")
    EstablishedPost.objects.filter(pk=post.pk).update(is_pool=True)
    domain.hold_post(actor=office, post=post, document="公示")
    domain.use_post(actor=office, post=post, ledger_number="L1", document="批复")
    domain.vacate_post(actor=office, post=post, reason_code="resigned", reason="辞职", document="离职")
    post = EstablishedPost.objects.get(pk=post.pk)
    assert (post.state, post.unit_id, post.permit_id, post.ledger_number) == ("pool", None, None, "")


def test_entering_a_unit_twice_is_refused(office, hospital):
    register(office, hospital, 3, 1)
    with pytest.raises(Refused):
        register(office, hospital, 3, 1)
    assert EstablishedPost.objects.count() == 3
