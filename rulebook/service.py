"""Contract, probation, least service and reporting for duty (R78–R80)."""

from __future__ import annotations

from datetime import date, timedelta

from rulebook.ruleset.hiring import ServiceRules
from rulebook.working_days import ONE_DAY, add_months


def contract_end(start: date, rules: ServiceRules) -> date:
    """The last day of the first contract (R78)."""
    return add_months(start, rules.contract_years * 12) - ONE_DAY


def probation_end(start: date, rules: ServiceRules, *, first_job: bool, contract_years: int | None = None) -> date:
    """The last day of probation (R78): the long one for a first job under a contract of three years or more."""
    years = rules.contract_years if contract_years is None else contract_years
    long_one = first_job and years >= 3
    return add_months(start, rules.probation_months if long_one else rules.probation_months_experienced) - ONE_DAY


def min_service_end(start: date, rules: ServiceRules, *, probation_ends: date | None = None) -> date | None:
    """The last day of the least service (R79), counted from the start or from the day after probation.

    None when the rules ask for none. ``probation_ends`` defaults to that of a first job.
    """
    if not rules.min_service_years:
        return None
    first = start
    if rules.min_service_from == "after_probation":
        first = (probation_ends or probation_end(start, rules, first_job=True)) + ONE_DAY
    return add_months(first, rules.min_service_years * 12) - ONE_DAY


def report_deadline(called_on: date, rules: ServiceRules) -> date:
    """The last day for reporting for duty (R80)."""
    return called_on + timedelta(days=rules.report_within_days)


def late_ban_until(deadline: date, rules: ServiceRules) -> date | None:
    """The last day of the local ban for not reporting (R80); None where there is none."""
    return add_months(deadline, rules.late_ban_years * 12) if rules.late_ban_years else None
