"""Every result of an exam computed once more from its marks under the rules of that time (R96); nothing is saved."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.planning.models import Campaign, RuleSetVersion
from recruitment.examinations.bonus import granted, knobs_of
from recruitment.examinations.domain.ranking import written_results
from recruitment.examinations.domain.totals import interview_marks, total_results
from recruitment.examinations.models import TotalResult, WrittenResult
from recruitment.examinations.sheets import total_row, written_row
from rulebook.result_sheet import Row, sheet_digest
from rulebook.ruleset import RuleSet


@dataclass(frozen=True)
class Recomputed:
    """One sheet (`written` or `total`) under one version of the rules.

    `digest` is that of what is stored, `again` that of what the marks give now; `differing` are the ticket numbers
    whose line is another one.
    """

    sheet: str
    version: int
    people: int
    digest: str
    again: str
    differing: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        return self.digest == self.again


def recomputed(campaign: Campaign) -> Iterator[Recomputed]:
    """Each sheet of the exam beside itself computed anew. Raises Refused where the marks can't be computed any more."""
    written = WrittenResult.objects.filter(application__campaign=campaign)
    for version, stored in _by_version(written.select_related("application", "rule_set")).items():
        rules = RuleSet.model_validate(version.document)
        bonus = granted(campaign, knobs_of(rules))
        people = [result.application for result in stored]
        yield _compared("written", written_row, stored, written_results(campaign, people, bonus, version, rules), rules)
    related = ("application__position", "application__written_result", "application__recheck", "application__call_up")
    totals = TotalResult.objects.filter(application__campaign=campaign)
    for version, computed in _by_version(totals.select_related("rule_set", *related)).items():
        rules = RuleSet.model_validate(version.document)
        marks = interview_marks(campaign, rules)
        people = [result.application for result in computed]
        yield _compared("total", total_row, computed, total_results(campaign, people, marks, version, rules), rules)


def _by_version(results: Any) -> Mapping[RuleSetVersion, list[Any]]:
    found: dict[RuleSetVersion, list[Any]] = defaultdict(list)
    for result in results.order_by("application_id"):
        found[result.rule_set].append(result)
    return found


def _compared(
    sheet: str, row: Callable[[Any], Row], stored: Sequence[Any], again: Sequence[Any], rules: RuleSet
) -> Recomputed:
    before = {result.application_id: row(result) for result in stored}
    after = {result.application_id: row(result) for result in again}
    differing = sorted(str(before[pk]["ticket"]) for pk in before if before[pk] != after[pk])
    digest, again = (sheet_digest(list(rows.values()), rules) for rows in (before, after))
    return Recomputed(sheet, rules.version, len(before), digest, again, tuple(differing))
