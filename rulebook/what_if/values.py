"""The situation before, the events asked for, and the outcome, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

from rulebook.explanation import Explanation
from rulebook.opening_ratio import OpeningResult, PostCounts
from rulebook.ruleset.hiring import ReplacementRules, ReplacementStage
from rulebook.ruleset.registration import OpeningRatioRules
from rulebook.slots import SlotState, SlotTrigger

Place = Literal["line", "medical", "inspection", "notice", "after", "on_post", "gone"]
DropReason = Literal["failed", "absent", "withdrew", "objection"]
Estimate = Literal["hardest", "mildest"]
FlagKind = Literal["stop", "duty", "note"]


class Slot(NamedTuple):
    """One established post: the unit it belongs to, the position that claims it, the person it is for, its permit.

    ``is_bound``: it was bound to another unit than its permit's, so that it does not return to the permit.
    """

    key: str
    state: SlotState
    unit: str = ""
    position: str = ""
    person: str = ""
    permit: str = ""
    is_pool: bool = False
    is_bound: bool = False


@dataclass(frozen=True)
class Position:
    """A published position. ``ratio`` overrides the announcement's opening ratio for it; 0 exempts it (R28)."""

    key: str
    campaign: str
    unit: str
    planned: int
    effective: int
    counts: PostCounts
    ratio: int | None = None
    is_cancelled: bool = False


class Person(NamedTuple):
    """Someone of a position by number: waiting in line, or at the step whose end is due next.

    ``score`` is the total mark and ``rank`` the stored rank with its ties broken; ``written`` and ``screening`` are the
    marks by which some rules call the next person. ``who`` is the human being behind several numbers.
    """

    key: str
    position: str
    place: Place
    rank: int = 0
    score: Decimal | None = None
    written: Decimal | None = None
    screening: Decimal | None = None
    who: str = ""
    disqualified: bool = False
    objection_open: bool = False


@dataclass(frozen=True)
class CampaignRules:
    """The sections of a campaign's rules that decide. ``ratio_due``: its opening ratio is still to be checked.

    ``is_registering``: applicants may still come, so that counts are those so far. ``may_replace``: the announcement
    has not lapsed (R77). ``holds_at_call``: a person called has a post held at once, without a notice or agreement.
    """

    key: str
    track: str
    opening: OpeningRatioRules = field(default_factory=OpeningRatioRules)
    replacement: ReplacementRules = field(default_factory=ReplacementRules)
    ratio_due: bool = False
    is_registering: bool = False
    is_voided: bool = False
    may_replace: bool = True
    holds_at_call: bool = False


class PlannedExit(NamedTuple):
    """Somebody will leave a used post by a day; ``lent`` is the pool post lent against it, which then stays.

    The post left may lie outside the situation; what returns to the pool for it then lies outside too.
    """

    slot: str
    due: date
    lent: str = ""


@dataclass(frozen=True)
class Situation:
    """Where everything stands, posts in the order in which they are taken and given up (last first).

    ``rounds`` counts the replacements of a position at a stage so far (R72); ``permits`` are the last days of the
    permits in force.
    """

    slots: tuple[Slot, ...]
    positions: tuple[Position, ...] = ()
    people: tuple[Person, ...] = ()
    campaigns: tuple[CampaignRules, ...] = ()
    exits: tuple[PlannedExit, ...] = ()
    permits: Mapping[str, date] = field(default_factory=dict)
    expired_permits: frozenset[str] = frozenset()
    rounds: Mapping[tuple[str, ReplacementStage], int] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckRatio:
    """The opening ratio of a campaign is checked now, at the announced ratio or at ``k`` (R26).

    ``extended``: registration was extended before, where the rules ask for that first (R29).
    """

    campaign: str
    k: int | None = None
    extended: bool = False


@dataclass(frozen=True)
class FailRatio:
    """A position turns out to have no valid applicant when the opening ratio is checked."""

    position: str


