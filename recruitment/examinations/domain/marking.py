"""Marks come in from a sheet, row by row judged, and are locked by a second person."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.duties import another_person
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.errors import Refused
from foundation.language import rule_language
from foundation.tables.headers import Record, read_tables
from foundation.tables.outcome import ImportOutcome, SheetOutcome
from foundation.tables.workbook import open_workbook
from recruitment.applications.enums import ApplicationState as S
from recruitment.applications.models import Application
from recruitment.examinations.domain.running import lock_running
from recruitment.examinations.mark_layout import full_marks, mark_layout, paper_name
from recruitment.examinations.mark_rows import BadMark, ReadMark, Sitting, read_marks
from recruitment.examinations.models import Mark, MarkBatch, MarkKind, MarkStatus, Recheck
from recruitment.examinations.policies import may_import, may_lock
from rulebook.draw import may_close_interview
from rulebook.explanation import Guard
from rulebook.recheck import may_be_interviewed
from rulebook.ruleset.examination import RecheckRules

BATCH = 1000
NAMED = 10
DECIDED = (S.PROPOSED, S.NOT_SELECTED, S.AGREED, S.HANDED_OVER)
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
    correction: str = "",
    dry_run: bool = False,
    report: Progress | None = None,
) -> ImportOutcome:
    """Take the marks of a sheet into a campaign; refused rows are named with their reason, all others saved at once.

    A second import of the same file changes nothing. A locked mark is never changed: rows that differ are refused, but
    with `correction`, the number of the decision that a mark was wrong (R47), a newer mark counts in its place.
    Nothing is locked here. Raises TableError where the file can't be read, Refused if the rules have no such exam, and
    for written marks once marks of the interview are in. Interview marks of who is not admitted are refused (R54).
    """
    require(may_import(kind), actor, campaign)
    rules = rules_of(campaign)
    most = full_marks(kind, rules)
    if not most:
        raise Refused(_("The rules of this campaign have no written exam. Nothing was saved."), code="no_papers")
    tables = read_tables(open_workbook(content, file_name), mark_layout(kind, rules), sheet)
    outcome = ImportOutcome([SheetOutcome(t.sheet.name, t.header_row, table=t) for t in tables])
    with transaction.atomic():
        lock_running(campaign)
        if kind == MarkKind.WRITTEN:
            refuse_after_interviews(campaign)
        reader = _Reader(campaign, most, rules.recheck if kind == MarkKind.INTERVIEW else None)
        rows = [row for one in outcome.sheets for row in reader.rows_of(one)]
        changes = _compared(rows, campaign, correcting=bool(correction))
        if report:
            report(len(rows), len(rows))
        fresh = changes.rows
        if fresh and not dry_run:
            batch = MarkBatch.objects.create(
                campaign=campaign, kind=kind, file_name=file_name[:200], rows=len(fresh), imported_by=actor,
                file_sha256=hashlib.sha256(content).hexdigest(), correction=correction,
            )  # fmt: skip
            _save(changes, batch, report)
            after = {"rows": len(fresh), "kind": kind, "sha256": batch.file_sha256}
            audit.record(actor=actor, action="examinations.import_marks", subject=batch, after=after, reason=correction)
            outcome.saved = True
    return outcome


class _Reader:
    """Judges rows against the campaign's tickets and papers, and against the rows before them."""

    def __init__(self, campaign: Campaign, most: Mapping[str, Decimal], recheck: RecheckRules | None) -> None:
        self.most = most
        rows = Application.objects.filter(campaign=campaign, ticket_no__isnull=False)
        self.tickets = {
            ticket: (pk, code) for ticket, pk, code in rows.values_list("ticket_no", "pk", "position__code")
        }
        self.admitted = {} if recheck is None else _admissions(rows, recheck)
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
        guard = self.admitted.get(ticket)
        if guard is not None and not guard:
            raise BadMark(_("%(ticket)s: %(why)s") % {"ticket": ticket, "why": guard.explanation.text(rule_language())})
        marks = read_marks(record.values, self.most)  # type: ignore[arg-type]
        for mark in marks:
            first = self.seen.setdefault((application_id, mark.paper), record.number)
            if first != record.number:
                raise BadMark(
                    _("%(paper)s of ticket %(ticket)s was given in row %(row)s already.")
                    % {"paper": paper_name(mark.paper), "ticket": ticket, "row": first}
                )
        return _Taken(sheet, record, application_id, marks)


def _admissions(rows: QuerySet[Application], rules: RecheckRules) -> dict[str, Guard]:
    """Ticket number → whether the person is admitted to the interview (R54, R82); one query."""
    told = rows.values_list("ticket_no", "written_result__is_called", "call_up", "recheck__outcome")
    return {
        ticket or "": may_be_interviewed(bool(on_list) or call_up is not None, outcome, rules)  # type: ignore[arg-type]
        for ticket, on_list, call_up, outcome in told
    }


@dataclass(frozen=True)
class _Changes:
    """Rows that would change something, and the marks, not locked yet, that theirs take the place of."""

    rows: list[_Taken]
    replaced: list[int]


