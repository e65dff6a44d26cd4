"""Permits from a sheet: every row is new, unchanged or refused with its reason, and nothing is dropped silently."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.establishment.domain.lookups import UnitLookup
from campaigns.establishment.domain.permits import issue_permit
from campaigns.establishment.models import Envelope, Permit
from campaigns.establishment.permit_layout import PERMIT_LAYOUT
from foundation.errors import DomainError, Refused
from foundation.tables.headers import Record, read_tables
from foundation.tables.outcome import ImportOutcome, SheetOutcome
from foundation.tables.workbook import open_workbook


class _DryRun(Exception):
    """Rolls a dry run back."""


def import_permits(*, actor: User, content: bytes, file_name: str, dry_run: bool = False) -> ImportOutcome:
    """Issue every permit of a sheet that can be issued, each row on its own; refused rows leave nothing behind.

    Raises TableError if the file is no table or lacks a column. A second import of the same file changes nothing.
    """
    tables = read_tables(open_workbook(content, file_name), PERMIT_LAYOUT)
    outcome = ImportOutcome([SheetOutcome(table.sheet.name, table.header_row, table=table) for table in tables])
    try:
        units = UnitLookup()
        with transaction.atomic():
            for table, sheet in zip(tables, outcome.sheets, strict=True):
                for record in table.records():
                    _import_row(actor, record, sheet, units)
            if dry_run:
                raise _DryRun
    except _DryRun:
        return outcome
    outcome.saved = True
    return outcome


def _import_row(actor: User, record: Record, sheet: SheetOutcome, units: UnitLookup) -> None:
    sheet.rows += 1
    try:
        if record.problems:
            raise Refused("; ".join(f"{problem.column}: {problem.message}" for problem in record.problems))
        wanted = _permit_of(record, units)
        if _is_unchanged(wanted):
            sheet.unchanged += 1
            return
        with transaction.atomic():
            issue_permit(
                actor=actor,
                number=wanted.number,
                unit=wanted.unit,
                slots=wanted.slots,
                issued_on=wanted.issued_on,
                expires_on=wanted.expires_on,
                envelope=wanted.envelope,
            )
        sheet.new += 1
    except DomainError as refusal:
        sheet.refuse(record, refusal.message)


def _permit_of(record: Record, units: UnitLookup) -> Permit:
    """The permit a row describes, unsaved; raises Refused naming the column and what would be right."""
    values = record.values
    return Permit(
        number=_required(values, "number"),
        unit=units.find(_required(values, "unit")),
        slots=_whole_number(values, "slots"),
        issued_on=_day(values, "issued_on"),
        expires_on=_day(values, "expires_on"),
        envelope=_envelope(values.get("envelope", "")),
    )


def _is_unchanged(wanted: Permit) -> bool:
    same = {name: getattr(wanted, name) for name in ("unit", "slots", "issued_on", "expires_on", "envelope")}
    return Permit.objects.filter(number=wanted.number, **same).exists()


def _label(name: str) -> str:
    return str(PERMIT_LAYOUT.field(name).label)


def _required(values: dict[str, str], name: str) -> str:
    if not values.get(name):
        raise Refused(_("The column “%(column)s” is empty.") % {"column": _label(name)})
    return values[name]


def _whole_number(values: dict[str, str], name: str) -> int:
    text = _required(values, name)
    if not text.isdecimal() or int(text) < 1:
        raise Refused(
            _("The column “%(column)s” must be a whole number from 1, not “%(text)s”.")
            % {"column": _label(name), "text": text}
        )
    return int(text)


def _day(values: dict[str, str], name: str) -> date:
    text = _required(values, name)
    printed = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    try:
        year, month, day = map(int, printed.split("-"))
        return date(year, month, day)
    except ValueError as problem:
        raise Refused(
            _("The column “%(column)s” must be a date such as 2026-03-20, not “%(text)s”.")
            % {"column": _label(name), "text": text}
        ) from problem


def _envelope(text: str) -> Envelope | None:
    if not text:
        return None
    envelope = Envelope.objects.filter(code=text).first() or Envelope.objects.filter(name=text).first()
    if envelope is None:
        raise Refused(_("There is no envelope with the code or name “%(text)s”.") % {"text": text})
    return envelope
