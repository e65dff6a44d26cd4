"""Fresh graduates, certificates in time, and years of work (R11–R13)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from rulebook.conditions.finding import Finding, met, needs_person, not_met
from rulebook.conditions.profile import Profile, Schooling, WorkPeriod

FreshDefinition = Literal["year", "year_window", "unemployed", "unplaced", "no_staff_job"]


def graduation_year(profile: Profile) -> int | None:
    """The year of the last diploma, expected ones included; None where no date is known."""
    dates = [stage.finished_on for stage in profile.schooling if stage.finished_on]
    return max(dates).year if dates else None


def fresh_status(profile: Profile, definition: FreshDefinition, window_years: int, ref: date) -> Finding:
    """Whether someone counts as a fresh graduate on `ref` by one of the five definitions in use (R11).

    year: graduates in the year of `ref`. The others look back `window_years` full years: year_window asks no more;
    unemployed asks for no employer now; unplaced asks that earlier graduates never had one; no_staff_job that the
    person never held an established post.
    """
    year = graduation_year(profile)
    if year is None:
        return needs_person("fresh_unknown_year")
    if definition == "year":
        window_years = 0
    first = ref.year - window_years
    if not first <= year <= ref.year:
        return not_met("fresh_other_year", year=str(year), first=str(first), last=str(ref.year))
    if definition in ("year", "year_window") or (definition == "unplaced" and year == ref.year):
        return met("fresh_year", year=str(year))
    if definition == "unemployed":
        return _fact(profile.employed_now, "fresh_employed", "fresh_unemployed")
    if definition == "no_staff_job":
        return _fact(profile.ever_established, "fresh_staff", "fresh_no_staff")
    if profile.ever_placed and profile.employed_now is False:
        return needs_person("fresh_left_job")
    return _fact(profile.ever_placed, "fresh_placed", "fresh_unplaced")


def _fact(excluded: bool | None, is_so: str, is_not: str) -> Finding:
    if excluded is None:
        return needs_person("fresh_unknown_work")
    return not_met(is_so) if excluded else met(is_not)


def certificates_in_time(stage: Schooling, diploma_limit: date, degree_limit: date) -> Finding:
    """Whether diploma and degree are dated, or expected, on or before their limits (R12).

    Late is not met: the award is then cancelled and the post released. A missing diploma date needs a person.
    """
    if stage.finished_on is None:
        return needs_person("certificate_undated")
    if stage.finished_on > diploma_limit:
        return not_met("diploma_late", date=stage.finished_on, limit=diploma_limit)
    degree_on = stage.degree_on or (stage.finished_on if stage.degree else None)
    if degree_on and degree_on > degree_limit:
        return not_met("degree_late", date=degree_on, limit=degree_limit)
    return met("certificates_in_time", date=stage.finished_on, limit=diploma_limit)


def work_months(periods: Iterable[WorkPeriod], cutoff: str, *, internships: bool = False) -> int:
    """Months of work up to and including the month `cutoff` ("2025-09"), each month counted once (R13).

    Both ends of a period count, so October to September of the next year is one full year. Full-time study never
    counts; internships only where asked.
    """
    last = _index(cutoff)
    months: set[int] = set()
    for period in periods:
        if period.kind == "study" or (period.kind == "internship" and not internships):
            continue
        end = min(_index(period.end), last) if period.end else last
        months.update(range(_index(period.start), end + 1))
    return len(months)


def _index(month: str) -> int:
    year, number = month.split("-")
    return int(year) * 12 + int(number) - 1
