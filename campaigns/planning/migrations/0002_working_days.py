"""Days of 2026 and 2027 that differ from the plain week, so that working days can be counted from the first day on.

2026 follows the arrangement as we know it; 2027 holds only the holidays that the law fixes. All are marked as assumed
until a person enters the official notice.
"""

import datetime

from django.db import migrations

HOLIDAYS = [
    ("2026-01-01", "2026-01-03", "元旦"),
    ("2026-02-15", "2026-02-23", "春节"),
    ("2026-04-04", "2026-04-06", "清明节"),
    ("2026-05-01", "2026-05-05", "劳动节"),
    ("2026-06-19", "2026-06-21", "端午节"),
    ("2026-09-25", "2026-09-27", "中秋节"),
    ("2026-10-01", "2026-10-07", "国庆节"),
    ("2027-01-01", "2027-01-01", "元旦"),
    ("2027-02-05", "2027-02-08", "春节"),
    ("2027-04-05", "2027-04-05", "清明节"),
    ("2027-05-01", "2027-05-02", "劳动节"),
    ("2027-06-09", "2027-06-09", "端午节"),
    ("2027-09-15", "2027-09-15", "中秋节"),
    ("2027-10-01", "2027-10-03", "国庆节"),
]
MAKE_UP_DAYS = [
    ("2026-01-04", "元旦调休上班"),
    ("2026-02-14", "春节调休上班"),
    ("2026-02-28", "春节调休上班"),
    ("2026-05-09", "劳动节调休上班"),
    ("2026-09-20", "国庆节调休上班"),
    ("2026-10-10", "国庆节调休上班"),
]


def enter(apps, schema_editor):
    CalendarDay = apps.get_model("planning", "CalendarDay")
    days = []
    for first, last, name in HOLIDAYS:
        day, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
        while day <= end:
            if day.weekday() < 5:
                days.append(CalendarDay(date=day, is_working=False, name=name, is_assumed=True))
            day += datetime.timedelta(days=1)
    for date, name in MAKE_UP_DAYS:
        days.append(
            CalendarDay(date=datetime.date.fromisoformat(date), is_working=True, name=name, is_assumed=True)
        )
    CalendarDay.objects.bulk_create(days, ignore_conflicts=True)


def remove(apps, schema_editor):
    apps.get_model("planning", "CalendarDay").objects.filter(is_assumed=True).delete()


class Migration(migrations.Migration):
    dependencies = [("planning", "0001_initial")]
    operations = [migrations.RunPython(enter, remove)]
