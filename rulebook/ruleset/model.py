"""The whole rule set: all sections, the checks across them, canonical text and digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import model_validator

from rulebook.explanation import Explanation, RuleError, plain_text
from rulebook.ruleset.base import Positive, Section
from rulebook.ruleset.examination import (
    InterviewRules,
    RankingRules,
    RecheckRules,
    ShortlistRules,
    TotalRules,
    WrittenRules,
)
from rulebook.ruleset.hiring import (
    InspectionRules,
    MedicalRules,
    NoticeRules,
    PublicationRules,
    ReplacementRules,
    ServiceRules,
    SlotRules,
)
from rulebook.ruleset.registration import (
    EligibilityRules,
    FeeRules,
    OpeningRatioRules,
    RegistrationRules,
    SeatingRules,
)
from rulebook.ruleset.talent import ChallengeRules, CountingRules, EventRules, GrantRules, SelectionRules

Track = Literal["public_exam", "competitive_selection", "open_challenge"]

CHAIN_VALUES = ("written", "interview", "extra_test", "education", "degree", "fresh_graduate", "title", "veteran",
                "martyr_child", "outstanding_graduate", "preference", "special", "original", "structured_interview",
                "professional_test", "assessment", "material")  # fmt: skip


DATES = ("opens_at", "closes_at", "review_closes_at", "fee_closes_at")


class RuleSet(Section):
    """Every rule of one announcement. A changed rule set is a new ``version``, never an edit."""

    version: Positive = 1
    track: Track
    registration: RegistrationRules = RegistrationRules()
    eligibility: EligibilityRules = EligibilityRules()
    fee: FeeRules = FeeRules()
    opening_ratio: OpeningRatioRules = OpeningRatioRules()
    seating: SeatingRules = SeatingRules()
    written: WrittenRules = WrittenRules()
    shortlist: ShortlistRules = ShortlistRules()
    recheck: RecheckRules = RecheckRules()
    interview: InterviewRules = InterviewRules()
    total: TotalRules = TotalRules()
    ranking: RankingRules = RankingRules()
    medical: MedicalRules = MedicalRules()
    inspection: InspectionRules = InspectionRules()
    replacement: ReplacementRules = ReplacementRules()
    notice: NoticeRules = NoticeRules()
    service: ServiceRules = ServiceRules()
    slots: SlotRules = SlotRules()
    publication: PublicationRules = PublicationRules()
    selection: SelectionRules = SelectionRules()
    challenge: ChallengeRules = ChallengeRules()
    event: EventRules = EventRules()
    counting: CountingRules = CountingRules()
    grants: GrantRules = GrantRules()

    @model_validator(mode="after")
    def parts_of_the_total_exist(self) -> Self:
        names = {part.name for part in self.total.parts}
        if "written" in names and not self.written.papers:
            raise RuleError("ruleset.no_papers")
        if "interview" in names and not self.interview.held:
            raise RuleError("ruleset.no_interview")
        for part in self.total.parts:
            if part.name == "written" and part.full_mark != self.written.full_mark:
                raise _wrong_scale("written", self.written.full_mark, part.full_mark)
            if part.name == "interview" and part.full_mark != self.interview.mark_max:
                raise _wrong_scale("interview", self.interview.mark_max, part.full_mark)
        return self

    @model_validator(mode="after")
    def rounding_stages_agree(self) -> Self:
        stages = {self.total.rounding.stage}
        stages |= {self.written.rounding.stage} if self.written.papers else set()
        stages |= {self.interview.rounding.stage} if self.interview.held else set()
        if len(stages) > 1:
            raise RuleError("ruleset.rounding_stages")
        return self

    @model_validator(mode="after")
    def tie_chains_are_known(self) -> Self:
        known = {*CHAIN_VALUES, *(paper.name for paper in self.written.papers)}
        for name in (*self.ranking.tie_chain, *self.shortlist.tie_chain):
            if name not in known:
                raise RuleError("ruleset.tie_chain_unknown", name=name)
        return self

    @model_validator(mode="after")
    def replacement_has_its_marks(self) -> Self:
        for row in self.replacement.stages:
            if row.allowed and row.score == "written" and not self.written.papers:
                raise RuleError("ruleset.replacement_score", stage=Explanation(f"stage.{row.stage}"))
        return self

    @model_validator(mode="after")
    def lines_lie_on_the_scale(self) -> Self:
        line = self.shortlist.min_line
        if line.kind == "fixed" and line.value is not None and line.value > self.written.full_mark:
            raise RuleError("ruleset.line_above", line=plain_text(line.value), full=plain_text(self.written.full_mark))
        if self.track == "open_challenge" and self.slots.slot_type != "none":
            raise RuleError("ruleset.challenge_slot")
        return self

    def canonical_json(self) -> str:
        """One text for one rule set: keys sorted, no spaces, numbers in one spelling (R96)."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def digest(self) -> str:
        """SHA-256 of the canonical text in hexadecimal (R96)."""
        return hashlib.sha256(self.canonical_json().encode()).hexdigest()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what ``canonical_json`` wrote; pydantic's ``ValidationError`` names the place of a mistake."""
        return cls.model_validate_json(text)

    def amended(self, **sections: Section) -> Self:
        """The next version with some sections replaced, checked as a whole."""
        return self.replaced(version=self.version + 1, **sections)

    def replaced(self, **changes: Any) -> Self:
        """A checked copy with some attributes replaced; the version stays unless it is among them."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self)(**{**values, **changes})

    def cloned_for_new_year(self) -> Self:
        """Version 1 for a new announcement: the same rules without last year's dates."""
        return self._dated(dict.fromkeys(DATES), None).replaced(version=1)

    def taken_over_by(self, own: RuleSet) -> Self:
        """These rules for an announcement that has rules of its own: its version, dates and kind of post stay."""
        dates = {name: getattr(own.registration, name) for name in DATES}
        slots = self.slots.model_copy(update={"slot_type": own.slots.slot_type})
        return self._dated(dates, own.written.bonus.deadline).replaced(version=own.version, slots=slots)

    def _dated(self, dates: Mapping[str, datetime | None], bonus_deadline: date | None) -> Self:
        registration = self.registration.model_copy(update=dates)
        bonus = self.written.bonus.model_copy(update={"deadline": bonus_deadline})
        return self.replaced(registration=registration, written=self.written.model_copy(update={"bonus": bonus}))


def _wrong_scale(part: str, full: Decimal, given: Decimal) -> RuleError:
    return RuleError(f"ruleset.{part}_scale", full=plain_text(full), given=plain_text(given))
