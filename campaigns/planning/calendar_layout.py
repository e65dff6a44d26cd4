"""The sheet of days that differ from the plain week."""

import datetime
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.planning.models import CalendarDay
from foundation.tables.layout import Field, TableLayout

CALENDAR_LAYOUT = TableLayout(
    name="calendar",
    fields=(
        Field("date", gettext_lazy("date"), ("日期", "date"), required=True),
        Field("kind", gettext_lazy("working day or holiday"), ("类型", "类别", "安排", "kind"), required=True),
        Field("name", gettext_lazy("name"), ("名称", "说明", "节日", "节假日", "备注", "name"), required=True),
    ),
)
KINDS = {
    "上班": True, "调休上班": True, "工作日": True, "working": True,
    "放假": False, "休息": False, "节假日": False, "holiday": False,
}  # fmt: skip


def read_day(values: Mapping[str, str]) -> CalendarDay | tuple[str, str]:
    """A day that is not saved yet, or (field at fault, sentence)."""
    try:
        date = datetime.date.fromisoformat(values["date"].replace("/", "-"))
    except ValueError:
        return "date", _("“%(text)s” is no date such as 2026-10-01.") % {"text": values["date"]}
    if values["kind"] not in KINDS:
        return "kind", _("“%(text)s” is neither working day nor holiday; write one of: %(words)s.") % {
            "text": values["kind"],
            "words": ", ".join(KINDS),
        }
    if KINDS[values["kind"]] == (date.weekday() < 5):
        return "kind", _("%(date)s follows the plain week already: enter only days that differ.") % {"date": date}
    if not values["name"] or len(values["name"]) > 60:
        return "name", _("A name of 1 to 60 characters is needed.")
    return CalendarDay(date=date, is_working=KINDS[values["kind"]], name=values["name"])
