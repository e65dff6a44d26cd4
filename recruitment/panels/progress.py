"""How far a panel is: for each draw number the marks it has, those it needs, and the sheets still awaited."""

from collections.abc import Collection
from dataclasses import dataclass

from campaigns.planning.queries import rules_of_all
from recruitment.applications.enums import ApplicationState
from recruitment.panels.enums import Purpose
from recruitment.panels.models import Panel, PanelMember, ScoreSheet, Subject
from rulebook.ruleset import RuleSet

GONE = (ApplicationState.WITHDRAWN, ApplicationState.DISQUALIFIED)


def marks_needed(purpose: str, rules: RuleSet) -> int:
    """The fewest marks a number can be scored from: reviewers (R83), experts (R86), one left after trimming (R57)."""
    if purpose == Purpose.MATERIAL:
        return rules.selection.material_reviewers
    if purpose == Purpose.BID:
        return rules.challenge.panel_min
    return rules.interview.trim_high + rules.interview.trim_low + 1


def seats_needed(purpose: str, rules: RuleSet) -> int:
    """How many judges the rules want on a panel: reviewers (R83), experts (R86), or the interview's panel (R55)."""
    return rules.interview.panel_size if purpose == Purpose.INTERVIEW else marks_needed(purpose, rules)


@dataclass(frozen=True)
class Number:
    """One draw number: its sheets, recusals included, its marks, judges of a full seat who owe one, what lacks then."""

    subject_id: int
    draw_no: int
    sheets: int
    marks: int
    awaited: frozenset[int]  # ids of users
    short: int

    @property
    def missing(self) -> int:
        return len(self.awaited) + self.short


def progress_of(panel: Panel) -> list[Number]:
    """Every number of people still in the procedure; four queries."""
    return progress_of_all([panel])[panel.pk]


def progress_of_all(panels: Collection[Panel]) -> dict[int, list[Number]]:
    """Panel id → every number of people still in the procedure; four queries, however many panels.

    A substitute owes no sheet; the numbers that are short of marks whatever the other judges do are theirs to mark.
    """
    rules = rules_of_all({panel.campaign for panel in panels})
    needed = {panel.pk: marks_needed(panel.purpose, rules[panel.campaign_id]) for panel in panels}
    full: dict[int, set[int]] = {panel.pk: set() for panel in panels}
    seats = PanelMember.objects.filter(panel__in=panels, is_substitute=False)
    for panel_id, user_id in seats.values_list("panel_id", "user_id"):
        full[panel_id].add(user_id)
    done: dict[int, dict[int, bool]] = {}
    sheets = ScoreSheet.objects.filter(subject__panel__in=panels)
    for subject_id, user_id, is_recused in sheets.values_list("subject_id", "member__user_id", "is_recused"):
        done.setdefault(subject_id, {})[user_id] = is_recused
    found: dict[int, list[Number]] = {panel.pk: [] for panel in panels}
    rows = Subject.objects.filter(panel__in=panels).exclude(application__state__in=GONE).order_by("draw_no")
    for panel_id, subject_id, draw_no in rows.values_list("panel_id", "pk", "draw_no"):
        own = done.get(subject_id, {})
        awaited, marks = frozenset(full[panel_id] - own.keys()), sum(not recused for recused in own.values())
        short = max(0, needed[panel_id] - marks - len(awaited))
        found[panel_id].append(Number(subject_id, draw_no, len(own), marks, awaited, short))
    return found


def short_numbers(panel: Panel) -> list[int]:
    """Draw numbers that cannot reach the marks they need without a substitute."""
    return [number.draw_no for number in progress_of(panel) if number.short]
