import pytest
from django.db.models import Count

from accounts.enums import Role
from accounts.models import AuditEntry
from campaigns.establishment.models import EstablishedPost
from campaigns.planning import domain, signals
from campaigns.planning.domain.plans import shortages
from campaigns.planning.enums import AnnouncementState, CampaignState, PositionState
from campaigns.planning.models import Announcement, Campaign, Position, PositionSlot, RuleSetVersion
from foundation.errors import NotAllowed, Refused
from tests.planning.conftest import NOW

pytestmark = pytest.mark.django_db


def post_states():
    return dict(EstablishedPost.objects.order_by().values_list("state").annotate(Count("pk")))


def test_publishing_reserves_exactly_the_headcount_freezes_the_rules_and_opens_the_positions(
    make_campaign, add, approve, permit, hospital, school, second
):
    campaign = make_campaign()
    add(campaign, hospital, "A01", headcount=2)
    add(campaign, hospital, "A02", headcount=1)
    add(campaign, school, "B01", headcount=1)
    permit(hospital, 5)
    permit(school, 1)
    approve(campaign)
    heard = []
    signals.campaign_published.connect(lambda **kwargs: heard.append(kwargs["campaign"].pk), weak=False)

    domain.publish_campaign(actor=second, campaign=campaign)

    campaign.refresh_from_db()
    assert (campaign.state, campaign.published_at) == (CampaignState.PUBLISHED, NOW)
    claims = PositionSlot.objects.values_list("position__code").annotate(Count("pk")).order_by("position__code")
    assert list(claims) == [("A01", 2), ("A02", 1), ("B01", 1)]
    assert all(claim.post.unit_id == claim.position.unit_id for claim in PositionSlot.objects.all())
    assert post_states() == {"reserved": 4, "permitted": 2}
    assert RuleSetVersion.objects.get().frozen_at == NOW
    assert Announcement.objects.get().state == AnnouncementState.PUBLISHED
    assert set(Position.objects.values_list("state", flat=True)) == {PositionState.PUBLISHED}
    assert campaign.milestones.get(key="announcement").happened_at == NOW
    assert heard == [campaign.pk]


def test_publishing_twice_changes_nothing_the_second_time(published, second):
    before = AuditEntry.objects.count(), PositionSlot.objects.count(), post_states()
    again = domain.publish_campaign(actor=second, campaign=published)
    assert again.state == CampaignState.PUBLISHED
    assert (AuditEntry.objects.count(), PositionSlot.objects.count(), post_states()) == before


def test_a_shortage_names_every_unit_that_falls_short_and_reserves_nothing(
    make_campaign, add, approve, permit, hospital, school, second, posts_office, author
):
    campaign = make_campaign()
    for unit, code in ((hospital, "A01"), (school, "B01")):
        add(campaign, unit, code, headcount=2)
        permit(unit, 2)
    approve(campaign)
    other = make_campaign("C2")
    for unit, code in ((hospital, "A01"), (school, "B01")):
        add(other, unit, code, headcount=1)
    approve(other)
    domain.publish_campaign(actor=second, campaign=other)

    with pytest.raises(Refused) as refusal:
        domain.publish_campaign(actor=second, campaign=campaign)

    assert refusal.value.code == "shortage"
    lines = refusal.value.message.split("\n")
    assert all(name in line for name, line in zip(("县人民医院", "第一中学"), lines, strict=True))
    assert post_states() == {"reserved": 2, "permitted": 2}
    campaign.refresh_from_db()
    assert (campaign.state, campaign.published_at) == (CampaignState.APPROVED, None)


def test_a_shortage_reads_the_same_at_the_confirmation_of_posts_and_at_publication(
    make_campaign, add, approve, permit, hospital, author, second, posts_office, django_assert_num_queries
):
    permit(hospital, 4)
    other, campaign = make_campaign("C2"), make_campaign()
    add(other, hospital, "A01", headcount=3)
    add(campaign, hospital, "A01", headcount=3)
    approve(campaign)
    domain.publish_campaign(actor=second, campaign=approve(other))

    with django_assert_num_queries(5):
        (before,) = shortages(campaign)
    with pytest.raises(Refused) as refusal:
        domain.publish_campaign(actor=second, campaign=campaign)
    assert refusal.value.message == f"{before}未保存任何内容。"
    assert before.startswith(
        "县人民医院需要3个编制，可用1个：核定 4 个、在编 0 人、“公开招聘 C2”已发布3个。需用编制3名，可用1名，缺2名。"
    )
    late = make_campaign("C3")
    add(late, hospital, "A01", headcount=3)
    domain.submit_plan(actor=author, campaign=late)
    with pytest.raises(Refused) as refusal:
        domain.confirm_posts(actor=posts_office, campaign=late)
    assert refusal.value.message.startswith(before)