def _compared(rows: list[_Taken], campaign: Campaign, *, correcting: bool) -> _Changes:
    """The others are counted as unchanged; rows that differ from locked marks are refused unless they correct them."""
    # By age, so that of several marks the newest is the one that counts.
    marks = list(Mark.objects.filter(application__campaign=campaign).select_related("batch").order_by("pk"))
    known = {(mark.application_id, mark.paper): mark for mark in marks}
    locked = {(mark.application_id, mark.paper) for mark in marks if mark.batch.locked_at}
    decided = _decided(campaign) if correcting else set()
    changes = _Changes([], [])
    for row in rows:
        before = {mark.paper: known.get((row.application_id, mark.paper)) for mark in row.marks}
        completed = [_completed(mark, before[mark.paper]) for mark in row.marks]
        changed = [mark for mark in completed if _differs(mark, before[mark.paper])]
        is_locked = any((row.application_id, mark.paper) in locked for mark in changed)
        if is_locked and not correcting:
            row.sheet.refuse(row.record, _("The marks of this row are locked and differ from the file."))
        elif is_locked and row.application_id in decided:
            row.sheet.refuse(row.record, _("The hires of this position have been proposed; its marks stay."))
        elif not changed:
            row.sheet.unchanged += 1
        else:
            olds = [before[mark.paper] for mark in changed]
            changes.rows.append(replace(row, marks=changed))
            changes.replaced.extend(old.pk for old in olds if old is not None and not old.batch.locked_at)
            if all(old is None for old in before.values()):
                row.sheet.new += 1
            else:
                row.sheet.changed += 1
    return changes


def _sitting(mark: Mark) -> Sitting:
    return Sitting(mark.panel, mark.session, mark.votes, mark.judges, mark.is_signed, mark.refusal_noted_by)


def _completed(new: ReadMark, old: Mark | None) -> ReadMark:
    """The mark with the panel, session and vote that an earlier sheet gave and this one leaves out."""
    return new if old is None else replace(new, sitting=new.sitting.filled_from(_sitting(old)))


def _differs(new: ReadMark, old: Mark | None) -> bool:
    return old is None or (old.value, old.status, _sitting(old)) != (new.value, new.status, new.sitting)


def _decided(campaign: Campaign) -> set[int]:
    """Everyone in positions whose hires were proposed."""
    proposed = campaign.applications.filter(state__in=DECIDED).values("position")
    return set(campaign.applications.filter(position__in=proposed).values_list("pk", flat=True))


def _save(changes: _Changes, batch: MarkBatch, report: Progress | None) -> None:
    rows = changes.rows
    for start in range(0, len(changes.replaced), BATCH):
        Mark.objects.filter(pk__in=changes.replaced[start : start + BATCH]).delete()
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        Mark.objects.bulk_create(
            Mark(
                application_id=row.application_id,
                paper=mark.paper,
                value=mark.value,
                status=mark.status,
                batch=batch,
                **asdict(mark.sitting),
            )
            for row in part
            for mark in row.marks
        )
        if report:
            report(start + len(part), len(rows))


def refuse_after_interviews(campaign: Campaign) -> None:
    """Raises Refused once marks of the interview are in: written marks and shortlist are what people were called by."""
    if campaign.mark_batches.filter(kind=MarkKind.INTERVIEW).exists():
        raise Refused(
            _("Marks of the interview are in: written marks and shortlist stay as they are. Nothing was saved."),
            code="interviewed",
        )


def refuse_rechecked(campaign: Campaign) -> None:
    """Raises Refused once results of the recheck are on record: shortlist and ranking are what they rest on."""
    if Recheck.objects.filter(application__campaign=campaign).exists():
        raise Refused(
            _("Results of the recheck are on record: take them back before ranking and shortlist change. "
              "Nothing was saved."),
            code="rechecked",
        )  # fmt: skip


@transaction.atomic
def lock_marks(*, actor: User, batch: MarkBatch) -> MarkBatch:
    """A second person has compared the marks with the paper record; from now on they don't change.

    Raises NotAllowed for the person who imported them, Refused if they are locked already, and for marks of the
    interview that nobody signed where the rules want them signed on the spot (R63).
    """
    lock_running(batch.campaign)  # an import or a ranking that runs now ends first
    batch = MarkBatch.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=batch.pk)
    require(may_lock(batch.kind) & another_person(batch.imported_by_id), actor, batch)
    if batch.locked_at:
        raise Refused(_("These marks are locked already. Nothing was saved."), code="locked")
    if unsigned := unsigned_of(batch):
        raise Refused(f"{unsigned} {_('Nothing was saved.')}", code="unsigned")
    batch.locked_by, batch.locked_at = actor, timezone.now()
    batch.save(update_fields=["locked_by", "locked_at"])
    audit.record(actor=actor, action="examinations.lock_marks", subject=batch, after={"rows": batch.rows})
    return batch


def unsigned_of(batch: MarkBatch) -> str:
    """The rule's words and the tickets of those in the batch who neither signed nor refused, or nothing (R63)."""
    if batch.kind != MarkKind.INTERVIEW or not rules_of(batch.campaign).interview.signed_on_the_spot:
        return ""
    came = batch.marks.exclude(status=MarkStatus.ABSENT).order_by("application__ticket_no")
    rows = came.values_list("application__ticket_no", "is_signed", "refusal_noted_by")
    found = [(ticket, may_close_interview(signed, noted or None)) for ticket, signed, noted in rows]
    missing = [(ticket, guard) for ticket, guard in found if not guard]
    if not missing:
        return ""
    words = missing[0][1].explanation.text(rule_language())
    named = _(", ").join(str(ticket) for ticket, _guard in missing[:NAMED])
    return _("%(words)s Neither stands for: %(tickets)s.") % {"words": words, "tickets": _more(named, len(missing))}


def _more(named: str, count: int) -> str:
    more = count - NAMED
    return named if more <= 0 else _("%(named)s and %(n)s more") % {"named": named, "n": more}


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
