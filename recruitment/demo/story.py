"""The demo as one story: what has happened in the county up to the stage that is asked for."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from campaigns.planning.domain import set_calendar_day
from campaigns.planning.enums import Track
from campaigns.planning.models import CalendarDay, Campaign
from recruitment.applications.domain import TicketEntry, enter_applications
from recruitment.demo import bonus, conduct, exam, ledger, tracks
from recruitment.demo.campaigns import Plan, publish
from recruitment.demo.clock import at
from recruitment.demo.county import County, days_ago, lay_county
from recruitment.demo.people import People
from recruitment.demo.tour import tour

STAGES = ("published", "registration", "exam", "ranked", "hired")


@dataclass(frozen=True)
class Scale:
    """How many places each campaign has, and how many people apply online and visit an event."""

    first_exam: int
    first_selection: int
    second_exam: int
    third_exam: int
    second_selection: int
    online: int
    visitors: int
    bulk: int = 0


# The county's figures: 940 + 64 used, 61 held, 82 + 15 published, 77 left (decision 19).
SCALES = {
    "small": Scale(24, 6, 5, 12, 4, 24, 12),
    "county": Scale(940, 64, 61, 82, 15, 60, 24),
    "large": Scale(24, 6, 5, 12, 4, 24, 12, bulk=100_000),
}


def _challenges_plan(code: str, name: str, name_en: str) -> Plan:
    return Plan(
        code, name, name_en, Track.OPEN_CHALLENGE, "open_challenge", 0,
        opens_after=0, closes_after=20, rules=tracks.CHALLENGE_RULES,
    )  # fmt: skip


class Story:
    """Plays the story; the same seed makes the same people and marks.

    `halves` are the key halves that the two officers keep of boards whose bids are still sealed.
    """

    def __init__(self, scale: Scale, seed: int) -> None:
        self.scale = scale
        self.draw = random.Random(seed)  # noqa: S311 - made-up data, not a secret
        self.people = People(self.draw)
        self.halves: tracks.Halves = {}

    def play(self, stage: str) -> County:
        """Everything up to `stage`, one of STAGES."""
        steps = STAGES.index(stage)
        with at(days_ago(230)):
            county = lay_county()
            ledger.own_posts(county)
        self._calendar(county)
        if steps >= STAGES.index("hired"):
            self._hired(county)
        current = self._publish(
            county, "EX3", "第三批公开招考", "Third public exam", self.scale.third_exam, days_ago(6)
        )
        selection = self._second_selection(county, begun=steps >= STAGES.index("exam"))
        self._challenges(county, stage)
        tour(county, [current, selection], self.draw, visitors=self.scale.visitors)
        if steps >= STAGES.index("registration"):
            exam.apply_online(county, current, self.people, self.draw, self.scale.online)
            conduct.ban_one(county, current)
        if steps >= STAGES.index("exam"):
            self._second_exam(county, stage)
        if self.scale.bulk:
            self._bulk(county)
        ledger.half_decided(county)
        return county

    def _calendar(self, county: County) -> None:
        """A year that the built-in calendar lacks gets New Year's Day, so that notice periods can be counted."""
        for year in (timezone.localdate().year - 1, timezone.localdate().year, timezone.localdate().year + 1):
            if not CalendarDay.objects.filter(date__year=year).exists():
                new_year = timezone.localdate().replace(year=year, month=1, day=1)
                set_calendar_day(actor=county.who("talent"), date=new_year, is_working=False, name="元旦")

    def _publish(self, county: County, code: str, name: str, name_en: str, heads: int, when: datetime) -> Campaign:
        with at(when):
            return publish(
                county, Plan(code, name, name_en, Track.PUBLIC_EXAM, "county_exam", heads, closes_after=12), self.draw
            )

    def _selection(self, county: County, code: str, name: str, name_en: str, heads: int, when: datetime) -> Campaign:
        plan = Plan(
            code, name, name_en, Track.COMPETITIVE_SELECTION, "county_selection", heads, closes_after=20,
            rules=tracks.SELECTION_RULES,
        )  # fmt: skip
        with at(when):
            return publish(county, plan, self.draw)

    def _hired(self, county: County) -> None:
        """The first exam and the first selection, long over: everyone on their post."""
        start = days_ago(200)
        first = self._publish(county, "EX1", "第一批公开招考", "First public exam", self.scale.first_exam, start)
        exam.hold_exam(county, first, self.draw, start, to_notice_at=start + timedelta(days=80))
        chosen = self._selection(county, "SE1", "首批比选引才", "First selection", self.scale.first_selection, start)
        tracks.hold_selection(county, chosen, self.people, self.draw, start, to_notice_at=start + timedelta(days=45))
        with at(start + timedelta(days=70)):
            exam.enter(county, chosen)
        with at(start + timedelta(days=110)):
            exam.enter(county, first)

    def _second_selection(self, county: County, *, begun: bool) -> Campaign:
        """Taking applications, or, once `begun`, before its judges, one of whom has marked the first half."""
        start = days_ago(30 if begun else 6)
        campaign = self._selection(
            county, "SE2", "春季比选引才", "Spring selection", self.scale.second_selection, start
        )
        if begun:
            with at(start + timedelta(days=5)):
                tracks.apply_for_selection(county, campaign, self.people, self.draw)
            with at(start + timedelta(days=27)):
                tracks.begin_marking(county, campaign, self.draw)
        return campaign

    def _second_exam(self, county: County, stage: str) -> None:
        """An exam brought as far as the stage asks; at `hired` its list is under notice and holds posts.

        At `exam` claims of bonus wait, and the ranking waits for them.
        """
        start = days_ago(75)
        second = self._publish(county, "EX2", "第二批公开招考", "Second public exam", self.scale.second_exam, start)
        exam.apply_in_time(county, second, self.people, start, self.scale.online // 2)
        exam.enter_rivals(county, second, self.draw)
        with at(start + timedelta(days=40)):
            exam.sit_papers(county, second, self.draw)
        if stage == "exam":
            return
        with at(start + timedelta(days=43)):
            bonus.decide_all(county, second)
            exam.rank(county, second)
        with at(start + timedelta(days=45)):
            exam.shortlist(county, second)
        with at(start + timedelta(days=60)):
            exam.interview(county, second, self.draw)
        conduct.decide_one(county, second, start + timedelta(days=61))
        if stage == "ranked":
            return
        with at(start + timedelta(days=70)):
            exam.check(county, second)
        exam.notice(county, second)

    def _challenges(self, county: County, stage: str) -> None:
        """An old board with an engagement, one whose sealed bids wait to be opened, and three that take bids now."""
        if stage == "hired":
            self._first_challenges(county)
        new = days_ago(5)
        with at(new):
            campaign = publish(county, _challenges_plan("CH2", "第二期揭榜挂帅", "Second open challenges"), self.draw)
            board = [tracks.post_challenge(county, campaign, new, number, self.halves) for number in (1, 2, 3)]
        if stage != "published":
            tracks.bid(board[0], self.people, "0.9")

    def _first_challenges(self, county: County) -> None:
        old, later = days_ago(120), days_ago(21)
        with at(old):
            campaign = publish(county, _challenges_plan("CH1", "首期揭榜挂帅", "First open challenges"), self.draw)
            first = tracks.post_challenge(county, campaign, old, 1, self.halves)
        with at(old + timedelta(days=10)):
            tracks.bid(first, self.people, "0.95")
            tracks.bid(first, self.people, "0.9", 1)
        with at(old + timedelta(days=25)):
            tracks.award(county, tracks.open_board(county, first, self.halves), self.draw)
        with at(old + timedelta(days=50)):
            tracks.engage(county, first)
        with at(days_ago(6)):
            tracks.serve(county, first)
        with at(later):
            waiting = tracks.post_challenge(county, campaign, later, 2, self.halves)
        with at(later + timedelta(days=8)):
            for number, share in enumerate(("0.92", "0.88", "0.97")):
                tracks.bid(waiting, self.people, share, number)

    def _bulk(self, county: County) -> None:
        """Many applications in one campaign, through the set-based verb, for measuring."""
        plan = Plan("BIG", "全省统一招考", "Province-wide exam", Track.PUBLIC_EXAM, "county_exam", 60, closes_after=12)
        with at(days_ago(90)):
            campaign = publish(county, plan, self.draw)
        positions = list(campaign.positions.order_by("code"))
        entries = [
            TicketEntry(positions[number % len(positions)], f"06{number:09d}") for number in range(self.scale.bulk)
        ]
        enter_applications(actor=county.who("exam"), campaign=campaign, entries=entries)
