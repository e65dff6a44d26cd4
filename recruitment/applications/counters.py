"""The applicants per post as the public may know them (R25): counted at times, hidden before the end."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.core.cache import cache

from campaigns.planning.models import Campaign, Position
from campaigns.planning.queries import section_of_all
from recruitment.applications.opening import counters_of
from rulebook.explanation import Explanation
from rulebook.registration import Counters, counted, counters_shown
from rulebook.ruleset.registration import RegistrationRules

Counted = tuple[datetime, Mapping[int, Counters]]


def public_counters(positions: Collection[Position], now: datetime) -> dict[int, Explanation]:
    """Position id → its numbers with the moment they were counted, or why they are hidden; nothing for a position whose
    registration has not opened or has no end.

    Needs the campaigns loaded. Two queries whatever the number of positions: the rules, and the counting of those
    campaigns whose numbers are older than the rules let them be.
    """
    campaigns = {row.campaign_id: row.campaign for row in positions if _has_opened(row.campaign, now)}
    stored = section_of_all(campaigns, "registration")
    rules = {pk: RegistrationRules.model_validate(stored.get(pk, {})) for pk in campaigns}
    guards = {pk: counters_shown(now, row.registration_closes_at, rules[pk]) for pk, row in campaigns.items()}
    numbers = _counted({pk: rules[pk].counters_refresh_minutes for pk, guard in guards.items() if guard}, now)
    told: dict[int, Explanation] = {}
    for row in positions:
        guard = guards.get(row.campaign_id)
        if guard:
            at, counts = numbers[row.campaign_id]
            told[row.pk] = counted(counts.get(row.pk, Counters(0, 0, 0)), at)
        elif guard is not None:
            told[row.pk] = guard.explanation
    return told


def _has_opened(campaign: Campaign, now: datetime) -> bool:
    return campaign.registration_opens_at is not None and campaign.registration_opens_at <= now


def _counted(minutes: Mapping[int, int], now: datetime) -> dict[int, Counted]:
    """Campaign id → when it was counted and what came out; counted anew once it is so many minutes old."""
    keys = {pk: f"counters:{pk}" for pk in minutes}
    kept: dict[str, Counted] = cache.get_many(keys.values())
    found = {pk: kept[key] for pk, key in keys.items() if key in kept and _is_fresh(kept[key][0], minutes[pk], now)}
    missing = [pk for pk in minutes if pk not in found]
    for pk, counts in counters_of(missing).items() if missing else ():
        found[pk] = (now, counts)
        cache.set(keys[pk], found[pk], timeout=minutes[pk] * 60)
    return found


def _is_fresh(counted_at: datetime, minutes: int, now: datetime) -> bool:
    return now < counted_at + timedelta(minutes=minutes)
