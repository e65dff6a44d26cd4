"""The official real-name ledger against ours: compared row by row, changed only where a person decides.

People are matched by their number in the official ledger; names and ID numbers are never read from the sheet.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Unit, User
from accounts.policies import require
from campaigns.establishment.domain.claims import checked_ledger_number
from campaigns.establishment.domain.exits import vacate_post
from campaigns.establishment.domain.lookups import UnitLookup
from campaigns.establishment.domain.moves import BATCH, check_papers, locked
from campaigns.establishment.domain.units import enter_from_channel, seat_extra_person
from campaigns.establishment.enums import Channel, Decision, ExitReason, RowKind, SlotState, SlotType
from campaigns.establishment.ledger_layout import LEDGER_LAYOUT
from campaigns.establishment.models import EstablishedPost, Reconciliation, ReconciliationRow, UnitStaffing
from campaigns.establishment.policies import may_manage_posts
from foundation.errors import DomainError, Refused
from foundation.tables.headers import read_tables
from foundation.tables.workbook import open_workbook


@transaction.atomic
def compare_ledgers(*, actor: User, unit: Unit, content: bytes, file_name: str, as_on: date) -> Reconciliation:
    """Compare a sheet of the official ledger, as it stood on a day, with the posts of the units it names.

    Writes down matches, missing, extra and different entries and changes no post. The same file for the same day gives
    the comparison there is, with the decisions taken. Raises TableError if the file is no such table, Refused for a day
    to come.
    """
    require(may_manage_posts, actor, unit)
    if as_on > timezone.localdate():
        raise Refused(_("The day of the official ledger lies in the future. Nothing was saved."), code="date")
    digest = hashlib.sha256(content).hexdigest()
    known = Reconciliation.objects.filter(digest=digest, as_on=as_on, unit=unit).first()
    if known is not None:
        return known
    theirs, problems = _read(unit, content, file_name)
    found = Reconciliation.objects.create(
        as_on=as_on, file_name=file_name[:200], digest=digest, unit=unit, problems=problems, created_by=actor
    )
    rows = list(_compared(found, theirs))
    ReconciliationRow.objects.bulk_create(rows, batch_size=BATCH)
    audit.record(
        actor=actor, action="establishment.compare_ledgers", subject=found,
        after={"as_on": as_on.isoformat(), "rows": len(rows), "unread": len(problems), "digest": digest},
    )  # fmt: skip
    return found


Entry = tuple[int, str, Unit]


def _read(unit: Unit, content: bytes, file_name: str) -> tuple[list[Entry], list[dict[str, object]]]:
    """(row, ledger number, unit) of every readable row, and what is wrong with the others."""
    units, entries, problems, seen = UnitLookup(), [], [], {}  # type: ignore[var-annotated]
    for table in read_tables(open_workbook(content, file_name), LEDGER_LAYOUT):
        for record in table.records():
            try:
                number = record.values.get("ledger_number", "")
                if record.problems:
                    raise Refused("; ".join(f"{item.column}: {item.message}" for item in record.problems))
                if not number:
                    raise Refused(_("The number in the real-name ledger is empty."))
                if number in seen:
                    raise Refused(
                        _("Number %(number)s stands in row %(row)s already.") % {"number": number, "row": seen[number]}
                    )
                owner = units.find(record.values.get("unit", ""))
                if not owner.path.startswith(unit.path):
                    raise Refused(_("%(unit)s is no unit of %(owner)s.") % {"unit": owner, "owner": unit})
            except DomainError as refusal:
                problems.append({"row": record.number, "message": refusal.message})
                continue
            seen[number] = record.number
            entries.append((record.number, number, owner))
    return entries, problems


def _compared(found: Reconciliation, theirs: list[Entry]) -> Iterator[ReconciliationRow]:
    units = {unit.pk for _row, _number, unit in theirs}
    used = EstablishedPost.objects.filter(state=SlotState.USED, slot_type=SlotType.INSTITUTION).order_by("pk")
    by_number = {
        post.ledger_number: post
        for post in used.exclude(ledger_number="").filter(unit__path__startswith=found.unit.path)
    }
    nameless: dict[int, list[EstablishedPost]] = {}
    for empty in used.filter(unit__in=units, ledger_number=""):
        nameless.setdefault(empty.unit_id, []).append(empty)  # type: ignore[arg-type]
    for row, number, unit in theirs:
        ours = by_number.pop(number, None)
        post = ours or next(iter(nameless.get(unit.pk, ())), None)
        if ours is None and post is not None:
            nameless[unit.pk].pop(0)
        kind = RowKind.MISSING if post is None else RowKind.DIFFERENT
        if ours is not None and ours.unit_id == unit.pk:
            kind = RowKind.MATCH
        yield _row(found, kind, unit.pk, post, number, row)
    left = [*by_number.values(), *(post for posts in nameless.values() for post in posts)]
    for alone in left:
        if alone.unit_id in units:
            yield _row(found, RowKind.EXTRA, alone.unit_id, alone, alone.ledger_number)


def _row(
    found: Reconciliation, kind: str, unit: int | None, post: EstablishedPost | None, number: str, row: int = 0
) -> ReconciliationRow:
    return ReconciliationRow(reconciliation=found, kind=kind, unit_id=unit, post=post, ledger_number=number, number=row)  # type: ignore[misc]


@transaction.atomic
def decide_rows(
    *, actor: User, rows: Iterable[ReconciliationRow], decision: str, reason: str, document: str = ""
) -> list[ReconciliationRow]:
    """Decide rows of one comparison: follow the official ledger (with the document), keep ours, or only note it.

    Following it enters a missing person, vacates a post nobody is on, moves the person to the other unit, or writes the
    number on the post. All rows or none. Raises Refused without a reason, on rows decided before, on matches, on a
    closed comparison, and for whatever the verbs refuse (no vacant post).
    """
    keys = [row.pk for row in rows]
    chosen = list(
        ReconciliationRow.objects.select_for_update(of=("self",))
        .select_related("reconciliation__unit", "unit", "post")
        .filter(pk__in=keys)
        .order_by("pk")
    )
    if not chosen or decision not in (Decision.THEIRS, Decision.OURS, Decision.NOTED):
        raise Refused(_("Choose at least one row and a decision. Nothing was saved."), code="nothing")
    for row in chosen:
        require(may_manage_posts, actor, row.unit)
        _check_open(row)
    if not reason.strip():
        raise Refused(_("Each decision needs its reason. Nothing was saved."), code="reason_required")
    if decision == Decision.THEIRS:
        check_papers(document)
    for row in chosen:
        if decision == Decision.THEIRS:
            _follow(actor, row, reason, document)
        _decided(actor, row, decision, reason, document)
    audit.record(
        actor=actor, action="establishment.decide_rows", subject=chosen[0].reconciliation, reason=reason,
        after={
            "decision": decision, "document": document,
            "rows": [row.ledger_number or str(row.post) for row in chosen],
        },
    )  # fmt: skip
    return chosen


def _check_open(row: ReconciliationRow) -> None:
    if row.reconciliation.closed_at or row.decision != Decision.OPEN or row.kind == RowKind.MATCH:
        raise Refused(
            _("Row %(row)s needs no decision any more. Nothing was saved.") % {"row": row.ledger_number or row.post},
            code="decided",
        )


def _decided(actor: User, row: ReconciliationRow, decision: str, reason: str, document: str) -> None:
    row.decision, row.reason, row.document = decision, reason.strip(), document.strip()
    row.decided_by, row.decided_at = actor, timezone.now()
    row.save(update_fields=["decision", "reason", "document", "decided_by", "decided_at", "post"])


def _follow(actor: User, row: ReconciliationRow, reason: str, document: str) -> None:
    """Make our ledger agree with the official one on this row, by the verb of that case."""
    if row.kind == RowKind.MISSING:
        row.post = _enter(actor, row.unit, row.ledger_number, document)
        return
    (post,) = locked([row.post]) if row.post else (None,)
    if post is None or post.state != SlotState.USED:
        raise Refused(
            _("Post %(post)s has changed since the comparison: compare again. Nothing was saved.") % {"post": row.post},
            code="wrong_state",
        )
    leaves = row.kind == RowKind.EXTRA or post.unit_id != row.unit_id
    if leaves and post.purpose:
        raise Refused(
            _("The person on post %(post)s was hired by “%(campaign)s”: end the appointment there. Nothing was saved.")
            % {"post": post, "campaign": post.purpose},
            code="appointment",
        )
    if row.kind == RowKind.EXTRA:
        papers = {"reason_code": ExitReason.NOT_IN_LEDGER, "reason": reason, "document": document}
        vacate_post(actor=actor, post=post, **papers)
    elif post.unit_id != row.unit_id:
        papers = {"reason_code": ExitReason.TRANSFERRED_OUT, "reason": reason, "document": document}
        vacate_post(actor=actor, post=post, **papers)
        row.post = _enter(actor, row.unit, row.ledger_number, document)
    else:
        post.ledger_number = checked_ledger_number(row.ledger_number, post)
        post.save(update_fields=["ledger_number"])


def _enter(actor: User, unit: Unit, number: str, document: str) -> EstablishedPost:
    """A person of the official ledger on a post: one who had none here, or one who came by another channel."""
    if UnitStaffing.objects.filter(unit=unit, slot_type=SlotType.INSTITUTION, extra_count__gt=0).exists():
        return seat_extra_person(actor=actor, unit=unit, ledger_number=number, document=document)
    return enter_from_channel(
        actor=actor, unit=unit, channel=Channel.OTHER, ledger_number=number, document=document, promised=False
    )


@transaction.atomic
def close_reconciliation(*, actor: User, reconciliation: Reconciliation) -> Reconciliation:
    """Finish a comparison once every row is decided; posts that agree carry its day as their reconciliation date.

    Raises Refused with how many rows are undecided, and if it was closed before.
    """
    found = Reconciliation.objects.select_for_update(of=("self",)).select_related("unit").get(pk=reconciliation.pk)
    require(may_manage_posts, actor, found)
    if found.closed_at:
        raise Refused(_("This comparison was closed before. Nothing was saved."), code="closed")
    undecided = found.rows.exclude(kind=RowKind.MATCH).filter(decision=Decision.OPEN).count()
    if undecided:
        raise Refused(_("%(n)s rows are still undecided. Nothing was saved.") % {"n": undecided}, code="undecided")
    found.closed_by, found.closed_at = actor, timezone.now()
    found.save(update_fields=["closed_by", "closed_at"])
    agreed = found.rows.filter(kind=RowKind.MATCH) | found.rows.filter(decision=Decision.THEIRS)
    posts = EstablishedPost.objects.filter(pk__in=agreed.values("post"), state=SlotState.USED)
    marked = posts.update(reconciled_on=found.as_on)
    for unit in found.rows.order_by().values_list("unit", flat=True).distinct():
        UnitStaffing.objects.update_or_create(
            unit_id=unit, slot_type=SlotType.INSTITUTION, defaults={"reconciled_on": found.as_on}
        )
    audit.record(
        actor=actor, action="establishment.close_reconciliation", subject=found,
        after={"as_on": found.as_on.isoformat(), "posts": marked},
    )  # fmt: skip
    return found
