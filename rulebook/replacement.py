"""Who takes a freed place (R54, R72, R73)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rulebook.explanation import Explanation, Value
from rulebook.ruleset.hiring import ReplacementReason, ReplacementRules, ReplacementStage


@dataclass(frozen=True)
class Waiting:
    """A person of the same position who was not called yet. ``rank`` is the rank by the score that counts.

    ``stands_alone`` says whether the person meets the extra conditions of R62, for a position that is left without
    competition by those who dropped out; True where there still is some, None where it can't be told yet.
    """

    key: str
    rank: int
    score: Decimal | None
    interviewed: bool = True
    passed_line: bool = True
    disqualified: bool = False
    stands_alone: bool | None = True


@dataclass(frozen=True)
class Replacement:
    """The next person, or None: then the place stays empty and its slot is released, unless the answer is not known."""

    called: str | None
    tied: tuple[str, ...]
    explanation: Explanation
    is_known: bool = True


def next_replacement(
    waiting: Sequence[Waiting],
    stage: ReplacementStage,
    reason: ReplacementReason,
    rounds_used: int,
    rules: ReplacementRules,
    *,
    window_open: bool = True,
) -> Replacement:
    """The best eligible person, if the stage allows a replacement for this reason and rounds are left (R72, R73).

    ``rounds_used`` counts replacements of this position at this stage; ``window_open`` says whether the last date has
    not passed. Several at the same rank are returned as ``tied`` and nobody is called: an extra test decides.
    """
    rule = rules.at(stage)
    if not rule.allowed or reason not in rule.reasons:
        return Replacement(None, (), Explanation("replacement.not_allowed", {"stage": _stage(stage)}))
    if not window_open:
        return Replacement(None, (), Explanation("replacement.closed", {"stage": _stage(stage)}))
    if rule.rounds is not None and rounds_used >= rule.rounds:
        values: dict[str, Value] = {"stage": _stage(stage), "rounds": rule.rounds}
        return Replacement(None, (), Explanation("replacement.rounds_used", values))
    eligible = [person for person in waiting if _eligible(person, stage, rule.min_mark)]
    if not eligible:
        return Replacement(None, (), Explanation("replacement.nobody", {"stage": _stage(stage)}))
    if rules.no_competition_reapplied:
        eligible = [person for person in eligible if person.stands_alone is not False]
        if not eligible:
            return Replacement(None, (), Explanation("replacement.no_competition", {"stage": _stage(stage)}))
    best = min(person.rank for person in eligible)
    if rules.no_competition_reapplied and any(row.stands_alone is None for row in eligible if row.rank == best):
        return Replacement(None, (), Explanation("replacement.competition_unknown", {"rank": best}), is_known=False)
    first = tuple(sorted(person.key for person in eligible if person.rank == best))
    if len(first) > 1:
        return Replacement(None, first, Explanation("replacement.tied", {"rank": best, "count": len(first)}))
    return Replacement(first[0], (), Explanation("replacement.called", {"rank": best, "stage": _stage(stage)}))


def _eligible(person: Waiting, stage: ReplacementStage, min_mark: Decimal | None) -> bool:
    if person.disqualified or person.score is None:
        return False
    if stage not in ("recheck", "interview") and not (person.interviewed and person.passed_line):
        return False
    return min_mark is None or person.score >= min_mark


def _stage(stage: ReplacementStage) -> Explanation:
    return Explanation(f"stage.{stage}")
