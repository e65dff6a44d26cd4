"""How long a public list with people on it stays on the public page (R95)."""

from __future__ import annotations

from datetime import datetime, timedelta

from rulebook.explanation import Explanation, Guard, Value
from rulebook.ruleset.hiring import PublicationRules


def page_ends(released_at: datetime, notice_ends_at: datetime | None, rules: PublicationRules) -> datetime:
    """When the page comes down: so many days after its notice period, or after its release if it has none."""
    return (notice_ends_at or released_at) + timedelta(days=rules.page_life_days)


def page_stays(at: datetime, released_at: datetime, notice_ends_at: datetime | None, rules: PublicationRules) -> Guard:
    """Whether the public still reads the list at this moment, [released, end)."""
    ends = page_ends(released_at, notice_ends_at, rules)
    stays = at < ends
    values: dict[str, Value] = {"ends": ends, "days": rules.page_life_days}
    return Guard(stays, Explanation("publication.stays" if stays else "publication.taken_off", values))
