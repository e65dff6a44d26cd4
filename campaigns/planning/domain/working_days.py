"""The working-day calendar: days that differ from the plain week, entered one by one or from a sheet."""

import datetime
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.calendar_layout import CALENDAR_LAYOUT, read_day
from campaigns.planning.models import CalendarDay
from campaigns.planning.policies import may_keep_calendar
from foundation.errors import Refused
from foundation.tables.headers import read_tables
from foundation.tables.workbook import open_workbook


@dataclass
class CalendarReport:
    """What an import did or would do, in days; `refused` holds (row, column, message) and then nothing is saved."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str, str]] = field(default_factory=list)


@transaction.atomic
def set_calendar_day(*, actor: User, date: datetime.date, is_working: bool, name: str) -> CalendarDay:
    """Say that offices work on `date`, or do not, and why; a day set by a person is no assumption any more.

    Raises Refused without a name, and for a day that only repeats the plain week.
    """
    require(may_keep_calendar, actor)
    if not name.strip():
        raise Refused(_("Say why the day differs, for example the holiday. Nothing was saved."), code="name")
    if is_working == (date.weekday() < 5):
        raise Refused(
            _("%(date)s follows the plain week already: enter only days that differ. Nothing was saved.")
            % {"date": date},
            code="plain_day",
        )
    before = CalendarDay.objects.filter(date=date).values("is_working", "name").first()
    day, _created = CalendarDay.objects.update_or_create(
        date=date, defaults={"is_working": is_working, "name": name.strip(), "is_assumed": False}
    )
    audit.record(
        actor=actor, action="planning.set_calendar_day", subject=day,
        before=before, after={"is_working": is_working, "name": day.name},
    )  # fmt: skip
    return day


@transaction.atomic
def remove_calendar_day(*, actor: User, day: CalendarDay, reason: str) -> None:
    """Let a day follow the plain week again, with a reason."""
    require(may_keep_calendar, actor)
    if not reason.strip():
        raise Refused(_("A reason is needed. Nothing was saved."), code="reason_required")
    audit.record(
        actor=actor, action="planning.remove_calendar_day", subject=day, reason=reason,
        before={"is_working": day.is_working, "name": day.name},
    )  # fmt: skip
    day.delete()


@transaction.atomic
def import_calendar(*, actor: User, content: bytes, file_name: str, dry_run: bool = False) -> CalendarReport:
    """Take the days of a sheet (date, working or holiday, name). One refused row, and nothing is saved.

    Raises TableError where the file is no such table; a second import of the same sheet changes nothing.
    """
    require(may_keep_calendar, actor)
    known = {day.date: day for day in CalendarDay.objects.select_for_update()}
    report, wanted = CalendarReport(), {}
    for table in read_tables(open_workbook(content, file_name), CALENDAR_LAYOUT):
        for record in table.records():
            day = read_day(record.values)
            if isinstance(day, tuple):
                column = table.column_of(day[0])
                report.refused.append((record.number, column.letter if column else "", day[1]))
            elif day.date in wanted:
                report.refused.append((record.number, "", _("The date stands in the sheet twice.")))
            else:
                wanted[day.date] = day
    for date, day in wanted.items():
        old = known.get(date)
        if old is None:
            report.new += 1
        elif (old.is_working, old.name, old.is_assumed) == (day.is_working, day.name, False):
            report.unchanged += 1
        else:
            report.changed += 1
    if not dry_run and not report.refused and report.new + report.changed:
        CalendarDay.objects.bulk_create(
            wanted.values(), update_conflicts=True, unique_fields=["date"],
            update_fields=["is_working", "name", "is_assumed"],
        )  # fmt: skip
        audit.record(
            actor=actor, action="planning.import_calendar", subject=next(iter(wanted.values())),
            after={"new": report.new, "changed": report.changed, "file": file_name},
        )  # fmt: skip
    return report
