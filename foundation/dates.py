"""Days and moments in words, one form for pages, registers and sentences."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language

WEEKDAYS_ZH = "一二三四五六日"


def moment(value: datetime | None, precision: str = "") -> str:
    """A moment as 2026年4月18日（周六）09:00, or Sat 18 April 2026, 09:00, with seconds for "s"; empty for none."""
    if not value:
        return ""
    local = timezone.localtime(value)
    clock = f"{local:%H:%M:%S}" if precision == "s" else f"{local:%H:%M}"
    return f"{day(local)}, {clock}" if _in_english() else f"{day(local)}{clock}"


def day(value: date | None) -> str:
    """A date, or the local date of a moment, as 2026年4月18日（周六）, or Sat 18 April 2026; empty for none."""
    if not value:
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    if _in_english():
        return f"{local:%a} {local.day} {local:%B %Y}"
    return f"{local.year}年{local.month}月{local.day}日（周{WEEKDAYS_ZH[local.weekday()]}）"


def last_day(value: datetime | None) -> str:
    """The last day of a period whose end, the first moment after it, is given; empty for None."""
    return day(value - timedelta(microseconds=1)) if value else ""


def _in_english() -> bool:
    return (get_language() or "").startswith("en")
