"""Contract, probation, least service and reporting for duty (R78–R80)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from rulebook.explanation import Explanation, Guard
from rulebook.ruleset.hiring import ServiceRules
from rulebook.working_days import ONE_DAY, add_months


@dataclass(frozen=True)
class ServiceTerms:
    """The last days of probation, contract and least service; None for a contract or a least service there is not."""

    probation_ends: date
    contract_ends: date | None
    min_service_ends: date | None
    explanation: Explanation


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


def service_terms(
    start: date,
    rules: ServiceRules,
    *,
    first_job: bool,
    civil_service: bool = False,
    agreed_years: int | None = None,
) -> ServiceTerms:
    """What begins on the day of the contract's start (R78, R79).

    The civil service has no contract and one length of probation. ``agreed_years`` of least service, from an agreement
    with the person, stand for those of the rules.
    """
    if agreed_years is not None:
        rules = rules.model_copy(update={"min_service_years": agreed_years})
    probation = probation_end(start, rules, first_job=first_job or civil_service)
    contract = None if civil_service else contract_end(start, rules)
    least = min_service_end(start, rules, probation_ends=probation)
    steps = []
    if contract is not None:
        steps.append(Explanation("service.contract", {"start": start, "years": rules.contract_years, "end": contract}))
    steps.append(_probation(rules, probation, first_job=first_job, civil_service=civil_service))
    if least is None:
        return ServiceTerms(probation, contract, None, Explanation("service.no_least", {}, tuple(steps)))
    first = start if rules.min_service_from == "start" else probation + ONE_DAY
    told = Explanation("service.least", {"years": rules.min_service_years, "first": first, "end": least}, tuple(steps))
    return ServiceTerms(probation, contract, least, told)


def _probation(rules: ServiceRules, ends: date, *, first_job: bool, civil_service: bool) -> Explanation:
    if civil_service:
        return Explanation("service.probation_civil", {"months": rules.probation_months, "end": ends})
    if first_job:
        return Explanation("service.probation_first", {"months": rules.probation_months, "end": ends})
    return Explanation("service.probation_experienced", {"months": rules.probation_months_experienced, "end": ends})


def may_confirm(today: date, probation_ends: date) -> Guard:
    """Whether a person may be confirmed on the post: not before the last day of probation is over (R78)."""
    if today <= probation_ends:
        return Guard(
            False, Explanation("service.on_probation", {"ends": probation_ends, "first": probation_ends + ONE_DAY})
        )
    return Guard(True, Explanation("service.probation_over", {"ends": probation_ends}))


def may_report(on: date, deadline: date) -> Guard:
    """Whether reporting for duty on that day is in time, the deadline included (R80)."""
    code = "service.in_time" if on <= deadline else "service.late"
    return Guard(on <= deadline, Explanation(code, {"last": deadline}))


def not_reported(deadline: date, rules: ServiceRules) -> Explanation:
    """What follows from not reporting by the deadline: withdrawal, and until when the local ban lasts (R80)."""
    banned = late_ban_until(deadline, rules)
    if banned is None:
        return Explanation("service.withdrawn", {"last": deadline})
    return Explanation("service.withdrawn_banned", {"last": deadline, "until": banned})
