"""Grants to talent: once and by month, shared between unit and finance, paid back on leaving early (R85)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from rulebook.explanation import Explanation, RuleError, plain_text
from rulebook.rounding import exact_arithmetic, half_up
from rulebook.ruleset.talent import Grant, GrantRules


@dataclass(frozen=True)
class GrantTotal:
    """Yuan: paid once, paid by month in all, together, and the unit's share of the monthly part."""

    once: Decimal
    monthly: Decimal
    total: Decimal
    unit_share: Decimal


def grant_for(degree: str, rules: GrantRules) -> Grant:
    """The grant for a degree; ``RuleError`` ``grants.none`` when the rules have none."""
    for grant in rules.grants:
        if grant.degree == degree:
            return grant
    raise RuleError("grants.none", degree=degree)


def grant_total(degree: str, rules: GrantRules, months_on_post: int | None = None) -> GrantTotal:
    """What a person gets for so many months on post, at most the months of the rules (R85)."""
    grant = grant_for(degree, rules)
    months = rules.months if months_on_post is None else min(months_on_post, rules.months)
    monthly = grant.monthly * months
    with exact_arithmetic():
        return GrantTotal(grant.once, monthly, grant.once + monthly, half_up(monthly * rules.unit_share, 2))


def entitlement(degree: str, rules: GrantRules) -> Explanation:
    """What a person with this degree may get in all, and who bears the monthly part (R85).

    Raises ``RuleError`` ``grants.none`` when the rules have none for the degree.
    """
    grant, total = grant_for(degree, rules), grant_total(degree, rules)
    steps = (
        Explanation("grants.once", {"once": plain_text(grant.once)}),
        Explanation(
            "grants.monthly",
            {"monthly": plain_text(grant.monthly), "months": rules.months, "sum": plain_text(total.monthly)},
        ),
        Explanation(
            "grants.share",
            {"unit": plain_text(total.unit_share), "finance": plain_text(total.monthly - total.unit_share)},
        ),
    )
    return Explanation("grants.total", {"total": plain_text(total.total)}, steps if grant.monthly else steps[:1])


def clawback(degree: str, months_served: int, months_promised: int, rules: GrantRules) -> Decimal:
    """Yuan of the one-off part to pay back on leaving before the months promised, in proportion (R85)."""
    if rules.clawback == "none" or months_served >= months_promised:
        return Decimal(0)
    with exact_arithmetic():
        return half_up(grant_for(degree, rules).once * (months_promised - months_served) / months_promised, 2)
