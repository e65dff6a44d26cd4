"""Judging one person against the conditions of positions, clause by clause (R05–R14).

The machine never rejects: a verdict of "not met" warns the candidate and is shown to the reviewer, who decides. Only
the answers of the negative list block a submission, as the law does (R14).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from rulebook.conditions import judge_person, judge_schooling
from rulebook.conditions.age import with_bounds
from rulebook.conditions.catalogue import national
from rulebook.conditions.experience import certificates_in_time
from rulebook.conditions.finding import SEVERITY, Finding, Verdict, needs_person, worst
from rulebook.conditions.judge_schooling import Catalogue, SchoolingCondition
from rulebook.conditions.model import (
    AgeCondition,
    CertificateCondition,
    Condition,
    DegreeCondition,
    DemocraticPartyCondition,
    EducationCondition,
    FreshCondition,
    GroupCondition,
    HouseholdCondition,
    MainMajorCondition,
    MajorCondition,
    PartyCondition,
    PositionConditions,
    SchoolCondition,
    SexCondition,
    Source,
    TitleCondition,
    WorkCondition,
)
from rulebook.conditions.profile import Profile, Schooling
from rulebook.explanation import Explanation, Language, Value
from rulebook.ruleset.registration import EligibilityRules

ON_SCHOOLING = (EducationCondition, DegreeCondition, SchoolCondition, MajorCondition, MainMajorCondition)

Declaration = Literal[
    "criminal_punishment", "dismissed_from_office", "expelled_from_party", "undisposed_discipline", "dishonest_debtor",
    "in_ban_period", "active_soldier", "enrolled_student", "inside_minimum_service", "staff_in_post",
]  # fmt: skip
DECLARATIONS: tuple[Declaration, ...] = get_args(Declaration)


@dataclass(frozen=True)
class Clause:
    """One condition with its verdict: what is asked, whether it is met, why, and where it is printed.

    `code` is the kind of the condition (age, education, major, …, declaration, not_understood).
    """

    code: str
    text: Explanation
    verdict: Verdict
    reason: Explanation
    source: Source
    _shown: dict[Language, dict[str, object]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _written: dict[Language, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def text_zh(self) -> str:
        return self.text.text("zh")

    @property
    def text_en(self) -> str:
        return self.text.text("en")

    @property
    def reason_zh(self) -> str:
        return self.reason.text("zh")

    @property
    def reason_en(self) -> str:
        return self.reason.text("en")

    def to_json(self, language: Language = "zh") -> dict[str, object]:
        """{code, text, verdict, reason, source: {column, text}} in one language (decision 25)."""
        if language not in self._shown:
            self._shown[language] = {
                "code": self.code,
                "text": self.text.text(language),
                "verdict": self.verdict,
                "reason": self.reason.text(language),
                "source": {"column": self.source.column, "text": self.source.text},
            }
        return dict(self._shown[language])

    def json_text(self, language: Language = "zh") -> str:
        """The same as the text of a JSON object, written once however many positions share the clause."""
        if language not in self._written:
            self._written[language] = json.dumps(self.to_json(language), ensure_ascii=False)
        return self._written[language]


class Judge:
    """Judges one person against many positions; a condition printed alike on many of them is judged once.

    `ref` is the day ages and work are counted to. `catalogue` looks majors up where the person or the
    table gives no code; without one the built-in national catalogue serves a rule set that names it.
    """

    def __init__(
        self, profile: Profile, ref: date, rules: EligibilityRules, catalogue: Catalogue | None = None
    ) -> None:
        self.profile = profile
        self.ref = ref
        self.rules = rules
        self.catalogue = catalogue or (national() if rules.major_catalogue == "national" else None)
        self._stages = judge_schooling.usable(profile, non_highest=rules.non_highest_major_allowed)
        self._clauses: dict[tuple[int, int | None], tuple[Condition, Clause]] = {}

    def clauses(self, conditions: PositionConditions) -> tuple[Clause, ...]:
        """A clause for every condition, in printed order, and one for everything that was not understood (R05–R13)."""
        stage = self._best_stage([one for one in conditions.conditions if isinstance(one, ON_SCHOOLING)])
        found = [self._clause(condition, stage) for condition in conditions.conditions]
        found += [_not_understood(source) for source in conditions.not_understood]
        if stage is not None and (stage.finished_on is None or stage.finished_on > self.ref):
            found.append(self._certificates(stage))
        return tuple(found)

    def verdict(self, conditions: PositionConditions) -> Verdict:
        """The verdict for the position as a whole: the worst of its clauses."""
        return worst([clause.verdict for clause in self.clauses(conditions)])

    def _best_stage(self, conditions: list[SchoolingCondition]) -> Schooling | None:
        """Education, degree and major must come from the same stage: the one that fits best (R08)."""

        def fit(stage: Schooling) -> tuple[int, int]:
            severities = [SEVERITY[self._clause(condition, stage).verdict] for condition in conditions]
            return severities.count(2), severities.count(1)

        if len(self._stages) < 2:
            return self._stages[0] if self._stages else None
        return min(self._stages, key=fit)

    def _clause(self, condition: Condition, stage: Schooling | None) -> Clause:
        # By identity, which is cheap; the condition is kept beside its clause so that no other takes its identity.
        at = (id(condition), id(stage) if isinstance(condition, ON_SCHOOLING) else None)
        known = self._clauses.get(at)
        if known is not None:
            return known[1]
        finding = self._finding(condition, stage)
        text = clause_text(condition, self.ref, self.rules)
        clause = Clause(condition.kind, text, finding.verdict, finding.reason, condition.source)
        self._clauses[at] = (condition, clause)
        return clause

    def _finding(self, condition: Condition, stage: Schooling | None) -> Finding:  # noqa: C901 - one line for each kind of condition
        profile, ref, rules = self.profile, self.ref, self.rules
        match condition:
            case EducationCondition() | DegreeCondition() | SchoolCondition() | MajorCondition() | MainMajorCondition():
                if stage is None:
                    return needs_person("schooling_unknown")
                return judge_schooling.judge_stage(condition, stage, profile, self.catalogue)
            case AgeCondition():
                return judge_person.judge_age(condition, profile, ref, rules)
            case FreshCondition():
                return judge_person.judge_fresh(condition, profile, ref, rules)
            case WorkCondition():
                return judge_person.judge_work(condition, profile, ref, rules)
            case SexCondition():
                return judge_person.judge_sex(condition, profile)
            case PartyCondition():
                return judge_person.judge_party(condition, profile)
            case DemocraticPartyCondition():
                return judge_person.judge_democratic_party(condition, profile)
            case CertificateCondition():
                return judge_person.judge_certificate(condition, profile)
            case TitleCondition():
                return judge_person.judge_title(condition, profile)
            case HouseholdCondition():
                return judge_person.judge_household(condition, profile)
            case GroupCondition():
                return judge_person.judge_group(condition, profile)
            case _:
                return needs_person(f"matter.{condition.matter}")

    def _certificates(self, stage: Schooling) -> Clause:
        diploma, degree = certificate_limits(self.ref, self.rules)
        finding = certificates_in_time(stage, diploma, degree)
        text = Explanation("eligibility.text.certificates", {"diploma": diploma, "degree": degree})
        source = Source(column="rules", text=f"{self.rules.diploma_deadline} / {self.rules.degree_deadline}")
        return Clause("certificates_in_time", text, finding.verdict, finding.reason, source)


def judge(
    profile: Profile,
    conditions: PositionConditions,
    ref: date,
    rules: EligibilityRules | None = None,
    catalogue: Catalogue | None = None,
) -> tuple[Clause, ...]:
    """One person against one position (R05–R13). For many positions keep one `Judge`."""
    return Judge(profile, ref, rules or EligibilityRules(), catalogue).clauses(conditions)


def overall(clauses: Iterable[Clause]) -> Verdict:
    """not_met before needs_person before met: what to show for a position; it rejects nobody."""
    return worst([clause.verdict for clause in clauses])


def clause_text(condition: Condition, ref: date, rules: EligibilityRules) -> Explanation:
    """What a condition asks, in words; ages with the birth dates they mean on `ref` (R05)."""
    printed = condition.source.text
    if not isinstance(condition, AgeCondition):
        return Explanation(f"eligibility.text.{condition.kind}", {"printed": printed})
    bounds = with_bounds(condition, ref, rules.age_reading)
    values: dict[str, Value] = {"printed": printed}
    if bounds.born_from and bounds.born_to:
        return Explanation("eligibility.text.age", values | {"first": bounds.born_from, "last": bounds.born_to})
    if bounds.born_from:
        return Explanation("eligibility.text.age_from", values | {"first": bounds.born_from})
    if bounds.born_to:
        return Explanation("eligibility.text.age_to", values | {"last": bounds.born_to})
    return Explanation("eligibility.text.age_open", values)


def _not_understood(source: Source) -> Clause:
    text = Explanation("eligibility.text.not_understood", {"printed": source.text})
    return Clause("not_understood", text, "needs_person", Explanation("eligibility.not_understood"), source)


def certificate_limits(ref: date, rules: EligibilityRules) -> tuple[date, date]:
    """The last days for the dates on diploma and degree, in the year of `ref` (R12)."""
    return _deadline(rules.diploma_deadline, ref), _deadline(rules.degree_deadline, ref)


def _deadline(month_and_day: str, ref: date) -> date:
    """The deadline in the year of `ref`; 29 February in a plain year is the 28th."""
    month, day = (int(part) for part in month_and_day.split("-"))
    try:
        return date(ref.year, month, day)
    except ValueError:
        return date(ref.year, month, day - 1)


@dataclass(frozen=True)
class DeclarationResult:
    """Whether the answers let the person submit, and a clause for each answer that does not or is unclear (R14)."""

    may_submit: bool
    clauses: tuple[Clause, ...]


def judge_declarations(answers: Mapping[str, bool | None]) -> DeclarationResult:
    """The negative list (R14, decision 15): every question answered no lets the person submit.

    `answers` by question of `DECLARATIONS`: True for yes, False for no, None for "not sure". Yes and a question without
    an answer block; "not sure" goes to a person. Raises ValueError for an answer to a question that does not exist.
    """
    unknown = set(answers) - set(DECLARATIONS)
    if unknown:
        raise ValueError(f"no such declaration: {', '.join(sorted(unknown))}")
    clauses = []
    for question in DECLARATIONS:
        text = Explanation(f"eligibility.declaration.{question}")
        source = Source(column="declaration", text=question)
        if question not in answers:
            reason = Explanation("eligibility.declared_nothing")
            clauses.append(Clause(question, text, "not_met", reason, source))
        elif answers[question] is None:
            clauses.append(Clause(question, text, "needs_person", Explanation("eligibility.declared_unsure"), source))
        elif answers[question]:
            clauses.append(Clause(question, text, "not_met", Explanation("eligibility.declared_yes"), source))
    return DeclarationResult(all(clause.verdict != "not_met" for clause in clauses), tuple(clauses))
