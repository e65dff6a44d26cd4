"""What misconduct does to marks and to the person's record, and when it may be decided (R38–R40; Order 35)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from rulebook.explanation import Explanation, Guard
from rulebook.working_days import add_months

RECORD_YEARS = 5
# The Order wants the statement heard and names no days; three full days are the least a person is given [INF].
LEAST_STATEMENT_DAYS = 3
Record = Literal["none", "five_years", "long_term"]
# How far the application is: before interviews, after them, handed over to an appointment, or ended.
Stage = Literal["written", "interviewed", "handed_over", "ended"]


class Severity(StrEnum):
    """The cases of Order 35 by article."""

    REGISTRATION_FRAUD = "registration_fraud"
    GENERAL = "general"
    SERIOUS = "serious"
    VERY_SERIOUS = "very_serious"
    VENUE_DISORDER = "venue_disorder"
    DUPLICATE_PAPERS = "duplicate_papers"
    FOUND_AFTER_HIRE = "found_after_hire"


@dataclass(frozen=True)
class MisconductEffect:
    """What a decision brings. ``record`` 5 years ends on ``record_until``; a long-term one has no end."""

    article: int
    application_cancelled: bool = False
    void: Literal["none", "subject", "all"] = "none"
    removed: bool = False
    contract_dissolved: bool = False
    record: Record = "none"
    record_until: date | None = None


@dataclass(frozen=True)
class Consequence:
    """What the system itself changes: marks become void, or the application ends. At most one of them."""

    voids_marks: bool = False
    ends_application: bool = False


@dataclass(frozen=True)
class Ban:
    """A local ban: who issued it, for which recruitments, and its first and last day (R40)."""

    issuer: str
    scope: str
    starts: date
    ends: date


def effect_of(severity: Severity, decided_on: date) -> MisconductEffect:
    """The effect by article (R39): Art. 5 this application, Art. 6 the subject, Art. 7 all subjects and five years,
    Art. 8 all subjects and for long, Art. 9 removal from the venue, Art. 10 identical papers (R38), Art. 13 the
    contract."""
    until = add_months(decided_on, 12 * RECORD_YEARS)
    effects = {
        Severity.REGISTRATION_FRAUD: MisconductEffect(5, application_cancelled=True),
        Severity.GENERAL: MisconductEffect(6, void="subject"),
        Severity.SERIOUS: MisconductEffect(7, void="all", record="five_years", record_until=until),
        Severity.VERY_SERIOUS: MisconductEffect(8, void="all", record="long_term"),
        Severity.VENUE_DISORDER: MisconductEffect(9, removed=True),
        Severity.DUPLICATE_PAPERS: MisconductEffect(10, void="subject"),
        Severity.FOUND_AFTER_HIRE: MisconductEffect(13, contract_dissolved=True),
    }
    return effects[severity]


def consequence_of(effect: MisconductEffect, stage: Stage) -> Consequence:
    """What changes at that stage of the application.

    Before interviews void papers are void marks. Once people were interviewed the marks that called them stay, and
    whoever has no valid paper, so no written mark (R36), is out of the competition: the application ends [INF]. An
    appointment is ended by those who keep it; in an ended application nothing changes.
    """
    void = effect.void != "none"
    if stage == "written":
        return Consequence(voids_marks=void, ends_application=effect.application_cancelled)
    return Consequence(ends_application=stage == "interviewed" and (void or effect.application_cancelled))


def sentences_of(effect: MisconductEffect, stage: Stage, papers: Iterable[str]) -> tuple[Explanation, ...]:
    """The effect in words: the article, what becomes of marks or application at that stage, the record.

    ``papers`` are those concerned: the one that is void, or all of the exam.
    """
    if effect.application_cancelled:
        head = "conduct.cancelled"
    elif effect.contract_dissolved:
        head = "conduct.dissolved"
    else:
        head = "conduct.removed" if effect.removed else f"conduct.void_{effect.void}"
    found = [Explanation(head, {"article": effect.article, "papers": tuple(papers)})]
    touches = effect.application_cancelled or effect.contract_dissolved or effect.void != "none"
    if touches and stage in ("handed_over", "ended"):
        found.append(Explanation(f"conduct.{stage}"))
    elif effect.void != "none":
        voids = consequence_of(effect, stage).voids_marks
        found.append(Explanation("conduct.marks_void" if voids else "conduct.marks_stay"))
    found.append(Explanation(f"conduct.record_{effect.record}", {"until": effect.record_until or ""}))
    return tuple(found)


def earliest_term(told_on: date) -> date:
    """The earliest last day for a statement: three full days, that of the message not counted."""
    return told_on + timedelta(days=LEAST_STATEMENT_DAYS)


def may_state(on: date, last: date) -> Guard:
    """Whether the person may still make a statement of their own: until the last day, that day included."""
    return Guard(on <= last, Explanation("conduct.may_state" if on <= last else "conduct.term_over", {"last": last}))


def may_decide(severity: Severity, on: date, last: date, *, has_stated: bool, confirmed_by_experts: bool) -> Guard:
    """Whether a case may be decided: the person was heard or let the term pass, and experts confirmed identical papers.

    (Order 35: statement before decision; R38.)
    """
    if not has_stated and on <= last:
        return Guard(False, Explanation("conduct.statement_waits", {"last": last}))
    if severity is Severity.DUPLICATE_PAPERS and not confirmed_by_experts:
        return Guard(False, Explanation("conduct.no_experts"))
    return Guard(True, Explanation("conduct.heard" if has_stated else "conduct.term_over", {"last": last}))


def record_stands(record: Record, until: date | None, on: date) -> bool:
    """Whether the record is shown on that day: to people who decide, as reference; it bars nobody by itself (R40)."""
    if record == "long_term":
        return True
    return until is not None and on <= until


def bans_in_force(bans: Iterable[Ban], on: date, scope: str) -> tuple[Ban, ...]:
    """The bans that do bar a person on that day from recruitments of the scope (R40)."""
    return tuple(ban for ban in bans if ban.scope == scope and ban.starts <= on <= ban.ends)
