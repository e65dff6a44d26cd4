"""Posts by group and state, and the counts of a unit, over a situation."""

from __future__ import annotations

from collections import Counter, defaultdict
from operator import attrgetter
from typing import Literal

from rulebook.slots import SlotState, UnitCounts
from rulebook.what_if.values import Situation

Group = Literal["unit", "track", "campaign", "position"]


def count_states(situation: Situation, group: Group) -> dict[str, dict[SlotState, int]]:
    """Posts by group and state; every post is counted once, those that belong to no group under "".

    A post belongs to the campaign and track of the position that claims it.
    """
    column = "unit" if group == "unit" else "position"
    counted = Counter(map(attrgetter(column, "state"), situation.slots))
    names = _names(situation, group)
    found: dict[str, dict[SlotState, int]] = defaultdict(lambda: defaultdict(int))
    for (key, state), number in counted.items():
        found[names.get(key, "") if names else key][state] += number
    return {key: dict(states) for key, states in found.items()}


def _names(situation: Situation, group: Group) -> dict[str, str]:
    """Position → its campaign or track; empty where posts are counted under their own unit or position."""
    if group == "campaign":
        return {position.key: position.campaign for position in situation.positions}
    if group == "track":
        tracks = {campaign.key: campaign.track for campaign in situation.campaigns}
        return {position.key: tracks[position.campaign] for position in situation.positions}
    return {}


def unit_counts(situation: Situation) -> dict[str, UnitCounts]:
    """The counts of quota.md 5.1 of each unit, as far as the posts of the situation say: A, O, R and H."""
    return {
        unit: UnitCounts(
            authorised=sum(states.values()),
            on_board=states.get(SlotState.USED, 0),
            reserved=states.get(SlotState.RESERVED, 0),
            held=states.get(SlotState.HELD, 0),
        )
        for unit, states in count_states(situation, "unit").items()
        if unit
    }
