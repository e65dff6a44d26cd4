"""A whole position table in: compared row by row with what is there, then written set-wise."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.domain import import_units
from accounts.models import Unit, User
from accounts.policies import require
from campaigns.planning.domain.locking import locked_campaign, refuse_unless_drafting
from campaigns.planning.import_report import ImportReport, SheetReport
from campaigns.planning.models import Campaign, Position
from campaigns.planning.policies import may_plan
from campaigns.planning.position_layout import POSITION_LAYOUT
from campaigns.planning.position_rows import Refusal, position_fields, row_digest
from campaigns.planning.unit_matching import NoUnit, UnitFinder
from foundation.errors import Refused
from foundation.tables.headers import Record, Table, read_tables
from foundation.tables.workbook import open_workbook

BATCH = 500
WRITTEN = (
    "unit", "name", "category", "grade", "duty", "headcount_planned", "headcount_effective", "printed", "conditions",
    "needs_person", "exam_category", "opening_ratio", "shortlist_ratio", "row_digest", "source",
    "search_text",
)  # fmt: skip

Progress = Callable[[int, int], None]


@dataclass
class _Row:
    """A row of the file on its way: refused as soon as `mistakes` has something in it."""

    record: Record
    table: Table
    sheet: SheetReport
    printed: dict[str, str]
    fields: dict[str, Any] = field(default_factory=dict)
    unit_code: str = ""
    mistakes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.record.values.get("code", "").strip()


def import_positions(
    *,
    actor: User,
    campaign: Campaign,
    content: bytes,
    file_name: str,
    sheet: str | None = None,
    dry_run: bool = False,
    report: Progress | None = None,
) -> ImportReport:
    """Take the positions of a table into a campaign whose plan is being drafted (data-dictionary.md 3.1).

    A position code that is new makes a position, a known one is compared and changed where the row says something else;
    units that are missing are created below the campaign's unit. Rows that can't be taken are refused one by one, with
    column and reason, and all others are saved, all at once. With `dry_run` nothing is saved. `report` is told rows
    done and rows in all.

    Raises TableError where the file or its header can't be read; Refused once the plan was submitted.
    """
    require(may_plan, actor, campaign)
    rows, outcome = _read(content, file_name, sheet, dry_run)
    with transaction.atomic():
        units = list(Unit.objects.select_for_update().filter(path__startswith=campaign.unit.path).order_by("pk"))
        campaign = locked_campaign(campaign)
        finder = UnitFinder(campaign.unit, units)
        _find_units(rows, finder)
        known = {position.code: position for position in campaign.positions.select_related("unit")}
        fresh, changed = _sorted_out(rows, known)
        _count_refused(rows)
        used = {row.unit_code for row in [*fresh, *changed]}
        planned = _with_parents(finder.planned, used)
        outcome.new_units = sorted(line.name for line in planned)
        if dry_run or not (fresh or changed):
            if report:
                report(len(rows), len(rows))
            return outcome
        refuse_unless_drafting(campaign)
        if planned:
            _create_units(actor, planned)
        _write(campaign, fresh, changed, known, file_name, report, len(rows))
        outcome.saved = True
        _record(actor, campaign, outcome, [*fresh, *changed])
    return outcome


def _read(content: bytes, file_name: str, sheet: str | None, dry_run: bool) -> tuple[list[_Row], ImportReport]:
    outcome = ImportReport([], file_name=file_name, dry_run=dry_run)
    rows: list[_Row] = []
    for table in read_tables(open_workbook(content, file_name), POSITION_LAYOUT, sheet):
        found = SheetReport(table.sheet.name, table.header_row, table=table)
        outcome.sheets.append(found)
        for record in table.records():
            rows.append(_row(record, table, found))
        found.unknown_columns = [column.header for column in table.unknown]
        found.skipped = [(skipped.number, skipped.text) for skipped in table.skipped]
    _refuse_duplicates(rows)
    return rows, outcome


def _row(record: Record, table: Table, sheet: SheetReport) -> _Row:
    sheet.rows += 1
    known = {column.header: record.values.get(column.field.name, "") for column in table.columns if column.field}
    row = _Row(record, table, sheet, {**known, **record.extra})
    row.mistakes += [("", f"{problem.column}: {problem.message}") for problem in record.problems]
    fields = position_fields(record.values)
    if isinstance(fields, Refusal):
        row.mistakes += fields.mistakes
    else:
        row.fields = fields
    return row


def _refuse_duplicates(rows: Iterable[_Row]) -> None:
    """Every row of a code printed twice is refused: nobody can say which of them is right."""
    by_code: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        if row.code:
            by_code[row.code].append(row)
    for code, same in by_code.items():
        for row in same if len(same) > 1 else ():
            others = ", ".join(
                _("sheet “%(sheet)s” row %(row)s") % {"sheet": other.sheet.name, "row": other.record.number}
                for other in same
                if other is not row
            )
            text = _("The position code %(code)s stands also in %(others)s.") % {"code": code, "others": others}
            row.mistakes.append(("code", text))


def _find_units(rows: list[_Row], finder: UnitFinder) -> None:
    """Rows that print a department come first, so that rows which do not may mean the same unit."""
    for row in sorted(rows, key=lambda row: not row.record.values.get("department")):
        if row.mistakes:
            continue
        values = row.record.values
        try:
            row.unit_code = finder.code_of(values.get("unit", ""), values.get("department", ""), row.record.number)
        except NoUnit as problem:
            row.mistakes.append(("unit", str(problem)))


def _sorted_out(rows: list[_Row], known: dict[str, Position]) -> tuple[list[_Row], list[_Row]]:
    """The new and the changed rows, counted on their sheets."""
    fresh, changed = [], []
    for row in rows:
        if row.mistakes:
            continue
        row.fields["row_digest"] = row_digest(row.printed, row.unit_code)
        old = known.get(row.fields["code"])
        if old is None:
            row.sheet.new += 1
            fresh.append(row)
        elif old.row_digest == row.fields["row_digest"]:
            row.sheet.unchanged += 1
        else:
            row.sheet.changed += 1
            changed.append(row)
    return fresh, changed


def _count_refused(rows: list[_Row]) -> None:
    for row in rows:
        for name, text in row.mistakes:
            column = row.table.column_of(name) if name else None
            row.sheet.refuse(row.record, text, column=column.letter if column else "")


def _with_parents(planned: list[Any], used: set[str]) -> list[Any]:
    """The planned units that a row really uses, and the departments above them."""
    by_code = {line.code: line for line in planned}
    wanted: set[str] = set()
    for code in used:
        while code in by_code and code not in wanted:
            wanted.add(code)
            code = by_code[code].parent_code
    return [line for line in planned if line.code in wanted]


def _create_units(actor: User, planned: list[Any]) -> None:
    result = import_units(actor=actor, rows=planned)
    if result.refused:
        first = result.refused[0]
        raise Refused(
            _("Row %(row)s: the unit can't be created. %(why)s Nothing was saved.")
            % {"row": first.row, "why": first.message},
            code="units",
        )


def _write(
    campaign: Campaign,
    fresh: list[_Row],
    changed: list[_Row],
    known: dict[str, Position],
    file_name: str,
    report: Progress | None,
    total: int,
) -> None:
    """New rows in, changed rows over, `BATCH` at a time; `report` hears of every batch."""
    codes = {row.unit_code for row in [*fresh, *changed]}
    units = {unit.code: unit for unit in Unit.objects.filter(path__startswith=campaign.unit.path) if unit.code in codes}
    done = total - len(fresh) - len(changed)
    for batch in _batches(fresh):
        Position.objects.bulk_create(
            [Position(campaign=campaign, **_values(row, units, file_name)) for row in batch], batch_size=BATCH
        )
        done += len(batch)
        if report:
            report(done, total)
    for batch in _batches(changed):
        positions = [known[row.fields["code"]] for row in batch]
        for position, row in zip(positions, batch, strict=True):
            for key, value in _values(row, units, file_name).items():
                setattr(position, key, value)
        Position.objects.bulk_update(positions, WRITTEN, batch_size=BATCH)
        done += len(batch)
        if report:
            report(done, total)


def _batches(rows: list[_Row]) -> Iterable[list[_Row]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _values(row: _Row, units: dict[str, Unit], file_name: str) -> dict[str, Any]:
    return {**row.fields, "unit": units[row.unit_code], "printed": row.printed, "source": file_name[:200]}


def _record(actor: User, campaign: Campaign, outcome: ImportReport, written: list[_Row]) -> None:
    digests = sorted(row.fields["row_digest"] for row in written)
    audit.record(
        actor=actor,
        action="planning.import_positions",
        subject=campaign,
        after={
            "file": outcome.file_name,
            "new": outcome.new,
            "changed": outcome.changed,
            "refused": outcome.refused_rows,
            "units": len(outcome.new_units),
            "digest": hashlib.sha256("".join(digests).encode()).hexdigest(),
        },
    )
