"""What misconduct does to marks and to the person's record (R39, R40; Order 35)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from rulebook.working_days import add_months

RECORD_YEARS = 5


class Severity(StrEnum):
    """The cases of Order 35 by article."""

    REGISTRATION_FRAUD = "registration_fraud"
    GENERAL = "general"
    SERIOUS = "serious"
    VERY_SERIOUS = "very_serious"
    VENUE_DISORDER = "venue_disorder"
    FOUND_AFTER_HIRE = "found_after_hire"


@dataclass(frozen=True)
class MisconductEffect:
    """What a decision brings. ``record`` 5 years ends on ``record_until``; a long-term one has no end."""

    article: int
    application_cancelled: bool = False
    void: Literal["none", "subject", "all"] = "none"
    removed: bool = False
    contract_dissolved: bool = False
    record: Literal["none", "five_years", "long_term"] = "none"
    record_until: date | None = None


@dataclass(frozen=True)
class Ban:
    """A local ban: who issued it, for which recruitments, and its first and last day (R40)."""

    issuer: str
    scope: str
    starts: date
    ends: date


def effect_of(severity: Severity, decided_on: date) -> MisconductEffect:
    """The effect by article (R39): Art. 5 this application, Art. 6 the subject, Art. 7 all subjects and five years,
    Art. 8 all subjects and for long, Art. 9 removal from the venue, Art. 13 the contract."""
    until = add_months(decided_on, 12 * RECORD_YEARS)
    effects = {
        Severity.REGISTRATION_FRAUD: MisconductEffect(5, application_cancelled=True),
        Severity.GENERAL: MisconductEffect(6, void="subject"),
        Severity.SERIOUS: MisconductEffect(7, void="all", record="five_years", record_until=until),
        Severity.VERY_SERIOUS: MisconductEffect(8, void="all", record="long_term"),
        Severity.VENUE_DISORDER: MisconductEffect(9, removed=True),
        Severity.FOUND_AFTER_HIRE: MisconductEffect(13, contract_dissolved=True),
    }
    return effects[severity]


def record_stands(effect: MisconductEffect, on: date) -> bool:
    """Whether the record is shown on that day: to people who decide, as reference; it bars nobody by itself (R40)."""
    if effect.record == "long_term":
        return True
    return effect.record_until is not None and on <= effect.record_until


def bans_in_force(bans: Iterable[Ban], on: date, scope: str) -> tuple[Ban, ...]:
    """The bans that do bar a person on that day from recruitments of the scope (R40)."""
    return tuple(ban for ban in bans if ban.scope == scope and ban.starts <= on <= ban.ends)