def test_a_civil_service_campaign_waits_for_no_post(make_campaign, add, approve, hospital, second):
    campaign = make_campaign(slot_type="civil_service", profile="civil_service_exam")
    add(campaign, hospital, "A01", headcount=3)
    approve(campaign)
    domain.publish_campaign(actor=second, campaign=campaign)
    assert (PositionSlot.objects.count(), campaign.positions.get().state) == (0, PositionState.PUBLISHED)


def test_nothing_is_published_without_the_approval_of_its_plan(make_campaign, add, permit, hospital, author, second):
    campaign = make_campaign()
    add(campaign, hospital, "A01")
    permit(hospital, 1)
    draft = domain.draft_announcement(actor=author, campaign=campaign, title="公告", body="文")
    domain.approve_announcement(actor=second, announcement=draft)
    domain.submit_plan(actor=author, campaign=campaign)
    with pytest.raises(Refused) as refusal:
        domain.publish_campaign(actor=second, campaign=campaign)
    assert refusal.value.code == "plan_not_approved"


def test_a_plan_is_never_approved_before_the_permits_cover_every_unit(
    make_campaign, add, permit, hospital, author, second, posts_office
):
    campaign = make_campaign()
    add(campaign, hospital, "A01", headcount=3)
    domain.submit_plan(actor=author, campaign=campaign)
    for verb, fields in (
        (domain.approve_plan, {"actor": second, "document": "批1号"}),
        (domain.confirm_posts, {"actor": posts_office}),
    ):
        with pytest.raises(Refused) as refusal:
            verb(campaign=campaign, **fields)
        assert refusal.value.code == "shortage"
        assert all(part in refusal.value.message for part in ("县人民医院", "3", "0"))
    permit(hospital, 3)
    assert domain.confirm_posts(actor=posts_office, campaign=campaign).state == CampaignState.PLAN_APPROVAL
    assert domain.approve_plan(actor=second, campaign=campaign, document="批1号").state == CampaignState.APPROVED


def test_the_plan_and_the_announcement_each_need_two_persons(make_campaign, add, permit, hospital, author):
    campaign = make_campaign()
    add(campaign, hospital, "A01")
    permit(hospital, 1)
    domain.submit_plan(actor=author, campaign=campaign)
    draft = domain.draft_announcement(actor=author, campaign=campaign, title="公告", body="文")
    for verb, fields in (
        (domain.approve_plan, {"campaign": campaign, "document": "批1号"}),
        (domain.approve_announcement, {"announcement": draft}),
    ):
        with pytest.raises(Refused) as refusal:
            verb(actor=author, **fields)
        assert refusal.value.code == "second_person"
    assert Campaign.objects.get().plan_approved_by is None
    assert Announcement.objects.get().state == AnnouncementState.DRAFT


def test_changing_the_rules_after_the_announcement_was_approved_asks_for_a_new_approval(
    make_campaign, add, approve, permit, hospital, author, second
):
    campaign = make_campaign()
    add(campaign, hospital, "A01")
    permit(hospital, 1)
    approve(campaign)
    domain.change_rules(actor=author, campaign=campaign, changes={"notice": {"days": 5}})
    with pytest.raises(Refused) as refusal:
        domain.publish_campaign(actor=second, campaign=campaign)
    assert refusal.value.code == "announcement_not_approved"
    domain.approve_announcement(actor=second, announcement=Announcement.objects.get())
    assert domain.publish_campaign(actor=second, campaign=campaign).state == CampaignState.PUBLISHED


@pytest.mark.parametrize("role", [role for role in Role if role != Role.TALENT_OFFICE])
def test_only_the_talent_office_publishes(published, staff, role):
    Campaign.objects.update(state="approved", published_at=None)
    with pytest.raises(NotAllowed):
        domain.publish_campaign(actor=staff(role), campaign=published)


def test_voiding_gives_every_reserved_post_back_and_cancels_the_positions(published, second):
    domain.void_campaign(actor=second, campaign=published, reason="计划调整")
    assert post_states() == {"permitted": 2}
    assert not PositionSlot.objects.filter(released_at=None).exists()
    assert set(Position.objects.values_list("state", flat=True)) == {PositionState.CANCELLED}


def test_a_suspended_campaign_goes_on_where_it_was(published, second):
    domain.advance_campaign(actor=second, campaign=published, move="start_scoring")
    domain.suspend_campaign(actor=second, campaign=published, reason="系统故障")
    assert domain.resume_campaign(actor=second, campaign=published, reason="恢复").state == CampaignState.SCORING
