"""What a change of rules would do to what is there: each room says it of its own rows, nobody guesses.

A room registers a finder, `find(campaign, old, new)`, that computes with both rule sets and tells the difference.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.planning.enums import PositionState
from campaigns.planning.models import Campaign
from campaigns.planning.queries import calendar
from rulebook.conditions.age import born_from
from rulebook.explanation import RuleError
from rulebook.notice_period import notice_end
from rulebook.ruleset import RuleSet

SHOWN = 12
EXAMPLE_AGE = 35


@dataclass(frozen=True)
class RuleEffect:
    """One sentence, and the numbers (codes of positions, numbers of applications) of what it touches."""

    text: str
    touched: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[str, ...]:
        return self.touched[:SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.touched) - SHOWN)


Finder = Callable[[Campaign, RuleSet, RuleSet], Iterable[RuleEffect]]
FINDERS: list[Finder] = []


def register_rule_effect(find: Finder) -> Finder:
    """Decorator: `find(campaign, old, new)` tells what the change would do in one room."""
    FINDERS.append(find)
    return find


def effects_of(campaign: Campaign, old: RuleSet, new: RuleSet) -> list[RuleEffect]:
    """Everything the rooms know of the change, nothing saved; empty where nothing that exists is touched."""
    return [effect for find in FINDERS for effect in find(campaign, old, new)]


@register_rule_effect
def positions_with_ratios(campaign: Campaign, old: RuleSet, new: RuleSet) -> list[RuleEffect]:
    """Positions that follow a changed ratio; those with a ratio of their own in the table keep it (R28, R48)."""
    found = []
    live = campaign.positions.exclude(state=PositionState.CANCELLED).order_by("code")
    for changed, own in (
        (old.shortlist.ratio != new.shortlist.ratio, "shortlist_ratio"),
        (old.opening_ratio.k != new.opening_ratio.k, "opening_ratio"),
    ):
        if not changed:
            continue
        follow = tuple(live.filter(**{own: None}).values_list("code", flat=True))
        kept = live.exclude(**{own: None}).count()
        text = ngettext(
            "%(count)s position follows the new ratio; %(kept)s have a ratio of their own and keep it.",
            "%(count)s positions follow the new ratio; %(kept)s have a ratio of their own and keep it.",
            len(follow),
        ) % {"count": len(follow), "kept": kept}
        found.append(RuleEffect(text, follow))
    return found


@register_rule_effect
def days_of_the_notice(campaign: Campaign, old: RuleSet, new: RuleSet) -> list[RuleEffect]:
    """When a notice published today would end, by both rules (R74)."""
    if old.notice == new.notice:
        return []
    try:
        was, now = (notice_end(timezone.now(), rules.notice, calendar()) for rules in (old, new))
    except RuleError:
        return []
    text = _("A notice published today would end on %(now)s instead of %(was)s.") if was != now else ""
    return [RuleEffect(text % {"was": was, "now": now})] if text else []


@register_rule_effect
def births_of_an_age(campaign: Campaign, old: RuleSet, new: RuleSet) -> list[RuleEffect]:
    """What “35 or younger” means on a day by both readings (R05), and how many positions have an age limit."""
    if old.eligibility.age_reading == new.eligibility.age_reading:
        return []
    moment = campaign.registration_opens_at
    day = timezone.localdate(moment) if moment else timezone.localdate()
    was, now = (born_from(EXAMPLE_AGE, day, rules.eligibility.age_reading) for rules in (old, new))
    aged = [
        code
        for code, conditions in campaign.positions.order_by("code").values_list("code", "conditions")
        if any(one.get("kind") == "age" for one in (conditions or {}).get("conditions", ()))
    ]
    text = _(
        "On %(day)s an age limit of %(age)s means born on %(now)s or later instead of %(was)s; positions with an age "
        "limit: %(count)s."
    ) % {"day": day, "age": EXAMPLE_AGE, "was": was, "now": now, "count": len(aged)}
    return [RuleEffect(text, tuple(aged))]
