"""The lowest written mark of those called (R46): what the rules fix or compute, and what the authority set."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns.planning.models import Campaign, Position
from campaigns.planning.queries import rules_of
from foundation.errors import Refused
from foundation.language import rule_language
from recruitment.applications.enums import ApplicationState as S
from recruitment.examinations.models import WrittenLine, WrittenResult
from rulebook.explanation import Explanation, number_text
from rulebook.marks import minimum_line
from rulebook.opening_ratio import line_of_kept
from rulebook.ruleset import RuleSet
from rulebook.ruleset.base import MinimumLine
from rulebook.ruleset.clause_terms import Terms

Marks = Mapping[int, Collection[Decimal | None]]


def is_set_by_authority(rules: RuleSet) -> bool:
    """The rules leave the line to the authority, which sets it after the exam."""
    return rules.shortlist.min_line.kind == "authority"


def category_of(position: Position, rules: RuleSet) -> str:
    """The part of the exam a line of the authority is set for: its exam category, or "" for all positions."""
    return position.exam_category if rules.shortlist.min_line.population == "group" else ""


def categories_of(campaign: Campaign, rules: RuleSet) -> list[str]:
    """The categories that need a line each."""
    return sorted({category_of(position, rules) for position in open_positions(campaign)})


def open_positions(campaign: Campaign) -> list[Position]:
    """The positions people are called for, by code."""
    return list(campaign.positions.exclude(state="cancelled").order_by("code"))


def category_name(category: str) -> str:
    """What a person reads for a category."""
    return category or _("All positions")


def current_lines(campaign: Campaign) -> dict[str, WrittenLine]:
    """Category → the line set last, confirmed or not."""
    rows = WrittenLine.objects.filter(campaign=campaign, superseded_at=None)
    return {row.exam_category: row for row in rows.select_related("set_by", "confirmed_by", "attachment")}


def examinees_of(campaign: Campaign) -> Marks:
    """Position id → the written marks of everyone who sat for it; who withdrew since sat it too (R46: frozen)."""
    rows = WrittenResult.objects.filter(application__campaign=campaign).exclude(application__state=S.DISQUALIFIED)
    found: dict[int, list[Decimal | None]] = {}
    for position_id, value in rows.values_list("application__position_id", "value"):
        found.setdefault(position_id, []).append(value)
    return found


def lines_by(
    positions: Iterable[Position], rules: RuleSet, marks: Marks, confirmed: Mapping[str, Decimal]
) -> dict[int, Decimal | None]:
    """Position id → its line; None where there is none, or where the authority has not set it.

    A position kept below the opening ratio has at least the line of those (R29). A share of the mean is computed here
    from `marks`, unrounded, over the population that the rules name; nobody types it. `confirmed` are the lines of
    the authority by category.
    """
    positions = list(positions)
    return raise_for_kept(_general_lines(positions, rules, marks, confirmed), positions, rules, marks)


def raise_for_kept(
    general: Mapping[int, Decimal | None], positions: Iterable[Position], rules: RuleSet, marks: Marks
) -> dict[int, Decimal | None]:
    """These lines, where a position kept below the opening ratio has at least the line of such positions (R29)."""
    kept = [row for row in positions if row.is_kept_with_line]
    own = _computed_lines(kept, rules.opening_ratio.kept_line, marks)
    return {**general, **{row.pk: line_of_kept(general[row.pk], own[row.pk]) for row in kept}}


def _general_lines(
    positions: Sequence[Position], rules: RuleSet, marks: Marks, confirmed: Mapping[str, Decimal]
) -> dict[int, Decimal | None]:
    rule = rules.shortlist.min_line
    if rule.kind == "authority":
        return {position.pk: confirmed.get(category_of(position, rules)) for position in positions}
    return _computed_lines(positions, rule, marks)


def _computed_lines(positions: Sequence[Position], rule: MinimumLine, marks: Marks) -> dict[int, Decimal | None]:
    groups: dict[object, list[Decimal | None]] = {}
    for position in positions:
        groups.setdefault(_population(position, rule), []).extend(marks.get(position.pk, ()))
    lines = {key: _computed(values, rule) for key, values in groups.items()}
    return {position.pk: lines[_population(position, rule)] for position in positions}


def _population(position: Position, rule: MinimumLine) -> object:
    return {"position": position.pk, "group": position.exam_category, "campaign": None}[rule.population]


def _computed(values: Collection[Decimal | None], rule: MinimumLine) -> Decimal | None:
    """Where nobody has a mark, nobody can be below any line."""
    if rule.kind == "mean_share" and all(value is None or (rule.exclude_zero and not value) for value in values):
        return Decimal(0)
    return minimum_line(list(values), rule)


def lines_in_force(campaign: Campaign) -> dict[int, Decimal | None]:
    """Position id → the line of its shortlist.

    Raises Refused where the rules leave it to the authority and no line is confirmed, saying who does what.
    """
    rules, positions = rules_of(campaign), open_positions(campaign)
    lines = current_lines(campaign) if is_set_by_authority(rules) else {}
    if is_set_by_authority(rules):
        _refuse_unconfirmed(lines, sorted({category_of(position, rules) for position in positions}))
    marks = examinees_of(campaign)
    return lines_by(positions, rules, marks, {category: line.value for category, line in lines.items()})


def _refuse_unconfirmed(lines: Mapping[str, WrittenLine], categories: Iterable[str]) -> None:
    missing = [category_name(category) for category in categories if category not in lines]
    if missing:
        raise Refused(
            _(
                "By the rules the authority sets the lowest written mark after the exam; none is set for: %(names)s. "
                "The talent office sets it with its document, and a second person confirms it. Nothing was saved."
            )
            % {"names": ", ".join(missing)},
            code="line_missing",
        )
    waiting = [category_name(category) for category in categories if lines[category].confirmed_at is None]
    if waiting:
        raise Refused(
            _(
                "The lowest written mark waits for a second person of the talent office to confirm it: %(names)s. "
                "Nothing was saved."
            )
            % {"names": ", ".join(waiting)},
            code="line_unconfirmed",
        )


def line_words(campaign: Campaign) -> list[str]:
    """What the published shortlist says of its line, one sentence for each: the mark and what it rests on (R46)."""
    rules = rules_of(campaign)
    rule = rules.shortlist.min_line
    lined = WrittenResult.objects.filter(application__campaign=campaign, line__isnull=False)
    return [*_general_words(campaign, rule, lined), *_kept_words(lined)]


def _kept_words(lined: QuerySet[WrittenResult]) -> list[str]:
    """The line of each position kept below the opening ratio (R29)."""
    kept = lined.filter(application__position__is_kept_with_line=True).order_by("application__position__code")
    return [
        Explanation("opening.kept_line", {"posts": code, "line": line}).text(rule_language())
        for code, line in kept.values_list("application__position__code", "line").distinct()
    ]


def _general_words(campaign: Campaign, rule: MinimumLine, lined: QuerySet[WrittenResult]) -> list[str]:
    if rule.kind == "none":
        return []
    rows = lined.filter(application__position__is_kept_with_line=False)
    named = "application__position__exam_category" if rule.population == "group" else "application__campaign_id"
    used = sorted(set(rows.values_list(named, "line")))
    if rule.kind == "mean_share" and rule.population == "position":
        basis = Terms(rule_language()).line(rule).text(rule_language())
        return [_("The lowest written mark of each position is %(basis)s; the table names it.") % {"basis": basis}]
    lines = current_lines(campaign)
    return [_sentence(name if rule.population == "group" else "", line, rule, lines) for name, line in used]


def _sentence(category: str, line: Decimal, rule: MinimumLine, lines: Mapping[str, WrittenLine]) -> str:
    values = {"line": number_text(line.normalize()), "category": category_name(category)}
    if rule.kind == "authority":
        values["basis"] = lines[category].document
        return _("%(category)s: the lowest written mark is %(line)s, set by document %(basis)s.") % values
    if rule.kind == "fixed":
        return _("The lowest written mark is %(line)s, as announced.") % values
    values["basis"] = Terms(rule_language()).line(rule).text(rule_language())
    return _("%(category)s: the lowest written mark is %(line)s, being %(basis)s.") % values
