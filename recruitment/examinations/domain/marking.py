"""Marks come in from a sheet, row by row judged, and are locked by a second person."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.duties import another_person
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.errors import Refused
from foundation.tables.headers import Record, read_tables
from foundation.tables.outcome import ImportOutcome, SheetOutcome
from foundation.tables.workbook import open_workbook
from recruitment.applications.models import Application
from recruitment.examinations.mark_layout import full_marks, mark_layout
from recruitment.examinations.mark_rows import BadMark, ReadMark, read_marks
from recruitment.examinations.models import Mark, MarkBatch, MarkKind
from recruitment.examinations.policies import may_import_interviews, may_import_marks, may_lock_marks

BATCH = 1000
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _Taken:
    """A row that can be saved: where it was reported, whose marks they are."""

    sheet: SheetOutcome
    record: Record
    application_id: int
    marks: list[ReadMark]


def import_marks(
    *,
    actor: User,
    campaign: Campaign,
    content: bytes,
    file_name: str,
    kind: str = MarkKind.WRITTEN,
    sheet: str | None = None,
    dry_run: bool = False,
    report: Progress | None = None,
) -> ImportOutcome:
    """Take the marks of a sheet into a campaign; refused rows are named with their reason, all others saved at once.

    A second import of the same file changes nothing. Locked marks are never changed (R47 goes another way). Nothing is
    locked here. Raises TableError where the file can't be read, Refused if the rules have no such exam.
    """
    require(may_import_marks if kind == MarkKind.WRITTEN else may_import_interviews, actor, campaign)
    rules = rules_of(campaign)
    most = full_marks(kind, rules)
    if not most:
        raise Refused(_("The rules of this campaign have no written exam. Nothing was saved."), code="no_papers")
    tables = read_tables(open_workbook(content, file_name), mark_layout(kind, rules), sheet)
    outcome = ImportOutcome([SheetOutcome(t.sheet.name, t.header_row, table=t) for t in tables])
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        reader = _Reader(campaign, most)
        rows = [row for one in outcome.sheets for row in reader.rows_of(one)]
        fresh = _compared(rows, campaign)
        if fresh and not dry_run:
            batch = MarkBatch.objects.create(
                campaign=campaign, kind=kind, file_name=file_name[:200], rows=len(fresh), imported_by=actor,
                file_sha256=hashlib.sha256(content).hexdigest(),
            )  # fmt: skip
            _save(fresh, batch, report)
            after = {"rows": len(fresh), "kind": kind, "sha256": batch.file_sha256}
            audit.record(actor=actor, action="examinations.import_marks", subject=batch, after=after)
            outcome.saved = True
    return outcome


class _Reader:
    """Judges rows against the campaign's tickets and papers, and against the rows before them."""

    def __init__(self, campaign: Campaign, most: Mapping[str, Decimal]) -> None:
        self.most = most
        rows = Application.objects.filter(campaign=campaign, ticket_no__isnull=False)
        self.tickets = {
            ticket: (pk, code) for ticket, pk, code in rows.values_list("ticket_no", "pk", "position__code")
        }
        self.seen: dict[tuple[int, str], int] = {}

    def rows_of(self, sheet: SheetOutcome) -> Iterable[_Taken]:
        assert sheet.table is not None
        for record in sheet.table.records():
            sheet.rows += 1
            try:
                yield self._read(sheet, record)
            except BadMark as problem:
                sheet.refuse(record, str(problem))

    def _read(self, sheet: SheetOutcome, record: Record) -> _Taken:
        if record.problems:
            raise BadMark("; ".join(f"{one.column}: {one.message}" for one in record.problems))
        ticket = record.values.get("ticket", "")
        if ticket not in self.tickets:
            raise BadMark(_("No applicant of this campaign has the ticket number “%(ticket)s”.") % {"ticket": ticket})
        application_id, code = self.tickets[ticket]
        printed = record.values.get("position", "")
        if printed and printed != code:
            raise BadMark(
                _("Ticket %(ticket)s belongs to position %(code)s, not %(printed)s.")
                % {"ticket": ticket, "code": code, "printed": printed}
            )
        marks = read_marks(record.values, self.most)  # type: ignore[arg-type]
        for mark in marks:
            first = self.seen.setdefault((application_id, mark.paper), record.number)
            if first != record.number:
                raise BadMark(
                    _("%(paper)s of ticket %(ticket)s was given in row %(row)s already.")
                    % {"paper": mark.paper, "ticket": ticket, "row": first}
                )
        return _Taken(sheet, record, application_id, marks)


def _compared(rows: list[_Taken], campaign: Campaign) -> list[_Taken]:
    """Rows that would change something; the others are counted as unchanged, and changes to locked marks refused."""
    known = {
        (mark.application_id, mark.paper): mark
        for mark in Mark.objects.filter(application__campaign=campaign).select_related("batch")
    }
    fresh = []
    for row in rows:
        before = [known.get((row.application_id, mark.paper)) for mark in row.marks]
        pairs = list(zip(row.marks, before, strict=True))
        changed = [
            (new, old) for new, old in pairs if old is None or (old.value, old.status) != (new.value, new.status)
        ]
        if any(old is not None and old.batch.locked_at for _new, old in changed):
            row.sheet.refuse(row.record, _("The marks of this row are locked and differ from the file."))
        elif not changed:
            row.sheet.unchanged += 1
        else:
            fresh.append(row)
            if all(old is None for old in before):
                row.sheet.new += 1
            else:
                row.sheet.changed += 1
    return fresh


def _save(rows: list[_Taken], batch: MarkBatch, report: Progress | None) -> None:
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        Mark.objects.bulk_create(
            [
                Mark(
                    application_id=row.application_id,
                    paper=mark.paper,
                    value=mark.value,
                    status=mark.status,
                    batch=batch,
                )
                for row in part
                for mark in row.marks
            ],
            update_conflicts=True,
            unique_fields=["application", "paper"],
            update_fields=["value", "status", "batch"],
        )
        if report:
            report(start + len(part), len(rows))


@transaction.atomic
def lock_marks(*, actor: User, batch: MarkBatch) -> MarkBatch:
    """A second person has compared the marks with the paper record; from now on they don't change.

    Raises NotAllowed for the person who imported them, Refused if they are locked already.
    """
    Campaign.objects.select_for_update().get(pk=batch.campaign_id)  # an import that runs now ends first
    batch = MarkBatch.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=batch.pk)
    require(may_lock_marks & another_person(batch.imported_by_id), actor, batch)
    if batch.locked_at:
        raise Refused(_("These marks are locked already. Nothing was saved."), code="locked")
    batch.locked_by, batch.locked_at = actor, timezone.now()
    batch.save(update_fields=["locked_by", "locked_at"])
    audit.record(actor=actor, action="examinations.lock_marks", subject=batch, after={"rows": batch.rows})
    return batch


def require_locked(campaign: Campaign, kind: str) -> None:
    """Raises Refused unless there are marks of this kind and all their batches are locked."""
    batches = list(campaign.mark_batches.filter(kind=kind, marks__isnull=False).distinct())
    if not batches:
        raise Refused(_("No marks have been imported yet. Nothing was saved."), code="no_marks")
    if open_names := [batch.file_name for batch in batches if batch.locked_at is None]:
        raise Refused(
            _("These marks are not locked yet: %(names)s. Nothing was saved.") % {"names": ", ".join(open_names)},
            code="not_locked",
        )
