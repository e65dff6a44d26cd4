"""Posts by group and state, and the counts of a unit, over a situation."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Literal

from rulebook.slots import SlotState, UnitCounts
from rulebook.what_if.values import Situation, Slot

Group = Literal["unit", "track", "campaign", "position"]


def count_states(situation: Situation, group: Group) -> dict[str, dict[SlotState, int]]:
    """Posts by group and state; every post is counted once, those that belong to no group under "".

    A post belongs to the campaign and track of the position that claims it.
    """
    tracks = {campaign.key: campaign.track for campaign in situation.campaigns}
    campaign_of = {position.key: position.campaign for position in situation.positions}

    def name(slot: Slot) -> str:
        if group == "unit":
            return slot.unit
        if group == "position":
            return slot.position
        campaign = campaign_of.get(slot.position, "")
        return campaign if group == "campaign" else tracks.get(campaign, "")

    counted = Counter((name(slot), slot.state) for slot in situation.slots)
    found: dict[str, dict[SlotState, int]] = defaultdict(dict)
    for (key, state), number in counted.items():
        found[key][state] = number
    return dict(found)


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
