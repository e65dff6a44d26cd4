"""What is on record about a person, found by identity."""

from datetime import date

from django.db.models import Q

from accounts.models import Unit
from recruitment.candidates.enums import RecordKind
from recruitment.candidates.models import Candidate, IntegrityRecord
from rulebook.misconduct import Ban, bans_in_force, record_stands


def records_in_force(candidate: Candidate, on: date, unit: Unit | None = None) -> list[IntegrityRecord]:
    """Records and bans that stand on that day, newest first, in one query; without `unit`, bans of every place (R40).

    They are a reference for people who decide. A record entered under the same ID number is found whatever row or name
    it was entered for.
    """
    of_person = Q(candidate=candidate)
    if candidate.id_index:
        of_person |= Q(identity=candidate.id_index)
    return [row for row in IntegrityRecord.objects.filter(of_person) if _stands(row, on, unit)]


def _stands(row: IntegrityRecord, on: date, unit: Unit | None) -> bool:
    if row.kind != RecordKind.BAN:
        return row.starts <= on and record_stands(RecordKind(row.kind).value, row.ends, on)  # type: ignore[arg-type]
    if row.ends is None:
        return False
    ban = Ban(row.issuer, row.scope, row.starts, row.ends)
    scopes = unit.path.split("/") if unit else [row.scope]
    return any(bans_in_force([ban], on, scope) for scope in scopes)
