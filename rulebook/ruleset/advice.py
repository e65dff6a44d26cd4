"""What a rule set may do by law and is still advised against: told to whoever sets the rules, never refused."""

from __future__ import annotations

from decimal import Decimal

from rulebook.explanation import Explanation, percent_text
from rulebook.ruleset.base import HUNDRED
from rulebook.ruleset.model import RuleSet

LEAST_WRITTEN_SHARE = Decimal("0.3")


def advice(ruleset: RuleSet) -> tuple[Explanation, ...]:
    """Where a written exam is held its share of the total is in principle at least 30 % (R64)."""
    if not ruleset.written.papers:
        return ()
    parts = (part for part in ruleset.total.parts if part.name == "written")
    share = sum((part.weight * part.full_mark / HUNDRED for part in parts), Decimal(0))
    if share >= LEAST_WRITTEN_SHARE:
        return ()
    values = {"share": percent_text(share), "least": percent_text(LEAST_WRITTEN_SHARE)}
    return (Explanation("advice.written_share", values),)
