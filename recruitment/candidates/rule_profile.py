"""A candidate's facts in the terms of the rule book; what is not known stays unknown, so that a person is asked."""

from collections.abc import Mapping
from typing import Any

from recruitment.candidates import enums
from recruitment.candidates.enums import EmploymentKind, GraduateKind, PoliticalStatus, ServiceProject
from recruitment.candidates.models import Candidate, Education, WorkPeriod
from rulebook.conditions.profile import Profile
from rulebook.recusal import Relation

PARTY: Mapping[str, str] = {
    PoliticalStatus.PARTY_MEMBER: "member",
    PoliticalStatus.PROBATIONARY: "member",
    PoliticalStatus.LEAGUE_MEMBER: "league",
    PoliticalStatus.DEMOCRATIC: "democratic",
    PoliticalStatus.NONE: "none",
}
RELATIONS: Mapping[str, Relation] = {
    enums.Relation.SPOUSE: Relation.SPOUSE,
    enums.Relation.LINEAL: Relation.LINEAL_BLOOD,
    enums.Relation.COLLATERAL: Relation.COLLATERAL_THREE_GENERATIONS,
    enums.Relation.IN_LAW: Relation.NEAR_IN_LAW,
    enums.Relation.ADOPTIVE: Relation.ADOPTIVE_OR_STEP,
}
EMPLOYED_NOW: Mapping[str, bool] = {
    GraduateKind.FINAL_YEAR: False,
    GraduateKind.UNPLACED: False,
    GraduateKind.UNEMPLOYED: False,
    GraduateKind.EMPLOYED: True,
    GraduateKind.GRASSROOTS: True,
}
NEVER_PLACED = (GraduateKind.FINAL_YEAR, GraduateKind.UNPLACED)
ON_A_POST = (EmploymentKind.ESTABLISHED, EmploymentKind.CIVIL_SERVANT)


def profile_of(candidate: Candidate) -> Profile:
    """What the conditions of a position are judged by; three queries unless the rows are prefetched."""
    works = list(candidate.work_periods.all())
    never_placed = candidate.graduate_kind in NEVER_PLACED
    return Profile.model_validate(
        {
            "birth_date": candidate.birth_date,
            "sex": candidate.sex or None,
            "party": PARTY.get(candidate.political_status),
            "schooling": [_schooling(row) for row in candidate.educations.all()],
            "works": [_work(row) for row in works] if works or never_placed else None,
            "employed_now": EMPLOYED_NOW.get(candidate.graduate_kind),
            "ever_placed": _ever_placed(candidate, works),
            "ever_established": any(row.kind in ON_A_POST for row in works) if works or never_placed else None,
            "certificates": candidate.certificates or None,
            "titles": _titles(candidate),
            "household": candidate.household,
            "origin": candidate.student_origin,
            "groups": _groups(candidate),
        }
    )


def _schooling(row: Education) -> dict[str, Any]:
    has_degree = row.degree != "none"
    return {
        "level": row.level,
        "degree": row.degree if has_degree else None,
        "major": row.major,
        "major_code": row.major_code,
        "full_time": row.is_full_time,
        "kind": row.kind,
        "finished_on": row.graduated_on,
        "degree_on": row.graduated_on if has_degree else None,
    }


def _work(row: WorkPeriod) -> dict[str, Any]:
    return {
        "start": f"{row.started_on:%Y-%m}",
        "end": f"{row.ended_on:%Y-%m}" if row.ended_on else None,
        "kind": "internship" if row.kind == EmploymentKind.INTERNSHIP else "job",
        "field": row.duty,
        "established": row.kind in ON_A_POST,
    }


def _ever_placed(candidate: Candidate, works: list[WorkPeriod]) -> bool | None:
    if candidate.graduate_kind in NEVER_PLACED:
        return False
    if candidate.graduate_kind == GraduateKind.EMPLOYED:
        return True
    return True if any(row.kind != EmploymentKind.INTERNSHIP for row in works) else None


def _titles(candidate: Candidate) -> list[dict[str, str]] | None:
    if not candidate.title_level:
        return None
    return [{"level": candidate.title_level, "series": candidate.title_series}]


def _groups(candidate: Candidate) -> list[str] | None:
    if candidate.service_project == ServiceProject.VETERAN:
        return ["veteran", "graduate_veteran"]
    return ["service_project"] if candidate.service_project else None
