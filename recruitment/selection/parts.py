"""Which marks the rules of a selection ask for, and whether they are all there."""

from collections.abc import Iterable, Sequence

from recruitment.panels.enums import Purpose
from recruitment.panels.models import Panel
from rulebook.ruleset import RuleSet

PARTS = {Purpose.MATERIAL: "material", Purpose.INTERVIEW: "interview"}


def wanted_parts(rules: RuleSet) -> list[str]:
    """The parts of the total (R84), and an interview that is held with a pass line though it does not count (R61)."""
    parts = [part.name for part in rules.total.parts]
    lined = rules.interview.held and rules.interview.pass_line is not None
    return [*parts, "interview"] if lined and "interview" not in parts else parts


def purposes_of(rules: RuleSet) -> list[Purpose]:
    """Which panels mark those parts, in the order of the work."""
    wanted = wanted_parts(rules)
    return [purpose for purpose, part in PARTS.items() if part in wanted]


def unmarked_parts(rules: RuleSet, panels: Iterable[Panel]) -> list[str]:
    """The wanted parts that no panel with closed marks has marked; the ranking waits for them."""
    closed = {PARTS.get(Purpose(panel.purpose)) for panel in panels if panel.locked_at}
    return [part for part in wanted_parts(rules) if part not in closed]


def is_ready_to_rank(rules: RuleSet, panels: Sequence[Panel]) -> bool:
    """Every panel's marks are closed and no wanted part lacks."""
    return all(panel.locked_at for panel in panels) and not unmarked_parts(rules, panels)
