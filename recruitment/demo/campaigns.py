"""From permit to publication: one campaign, its positions and everything its approval needs."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Unit
from campaigns.establishment.domain import issue_permit
from campaigns.planning.domain import (
    add_position,
    approve_announcement,
    approve_plan,
    change_rules,
    confirm_posts,
    create_campaign,
    draft_announcement,
    publish_campaign,
    submit_plan,
)
from campaigns.planning.enums import PositionCategory, Track
from campaigns.planning.models import Campaign, Position
from recruitment.demo.county import County
from recruitment.demo.words import MAJORS, POSTS


@dataclass(frozen=True)
class Plan:
    """What a campaign is to be: its dates are days from its publication."""

    code: str
    name: str
    name_en: str
    track: str
    profile: str
    heads: int
    opens_after: int = 3
    closes_after: int = 10
    rules: tuple[tuple[str, object], ...] = ()


def publish(county: County, plan: Plan, draw: random.Random) -> Campaign:
    """Create, fill, approve and publish a campaign now; its posts come from the envelope by one permit a unit."""
    talent, second = county.who("talent"), county.who("talent2")
    now = timezone.now()
    opens = now + timedelta(days=plan.opens_after)
    closes = now + timedelta(days=plan.closes_after)
    campaign = create_campaign(
        actor=talent, programme=county.programme, code=plan.code, name=plan.name, name_en=plan.name_en,
        track=plan.track, unit=county.root, profile=plan.profile, registration_opens_at=opens,
        registration_closes_at=closes, milestones=_milestones(plan, now),
    )  # fmt: skip
    if plan.rules:
        change_rules(actor=talent, campaign=campaign, changes=dict(plan.rules))
    if plan.track != Track.OPEN_CHALLENGE:
        _positions(county, campaign, plan.heads, draw)
    submit_plan(actor=talent, campaign=campaign)
    campaign.refresh_from_db()
    if campaign.state == "quota_review":
        confirm_posts(actor=county.who("posts"), campaign=campaign)
    campaign.refresh_from_db()
    approve_plan(actor=second, campaign=campaign, document=f"云人社复〔{now.year}〕{campaign.pk}号")
    campaign.refresh_from_db()
    announcement = draft_announcement(
        actor=talent, campaign=campaign, title=f"{plan.name}公告", body=_text(county, plan)
    )
    approve_announcement(actor=second, announcement=announcement)
    publish_campaign(actor=talent, campaign=campaign)
    campaign.refresh_from_db()
    return campaign


def _milestones(plan: Plan, now: datetime) -> dict[str, tuple[datetime | None, datetime | None]]:
    def after(days: int) -> tuple[datetime | None, datetime | None]:
        return (now + timedelta(days=days), None)

    if plan.track == Track.PUBLIC_EXAM:
        days = {
            "review": 11, "written_exam": 30, "scores": 50, "shortlist": 55, "interview": 70, "totals": 75,
            "medical": 80, "inspection": 90, "notice": 100, "approval": 115,
        }  # fmt: skip
    elif plan.track == Track.COMPETITIVE_SELECTION:
        days = {
            "review": 11, "material_review": 15, "assessment": 20, "totals": 25, "agreement": 30, "medical": 35,
            "inspection": 45, "notice": 55, "approval": 70,
        }  # fmt: skip
    else:
        days = {"expert_review": 30, "award": 40, "engagement": 50}
    return {key: after(value) for key, value in days.items()}


def _text(county: County, plan: Plan) -> str:
    return (
        f"根据{county.programme.name}，现面向社会公开引进工作人员。\n"
        "一、岗位和条件见岗位表。条件在公告发布后不再改变，确需改变的，另行公告。\n"
        "二、网上报名，不收取任何中介费用。每人限报一个岗位。\n"
        "三、成绩、名单和每一步的理由都在本站公布，可以查询，可以异议。"
    )


def _positions(county: County, campaign: Campaign, heads: int, draw: random.Random) -> None:
    """Positions for `heads` people, spread over all units; each unit's posts are permitted first."""
    shares = _shares(heads, county.units)
    today = timezone.localdate()
    number = 0
    for unit, share in shares.items():
        if not share:
            continue
        issue_permit(
            actor=county.who("posts"), number=f"云编核〔{today.year}〕{campaign.pk}-{unit.code}",
            unit=unit, slots=share, issued_on=today, expires_on=today + timedelta(days=540), envelope=county.envelope,
        )  # fmt: skip
        while share:
            count = min(share, draw.choice([1, 2, 2, 3, 4]))
            number += 1
            _position(county, campaign, unit, f"{campaign.code}-{number:04d}", count, draw)
            share -= count


def _shares(heads: int, units: list[Unit]) -> dict[Unit, int]:
    each, rest = divmod(heads, len(units))
    return {unit: each + (1 if index < rest else 0) for index, unit in enumerate(units)}


def sector_of(unit: Unit) -> str:
    """The code of the department a unit belongs to."""
    return unit.path.split("/")[1]


def _position(county: County, campaign: Campaign, unit: Unit, code: str, count: int, draw: random.Random) -> Position:
    sector = sector_of(unit)
    major, number = MAJORS[sector]
    is_exam = campaign.track == Track.PUBLIC_EXAM
    return add_position(
        actor=county.who("talent"), campaign=campaign, unit=unit, code=code, name=draw.choice(POSTS[sector]),
        headcount=count, category=PositionCategory.PROFESSIONAL, grade="专业技术岗位十二级",
        duty="承担本专业岗位的日常工作。",
        columns={
            "age": "18周岁以上、38周岁以下",
            "education": "本科及以上" if is_exam else "研究生及以上",
            "degree": "学士及以上" if is_exam else "硕士及以上",
            "major": f"本科：{major}（{number}）；研究生：{major}" if is_exam else major,
        },
    )  # fmt: skip
