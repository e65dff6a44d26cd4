"""A competitive selection from material to post, and three open challenges."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from campaigns.planning.models import Campaign
from recruitment.applications.domain import pass_review, start_application, submit_application
from recruitment.applications.pledge import current_pledge
from recruitment.challenges import domain as challenges
from recruitment.challenges.lists import prepare_award
from recruitment.challenges.models import Bid, Challenge, Engagement
from recruitment.demo.campaigns import sector_of
from recruitment.demo.clock import at
from recruitment.demo.county import County
from recruitment.demo.exam import NOTHING_APPLIES, check, notice, put_out
from recruitment.demo.people import People
from recruitment.panels.domain import lock_panel, submit_sheet
from recruitment.panels.models import Panel, Subject
from recruitment.selection import domain as selection
from recruitment.selection.lists import prepare_selection
from recruitment.selection.models import SelectionResult
from rulebook.working_days import add_months

SELECTION_RULES = (
    ("total", {"parts": [{"name": "material", "weight": "1"}]}),
    ("interview", {"held": False}),
    ("ranking", {"tie_chain": ["material", "extra_test"]}),
)
CHALLENGE_RULES = (("challenge", {"panel_min": 2}),)
# Board number → user name → the key half that officer keeps.
Halves = dict[str, dict[str, str]]
NEEDS = (
    ("高山茶采后保鲜", "AGR03", "夏秋茶采后六小时内变色，成品率不到七成。", "常温七日变色率不高于 5%，三家企业试用合格。", "农产品加工"),
    ("乡镇卫生院远程影像质控", "HEA05", "基层影像重拍率高，诊断一致性不足。", "重拍率降到 3% 以下，一致率不低于 95%。", "医疗信息"),
    ("县域地质灾害早期预警", "CON02", "雨季滑坡预警提前量不足。", "提前量不少于 3 小时，误报率不高于 10%。", "防灾减灾"),
)  # fmt: skip
OFFERS = (
    ("岳麓农业大学", "教授一人，博士二人，工程师一人。", "分三个阶段完成：第一阶段查明变化的原因，第二阶段小试，第三阶段在两家单位扩大应用，每半年提交一次阶段报告。"),
    ("湘江理工大学", "研究员一人，博士三人。", "先建样本库和评价方法，再做对照试验，最后编写操作规程并培训当地技术人员二十人。"),
    ("东湖科学研究院", "高级工程师二人，硕士四人。", "以现有设备改造为主，前三个月完成方案，一年内完成示范，第二年移交并跟踪。"),
)  # fmt: skip


def apply_for_selection(county: County, campaign: Campaign, people: People, draw: random.Random) -> None:
    """One or two people a place, most with a master's degree, some doctors; all pass the review."""
    for number, position in enumerate(campaign.positions.select_related("unit").order_by("code")):
        for rival in range(position.headcount_effective + number % 2):
            degree = "doctor" if (number + rival) % 9 == 0 else "master"
            candidate = people.candidate(sector_of(position.unit), degree=degree)
            assert candidate.user is not None
            application = start_application(actor=candidate.user, candidate=candidate, position=position)
            application = submit_application(
                actor=candidate.user, application=application, form={}, declarations=NOTHING_APPLIES,
                pledge_version=current_pledge().version,
            )  # fmt: skip
            pass_review(actor=county.who("talent2"), application=application)


def _reviewers(county: County) -> list[User]:
    return [county.who("expert1"), county.who("expert2")]


def _panel(county: County, campaign: Campaign) -> Panel:
    judges = _reviewers(county)
    return selection.start_panel(actor=county.who("talent"), campaign=campaign, purpose="material", judges=judges)


def _mark(subject: Subject, reviewer: User, base: float, draw: random.Random) -> None:
    share = Decimal(f"{base + draw.uniform(-0.04, 0.04):.2f}")
    full = {criterion["code"]: Decimal(criterion["full_mark"]) for criterion in subject.panel.criteria}
    marks = {code: (mark * share).quantize(Decimal("0.1")) for code, mark in full.items()}
    submit_sheet(actor=reviewer, subject=subject, marks=marks)


def mark_material(county: County, campaign: Campaign, draw: random.Random) -> Panel:
    """Two reviewers mark everyone's material and the marks are locked; draw numbers are real chance, marks are not."""
    panel = _panel(county, campaign)
    for subject in panel.subjects.order_by("application_id"):
        base = draw.uniform(0.6, 0.95)
        for reviewer in _reviewers(county):
            _mark(subject, reviewer, base, draw)
    return lock_panel(actor=county.who("talent"), panel=panel)