@dataclass(frozen=True)
class CancelPosition:
    """A position is cancelled for another reason."""

    position: str


@dataclass(frozen=True)
class CutPosition:
    """The headcount of a position is set to ``to`` after publication; it can only be lowered."""

    position: str
    to: int


@dataclass(frozen=True)
class VoidCampaign:
    """A campaign is voided: every position cancelled, every published post given back."""

    campaign: str


@dataclass(frozen=True)
class Drop:
    """A person fails, stays away or withdraws at the step they are at, or an objection against them is upheld."""

    person: str
    reason: DropReason = "withdrew"


@dataclass(frozen=True)
class DropSome:
    """So many people at a step drop out; ``hardest`` takes those first whose place nobody can fill."""

    place: Place
    count: int
    reason: DropReason = "withdrew"
    estimate: Estimate = "hardest"
    campaign: str = ""


@dataclass(frozen=True)
class Notice:
    """A person under checks passes them and comes under notice, with a post held."""

    person: str


@dataclass(frozen=True)
class NoticeAll:
    """Everyone under checks passes and comes under notice; of one campaign if named."""

    campaign: str = ""


@dataclass(frozen=True)
class Enter:
    """A person under notice or approved is entered on the post held for them."""

    person: str


@dataclass(frozen=True)
class EnterAll:
    """Everyone for whom a post is held is entered; of one campaign if named."""

    campaign: str = ""


@dataclass(frozen=True)
class Leave:
    """A person leaves the post (probation failed, resigned, transferred, retired)."""

    person: str


@dataclass(frozen=True)
class LeaveSome:
    """So many people leave their posts, the last numbers first; only those on pool posts if asked."""

    count: int
    campaign: str = ""
    pool_only: bool = False


@dataclass(frozen=True)
class ExitHappens:
    """A planned exit happens: the post is vacated; where a pool post was lent against it, that one stays instead."""

    slot: str


@dataclass(frozen=True)
class ExitsBy:
    """Every planned exit due by a day happens."""

    day: date


@dataclass(frozen=True)
class PermitExpires:
    """A permit of the establishment office runs out."""

    permit: str


@dataclass(frozen=True)
class PermitsBy:
    """No permit that ends before a day is renewed."""

    day: date


@dataclass(frozen=True)
class WithdrawNotice:
    """The notice of proposed hires of a campaign is taken down and must be published anew (R75)."""

    campaign: str


Event: TypeAlias = (
    CheckRatio
    | FailRatio
    | CancelPosition
    | CutPosition
    | VoidCampaign
    | Drop
    | DropSome
    | Notice
    | NoticeAll
    | Enter
    | EnterAll
    | Leave
    | LeaveSome
    | ExitHappens
    | ExitsBy
    | PermitExpires
    | PermitsBy
    | WithdrawNotice
)


@dataclass(frozen=True)
class Move:
    """One move of one post, by the machine of ``rulebook.slots``."""

    slot: str
    source: SlotState
    target: SlotState
    trigger: SlotTrigger


@dataclass(frozen=True)
class Call:
    """Who is called in a freed place, for whom, and at which stage."""

    position: str
    person: str
    replaces: str
    stage: ReplacementStage


@dataclass(frozen=True)
class Flag:
    """What the law or the announcement says to it. ``stop``: the step may not be taken as asked; ``duty``: it brings
    a duty; ``note``: a limit of the answer. ``source`` names the rule or article."""

    kind: FlagKind
    explanation: Explanation
    source: str


@dataclass(frozen=True)
class Outcome:
    """What became of it. ``events`` are the single events that were carried out, in order: a real office could follow
    them one by one. ``ratios`` maps a position to its opening result."""

    before: Situation
    after: Situation
    events: tuple[Event, ...]
    moves: tuple[Move, ...]
    calls: tuple[Call, ...]
    ratios: Mapping[str, OpeningResult]
    flags: tuple[Flag, ...]
    steps: tuple[Explanation, ...]
