"""Relatives at work and in the recruitment (R15; Order 6 Art. 27)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from rulebook.explanation import Explanation, Guard


class Relation(StrEnum):
    """The relations that call for recusal; any other is none of the law's concern."""

    SPOUSE = "spouse"
    LINEAL_BLOOD = "lineal_blood"
    COLLATERAL_THREE_GENERATIONS = "collateral_three_generations"
    NEAR_IN_LAW = "near_in_law"
    ADOPTIVE_OR_STEP = "adoptive_or_step"


RESTRICTED_DUTIES = frozenset({"organisation", "personnel", "discipline", "audit", "finance", "leader_secretary"})


@dataclass(frozen=True)
class RelativePost:
    """Where the relative works: the legal person, whether as one of its leaders."""

    unit: str
    is_leader: bool


@dataclass(frozen=True)
class WantedPost:
    """The post applied for; ``under_relative`` says it stands in a direct line above or below the relative."""

    unit: str
    category: Literal["management", "professional", "worker"]
    duty: str | None = None
    under_relative: bool = False


def check_post_recusal(relation: Relation, relative: RelativePost, post: WantedPost) -> Guard:
    """Whether a person with this relative may take the post (R15).

    Refused in the same legal person: a management post in a direct line with the relative; a post of organisation,
    personnel, discipline, audit or finance, or as the leader's secretary, where the relative is a leader.
    """
    values = {"relation": Explanation(f"relation.{relation}")}
    if relative.unit == post.unit:
        if post.category == "management" and post.under_relative:
            return Guard(False, Explanation("recusal.direct_line", values))
        if relative.is_leader and post.duty in RESTRICTED_DUTIES:
            return Guard(False, Explanation("recusal.restricted_duty", values))
    return Guard(True, Explanation("recusal.none", values))


def to_examine(relation: Relation, *, same_unit: bool) -> tuple[Explanation, ...]:
    """The cases of R15 that a person must look into for a relative, whose rank and line no register tells.

    In the same legal person those in which the post is barred; elsewhere that none of them applies.
    """
    if not same_unit:
        elsewhere = check_post_recusal(relation, RelativePost("a", True), WantedPost("b", "management"))
        return (elsewhere.explanation,)
    line = WantedPost("a", "management", under_relative=True)
    restricted = WantedPost("a", "professional", duty="finance")
    cases = ((RelativePost("a", False), line), (RelativePost("a", True), restricted))
    return tuple(check_post_recusal(relation, relative, post).explanation for relative, post in cases)


def must_step_aside(relation: Relation | None, *, other_interest: bool = False) -> bool:
    """Whether staff or an examiner may not act on a person (R15): any of the relations, or a declared interest."""
    return relation is not None or other_interest