def begin_marking(county: County, campaign: Campaign, draw: random.Random) -> None:
    """The panel sits and its first judge has marked half of the numbers; the rest waits for the two."""
    panel = _panel(county, campaign)
    for subject in panel.subjects.order_by("draw_no")[: panel.subjects.count() // 2]:
        _mark(subject, county.who("expert1"), draw.uniform(0.6, 0.95), draw)


def _settle_ties(county: County, campaign: Campaign) -> None:
    """Whoever shares the last place sits an extra test, and another person ranks again."""
    waiting = SelectionResult.objects.filter(application__campaign=campaign, needs_extra_test=True).order_by("pk")
    numbers = list(waiting.values_list("application__registration_no", flat=True))
    if numbers:
        marks = {number: Decimal(90) - place for place, number in enumerate(numbers)}
        selection.record_extra_test(actor=county.who("talent"), campaign=campaign, marks=marks)
        selection.rank_selection(actor=county.who("talent2"), campaign=campaign)


def select(county: County, campaign: Campaign, draw: random.Random) -> None:
    """Rank, publish and sign agreements with everyone proposed."""
    mark_material(county, campaign, draw)
    selection.rank_selection(actor=county.who("talent"), campaign=campaign)
    _settle_ties(county, campaign)
    put_out(county, prepare_selection(actor=county.who("talent"), campaign=campaign))
    chosen = SelectionResult.objects.filter(application__campaign=campaign, is_selected=True).order_by("pk")
    for number, result in enumerate(
        chosen.select_related("application__position__unit", "application__campaign"), start=1
    ):
        selection.sign_agreement(
            actor=county.who("talent"), application=result.application, number=f"引协〔{campaign.pk}〕{number}号",
            signed_on=timezone.localdate(), service_years=5,
        )  # fmt: skip


def hold_selection(
    county: County, campaign: Campaign, people: People, draw: random.Random, start: datetime, *, to_notice_at: datetime
) -> None:
    """The whole selection from applications to the notice; `start` is the day of publication."""
    with at(start + timedelta(days=5)):
        apply_for_selection(county, campaign, people, draw)
    with at(start + timedelta(days=20)):
        select(county, campaign, draw)
    with at(start + timedelta(days=30)):
        check(county, campaign)
    with at(to_notice_at):
        notice(county, campaign)


def post_challenge(county: County, campaign: Campaign, opens_at: datetime, number: int, halves: Halves) -> Challenge:
    """Put a need on the board: described and confirmed by two persons, who also make the two halves of its key."""
    title, unit, problem, indicators, field = NEEDS[number - 1]
    talent, second = county.who("talent"), county.who("talent2")
    challenge = challenges.describe_need(
        actor=second, campaign=campaign, unit=next(row for row in county.units if row.code == unit),
        code=f"{campaign.code}-{number}",
        need=challenges.Need(
            title=title, problem=problem, indicators=indicators, field_name=field, budget=Decimal(300_000 * number),
            ends_on=(opens_at + timedelta(days=720)).date(), days_per_year=60,
        ),
    )  # fmt: skip
    challenges.confirm_need(actor=talent, challenge=challenge)
    halves[challenge.code] = {
        officer.username: challenges.make_key_half(actor=officer, challenge=challenge) for officer in (talent, second)
    }
    return challenges.publish_challenge(actor=talent, challenge=challenge, opens_at=opens_at)


def bid(challenge: Challenge, people: People, share: str, number: int = 0) -> Bid:
    """A doctor from elsewhere answers a challenge."""
    candidate = people.candidate(sector_of(challenge.unit), degree="doctor")
    assert candidate.user is not None
    home_unit, team, plan = OFFERS[number % len(OFFERS)]
    quote = (challenge.budget * Decimal(share)).quantize(Decimal(1))
    offer = challenges.Offer(home_unit=home_unit, team=team, plan=plan, quote=quote)
    return challenges.submit_bid(actor=candidate.user, challenge=challenge, candidate=candidate, offer=offer)


def open_board(county: County, challenge: Challenge, halves: Halves) -> Challenge:
    """Both officers hand in what they kept, and all bids are opened."""
    for username, secret in halves.pop(challenge.code).items():
        challenges.hand_in_key_half(actor=county.who(username), challenge=challenge, secret=secret)
    return challenges.open_bids(actor=county.who("talent"), challenge=challenge)


def award(county: County, challenge: Challenge, draw: random.Random) -> None:
    """Two experts mark the opened bids; the best one is to be awarded, under public notice from now."""
    talent = county.who("talent")
    for row in challenge.bids.filter(state="submitted").order_by("pk"):
        challenges.accept_bid(actor=talent, bid=row)
    experts = [county.who("expert1"), county.who("expert2")]
    panel = challenges.start_review(actor=talent, challenge=challenge, experts=experts)
    for place, subject in enumerate(panel.subjects.order_by("bid__pk")):
        for expert in experts:
            marks = {item["code"]: Decimal(88 - 6 * place + draw.randrange(4)) for item in panel.criteria}
            submit_sheet(actor=expert, subject=subject, marks=marks)
    lock_panel(actor=talent, panel=panel)
    challenges.award_challenge(actor=talent, challenge=challenge, decision="云才领纪〔3〕号")
    put_out(county, prepare_award(actor=talent, challenge=challenge))


def engage(county: County, challenge: Challenge) -> None:
    """After the notice: the agreement with the winner, who begins to work; no post is used."""
    winner, today = challenge.bids.get(state="awarded"), timezone.localdate()
    engagement = challenges.sign_engagement(
        actor=county.who("talent"), bid=winner, number=f"柔引〔{challenge.code}〕", starts_on=today,
        ends_on=today + timedelta(days=700), days_per_year=60, amount=Decimal(winner.quote),
        subsidy=Decimal(30_000),
    )  # fmt: skip
    challenges.begin_engagement(actor=county.who("talent"), engagement=engagement)


def serve(county: County, challenge: Challenge) -> None:
    """The first milestone passed, the second did not; a week on site each month, in time for both."""
    talent, today = county.who("talent"), timezone.localdate()
    engagement = Engagement.objects.get(bid__challenge=challenge)
    for first in days_of_work(engagement.starts_on, today):
        challenges.log_work(
            actor=talent, engagement=engagement, first=first, last=first + timedelta(days=4), evidence="现场考勤表"
        )
    first_part, second_part = engagement.milestones.order_by("number")[:2]
    challenges.decide_milestone(actor=talent, milestone=first_part, is_passed=True, reason="阶段验收〔1〕号，小试达标")
    challenges.decide_milestone(
        actor=talent, milestone=second_part, is_passed=False, reason="中试批次不足，三个月后复评"
    )


def days_of_work(starts_on: date, today: date) -> Iterator[date]:
    """The first day of a week on site in every month that is over by today."""
    while starts_on + timedelta(days=4) <= today:
        yield starts_on
        starts_on = add_months(starts_on, 1)
