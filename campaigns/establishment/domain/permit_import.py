"""Permits from a sheet: every row is new, unchanged or refused with its reason, and nothing is dropped silently."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from campaigns.establishment.domain.permits import issue_permit
from campaigns.establishment.models import Envelope, Permit
from campaigns.establishment.permit_layout import PERMIT_LAYOUT
from foundation.errors import DomainError, Refused
from foundation.tables.headers import Record, read_tables
from foundation.tables.workbook import open_workbook


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not taken: where it stands and why."""

    sheet: str
    row: int
    message: str


@dataclass
class PermitImport:
    """What an import did, or in a dry run would do; counts are rows."""

    new: int = 0
    unchanged: int = 0
    refused: list[RefusedRow] = field(default_factory=list)


class _DryRun(Exception):
    """Rolls a dry run back."""


def import_permits(*, actor: User, content: bytes, file_name: str, dry_run: bool = False) -> PermitImport:
    """Issue every permit of a sheet that can be issued, each row on its own; refused rows leave nothing behind.

    Raises TableError if the file is no table or lacks a column. A second import of the same file changes nothing.
    """
    report = PermitImport()
    tables = read_tables(open_workbook(content, file_name), PERMIT_LAYOUT)
    try:
        with transaction.atomic():
            for table in tables:
                for record in table.records():
                    _import_row(actor, table.sheet.name, record, report)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


def _import_row(actor: User, sheet: str, record: Record, report: PermitImport) -> None:
    try:
        if record.problems:
            raise Refused("; ".join(f"{problem.column}: {problem.message}" for problem in record.problems))
        wanted = _permit_of(record)
        if _is_unchanged(wanted):
            report.unchanged += 1
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
        report.new += 1
    except DomainError as refusal:
        report.refused.append(RefusedRow(sheet, record.number, refusal.message))


def _permit_of(record: Record) -> Permit:
    """The permit a row describes, unsaved; raises Refused naming the column and what would be right."""
    values = record.values
    return Permit(
        number=_required(values, "number"),
        unit=_unit(_required(values, "unit")),
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


def _unit(text: str) -> Unit:
    found = list(Unit.objects.filter(code=text)[:1]) or list(Unit.objects.filter(name=text, is_active=True)[:2])
    if len(found) != 1:
        problem = (
            _("More than one unit is called “%(text)s”: give its code.")
            if found
            else _("There is no unit with the code or name “%(text)s”: enter the unit first.")
        )
        raise Refused(problem % {"text": text})
    return found[0]


def _envelope(text: str) -> Envelope | None:
    if not text:
        return None
    envelope = Envelope.objects.filter(code=text).first() or Envelope.objects.filter(name=text).first()
    if envelope is None:
        raise Refused(_("There is no envelope with the code or name “%(text)s”.") % {"text": text})
    return envelope
