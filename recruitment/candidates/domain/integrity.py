"""Records of misconduct and local bans: kept under the person's identity, read as a reference (R39, R40)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Unit, User
from accounts.policies import require
from foundation.errors import Refused
from recruitment.candidates.enums import RecordKind
from recruitment.candidates.models import Candidate, IntegrityRecord
from recruitment.candidates.policies import may_enter_ban


@transaction.atomic
def enter_integrity_record(
    *, actor: User, candidate: Candidate, kind: str, issuer: str, starts: date, ends: date | None, ground: str
) -> IntegrityRecord:
    """Put a decision of misconduct on the person's record; `ends` is its last day, None for a long-term one.

    Permissions belong to the verb that decides the case.
    """
    return _enter(actor, candidate, kind, issuer, starts, ends, ground)


@transaction.atomic
def enter_ban(
    *, actor: User, candidate: Candidate, unit: Unit, issuer: str, starts: date, ends: date, ground: str
) -> IntegrityRecord:
    """Enter a local ban on recruitments of `unit` and the units below it, first and last day included (R40).

    Raises NotAllowed for others than the talent office of that unit, Refused without issuer or ground, and where it
    would end before it starts.
    """
    require(may_enter_ban, actor, unit)
    if not issuer.strip() or not ground.strip():
        raise Refused(_("Name who issued the ban and its document. Nothing was saved."), code="issuer_required")
    if ends < starts:
        raise Refused(_("The ban would end before it starts. Please check both days; nothing was saved."), code="days")
    return _enter(actor, candidate, RecordKind.BAN, issuer.strip(), starts, ends, ground.strip(), scope=unit.code)


def _enter(
    actor: User,
    candidate: Candidate,
    kind: str,
    issuer: str,
    starts: date,
    ends: date | None,
    ground: str,
    scope: str = "",
) -> IntegrityRecord:
    row = IntegrityRecord.objects.create(
        identity=candidate.id_index or "", candidate=candidate, kind=kind, issuer=issuer, scope=scope,
        starts=starts, ends=ends, ground=ground, recorded_by=actor,
    )  # fmt: skip
    after = {"kind": kind, "from": starts.isoformat(), "until": ends.isoformat() if ends else "", "scope": scope}
    audit.record(actor=actor, action="candidates.enter_integrity_record", subject=row, after=after, reason=ground)
    return row
