"""Interview marks: panel, trimming, rooms, lines, and posts without competition (R55–R63)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rulebook.explanation import Explanation, RuleError, Value, number_text
from rulebook.rounding import ceiling, exact_arithmetic, half_up, mean, rounded_at_stage, rounding_note
from rulebook.ruleset.examination import CoefficientRules, InterviewRules, NoCompetitionRules


@dataclass(frozen=True)
class InterviewResult:
    """An interview mark and how it came about."""

    value: Decimal
    explanation: Explanation


@dataclass(frozen=True)
class NoCompetitionVerdict:
    """Whether a person on a post without competition met the extra condition; ``failed`` names what was missed."""

    met: bool
    failed: tuple[str, ...]
    explanation: Explanation


def check_panel(size: int, external: int, rules: InterviewRules) -> tuple[Explanation, ...]:
    """What is wrong with a panel of so many judges, so many of them from outside (R56); empty when nothing."""
    problems: list[Explanation] = []
    if size < rules.panel_size:
        problems.append(Explanation("interview.panel_small", {"size": size, "least": rules.panel_size}))
    if rules.panel_odd and size % 2 == 0:
        problems.append(Explanation("interview.panel_even", {"size": size}))
    least = ceiling(size * rules.external_share)
    if external < least:
        problems.append(Explanation("interview.panel_external", {"external": external, "least": least}))
    return tuple(problems)


def check_mark(mark: Decimal, rules: InterviewRules) -> None:
    """Raise ``RuleError`` ``interview.out_of_range`` or ``interview.step`` for a mark a judge may not give (R58)."""
    if not rules.mark_min <= mark <= rules.mark_max:
        raise RuleError("interview.out_of_range", value=mark, least=rules.mark_min, most=rules.mark_max)
    if (mark - rules.mark_min) % rules.mark_step:
        raise RuleError("interview.step", value=mark, step=number_text(rules.mark_step, least_places=0))


def sheet_total(sheet: Mapping[str, Decimal], rules: InterviewRules) -> Decimal:
    """One judge's mark as the sum of all elements, each within its maximum (R58).

    Raises ``RuleError`` ``interview.elements`` when elements are missing or unknown, ``interview.element_range``.
    """
    most = {element.name: element.full_mark for element in rules.elements}
    if sheet.keys() != most.keys():
        raise RuleError("interview.elements", given=tuple(sheet), wanted=tuple(most))
    for name, mark in sheet.items():
        if not 0 <= mark <= most[name]:
            raise RuleError("interview.element_range", element=name, value=mark, most=most[name])
    value = sum(sheet.values(), Decimal(0))
    check_mark(value, rules)
    return value


def trimmed_mean(marks: Sequence[Decimal], rules: InterviewRules) -> InterviewResult:
    """Mean of the judges' marks without the highest and lowest ones (R57); of tied extremes only one is dropped.

    Raises ``RuleError`` ``interview.too_few`` when nothing would remain.
    """
    for mark in marks:
        check_mark(mark, rules)
    kept, dropped = _trim(marks, rules.trim_high, rules.trim_low)
    value = rounded_at_stage(mean(kept), rules.rounding)
    formula = f"({' + '.join(number_text(mark) for mark in kept)}) ÷ {len(kept)}"
    steps = (Explanation("interview.dropped", {"marks": tuple(dropped)}),) if dropped else ()
    values: dict[str, Value] = {"value": value, "formula": formula, "rounding": rounding_note(rules.rounding)}
    return InterviewResult(value, Explanation("interview.mean", values, steps))


def panel_mark(sheets: Sequence[Mapping[str, Decimal]], rules: InterviewRules) -> InterviewResult:
    """The mark from score sheets by element: trimmed per element when the rules say so, else per judge (R57, R58)."""
    totals = [sheet_total(sheet, rules) for sheet in sheets]
    if not rules.trim_elements:
        return trimmed_mean(totals, rules)
    means: list[Decimal] = []
    steps: list[Explanation] = []
    for element in rules.elements:
        kept, _ = _trim([sheet[element.name] for sheet in sheets], rules.trim_high, rules.trim_low)
        means.append(mean(kept))
        steps.append(Explanation("interview.element", {"element": element.name, "value": means[-1]}))
    with exact_arithmetic():
        value = rounded_at_stage(sum(means, Decimal(0)), rules.rounding)
    formula = " + ".join(number_text(part) for part in means)
    values: dict[str, Value] = {"value": value, "formula": formula, "rounding": rounding_note(rules.rounding)}
    return InterviewResult(value, Explanation("interview.elements_sum", values, tuple(steps)))


def room_coefficients(rooms: Mapping[str, Sequence[Decimal]], rules: CoefficientRules) -> dict[str, Decimal]:
    """The coefficient of each room: grand mean ÷ room mean (R59, R60). Marks of absent people are not passed in.

    ``grand_mean`` is the mean over persons, ``mean_of_means`` over rooms; ``trimmed`` drops the extremes of each room
    first. Raises ``RuleError`` ``interview.too_few`` for a room without marks left.
    """
    if rules.method == "none":
        return dict.fromkeys(rooms, Decimal(1))
    drop = (rules.drop_high, rules.drop_low) if rules.method == "trimmed" else (0, 0)
    kept = {room: _trim(marks, *drop)[0] for room, marks in rooms.items()}
    means = {room: _mean(marks, rules) for room, marks in kept.items()}
    if rules.method == "mean_of_means":
        grand = _mean(list(means.values()), rules)
    else:
        grand = _mean([mark for marks in kept.values() for mark in marks], rules)
    return {room: coefficient(grand, room_mean, rules) for room, room_mean in means.items()}


def coefficient(grand_mean: Decimal, room_mean: Decimal, rules: CoefficientRules) -> Decimal:
    """Grand mean ÷ room mean to the places of the rules, half-up (R59). Raises ``interview.zero_mean``."""
    if not room_mean:
        raise RuleError("interview.zero_mean")
    with exact_arithmetic():
        return half_up(grand_mean / room_mean, rules.places)


def apply_coefficient(raw: Decimal, factor: Decimal, rules: CoefficientRules) -> InterviewResult:
    """The mark evened out over rooms: raw × coefficient, half-up, capped where the rules cap it (R59, R60)."""
    with exact_arithmetic():
        value = half_up(raw * factor, rules.score_places)
    capped = value if rules.cap is None else min(value, rules.cap)
    code = "interview.evened" if capped == value else "interview.evened_capped"
    shown_factor = number_text(factor, least_places=rules.places)
    return InterviewResult(capped, Explanation(code, {"value": capped, "raw": raw, "factor": shown_factor}))


def passes_line(mark: Decimal, rules: InterviewRules) -> bool:
    """Whether the mark reaches the pass line; below it there is no total and no replacement (R61)."""
    return rules.pass_line is None or mark >= rules.pass_line


def has_no_competition(interviewees: int, headcount: int, rules: NoCompetitionRules) -> bool:
    """Whether so few were really interviewed that the extra condition applies (R62)."""
    if not rules.applies:
        return False
    limit = headcount * rules.ratio
    return interviewees <= limit if rules.inclusive else interviewees < limit


def votes_needed(panel: int) -> int:
    """Two thirds of a panel, upwards: 7 needs 5, 9 needs 6, 5 needs 4 (R62)."""
    return -(-2 * panel // 3)


def no_competition_verdict(
    mark: Decimal,
    rules: NoCompetitionRules,
    *,
    session_marks: Sequence[Decimal] = (),
    votes: int | None = None,
    panel: int | None = None,
) -> NoCompetitionVerdict:
    """Whether every extra condition of the rules holds (R62).

    ``session_marks`` are the marks of that panel in that session, this one included, for the mean condition; ``votes``
    of ``panel`` judges for the vote. Raises ``RuleError`` ``interview.no_session`` or ``interview.no_votes`` when a
    condition cannot be judged.
    """
    steps: list[tuple[str, bool, Explanation]] = []
    if rules.line is not None:
        values: dict[str, Value] = {"mark": mark, "least": rules.line}
        steps.append(("line", mark >= rules.line, Explanation("interview.against_line", values)))
    if rules.at_least_panel_mean:
        if not session_marks:
            raise RuleError("interview.no_session")
        least = half_up(mean(session_marks), 2)
        values = {"mark": mark, "least": least, "count": len(session_marks)}
        steps.append(("panel_mean", mark >= least, Explanation("interview.against_mean", values)))
    if rules.two_thirds_vote:
        if votes is None or panel is None:
            raise RuleError("interview.no_votes")
        needed = votes_needed(panel)
        counts = {"votes": votes, "panel": panel, "needed": needed}
        steps.append(("vote", votes >= needed, Explanation("interview.against_vote", counts)))
    failed = tuple(name for name, held, _ in steps if not held)
    code = "interview.no_competition_failed" if failed else "interview.no_competition_met"
    return NoCompetitionVerdict(not failed, failed, Explanation(code, {}, tuple(step for *_, step in steps)))


def _trim(marks: Sequence[Decimal], high: int, low: int) -> tuple[list[Decimal], list[Decimal]]:
    ordered = sorted(marks)
    if len(ordered) <= high + low:
        raise RuleError("interview.too_few", count=len(ordered), dropped=high + low)
    dropped = ordered[:low] + ordered[len(ordered) - high :]
    kept = list(marks)
    for mark in dropped:
        kept.remove(mark)
    return kept, dropped


def _mean(marks: Sequence[Decimal], rules: CoefficientRules) -> Decimal:
    value = mean(marks)
    return value if rules.mean_places is None else half_up(value, rules.mean_places)
