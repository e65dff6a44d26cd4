"""How far a panel is: for each draw number the marks it has, those it needs, and the sheets still awaited."""

from dataclasses import dataclass

from recruitment.applications.enums import ApplicationState
from recruitment.applications.queries import rules_in_force
from recruitment.panels.enums import Purpose
from recruitment.panels.models import Panel, ScoreSheet
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
    """One draw number: its marks, judges of a full seat who have neither marked nor withdrawn, and what lacks then."""

    subject_id: int
    draw_no: int
    marks: int
    awaited: frozenset[int]  # ids of users
    short: int

    @property
    def missing(self) -> int:
        return len(self.awaited) + self.short


def progress_of(panel: Panel) -> list[Number]:
    """Every number of people still in the procedure; four queries.

    A substitute owes no sheet; the numbers that are short of marks whatever the other judges do are theirs to mark.
    """
    needed = marks_needed(panel.purpose, rules_in_force(panel.campaign))
    full = frozenset(panel.members.filter(is_substitute=False).values_list("user_id", flat=True))
    marks: dict[int, int] = {}
    done: dict[int, set[int]] = {}
    sheets = ScoreSheet.objects.filter(subject__panel=panel)
    for subject_id, user_id, is_recused in sheets.values_list("subject_id", "member__user_id", "is_recused"):
        done.setdefault(subject_id, set()).add(user_id)
        marks[subject_id] = marks.get(subject_id, 0) + (not is_recused)
    found = []
    rows = panel.subjects.exclude(application__state__in=GONE).order_by("draw_no")
    for subject_id, draw_no in rows.values_list("pk", "draw_no"):
        awaited = full - done.get(subject_id, set())
        own = marks.get(subject_id, 0)
        found.append(Number(subject_id, draw_no, own, awaited, max(0, needed - own - len(awaited))))
    return found


def short_numbers(panel: Panel) -> list[int]:
    """Draw numbers that cannot reach the marks they need without a substitute."""
    return [number.draw_no for number in progress_of(panel) if number.short]
