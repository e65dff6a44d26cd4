"""Relatives whom people told us of, against the post they are to take (R15): a person decides, never a machine."""

from collections.abc import Iterable

from recruitment.appointments.models import Appointment
from recruitment.candidates.models import Relative
from recruitment.candidates.rule_profile import RELATIONS
from rulebook.explanation import Explanation
from rulebook.recusal import to_examine


def works_there(relative: Relative, row: Appointment) -> bool:
    """Whether the employer is named like the unit of the post; a longer or shorter form of its name counts too."""
    employer, unit = relative.employer.strip(), row.position.unit.name
    return bool(employer) and (employer in unit or unit in employer)


def to_examine_of(relative: Relative, row: Appointment) -> tuple[Explanation, ...]:
    """The cases a person must look into, in the rules' own words."""
    return to_examine(RELATIONS[relative.relation], same_unit=works_there(relative, row))


def undecided(people: Iterable[Appointment]) -> list[Appointment]:
    """Those with a relative at the unit of their post on whom nobody has decided yet; one query."""
    waiting = [row for row in people if not row.recusal_decision]
    told: dict[int, list[Relative]] = {}
    for relative in Relative.objects.filter(candidate__in=[row.candidate_id for row in waiting]):
        told.setdefault(relative.candidate_id, []).append(relative)
    return [row for row in waiting if any(works_there(one, row) for one in told.get(row.candidate_id, []))]
