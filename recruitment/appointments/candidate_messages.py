"""What a person is told on the way from proposal to post; conclusions and reasons stand on their own page only."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from foundation.dates import day
from recruitment.applications.models import Application
from recruitment.applications.notices import tell_many
from recruitment.appointments.models import Appointment

TEXTS: dict[str, Promise] = {
    "opened": gettext_lazy(
        "With your application %(number)s for %(position)s (%(unit)s) you are called to the medical exam and the "
        "inspection. What to do: %(site)s"
    ),
    "checked": gettext_lazy(
        "A check on your way to the post is concluded, application %(number)s for %(position)s (%(unit)s). "
        "The conclusion and what comes next: %(site)s"
    ),
    "noticed": gettext_lazy(
        "With your application %(number)s for %(position)s (%(unit)s) you are under public notice until %(until)s. "
        "The list and what comes next: %(site)s"
    ),
    "held": gettext_lazy(
        "An objection was raised during the public notice, application %(number)s for %(position)s (%(unit)s). It is "
        "being looked into; you will be told the decision. Follow it at %(site)s"
    ),
    "cleared": gettext_lazy(
        "The objection was looked into and is not upheld; application %(number)s for %(position)s (%(unit)s) goes on. "
        "What comes next: %(site)s"
    ),
    "approved": gettext_lazy(
        "Your appointment is approved, application %(number)s for %(position)s (%(unit)s). Report for duty by "
        "%(until)s. What comes next: %(site)s"
    ),
    "on_post": gettext_lazy(
        "You are entered on your post, application %(number)s for %(position)s (%(unit)s). See %(site)s"
    ),
    "confirmed": gettext_lazy(
        "You have passed probation, application %(number)s for %(position)s (%(unit)s). See %(site)s"
    ),
    "ended": gettext_lazy(
        "Your way to the post has ended, application %(number)s for %(position)s (%(unit)s). "
        "The reason and how to object: %(site)s"
    ),
}
ROOM = "appointment"


def tell_person(appointment: Appointment, kind: str, *, occasion: str, **values: object) -> None:
    """Write the message of `kind` in the transaction of the verb, once for each `occasion`; `values` fill its text."""
    if appointment.candidate.user_id is not None:
        _tell(Application.objects.filter(pk=appointment.application_id), kind, occasion=occasion, **values)


def in_words(day_of: date) -> str:
    """A day in the site's language, in which messages are written."""
    with translation.override(settings.LANGUAGE_CODE):
        return day(day_of)


def tell_people(appointments: Iterable[Appointment], kind: str, *, occasion: str, until: str) -> None:
    """The same to many at once, with the end of the notice in words."""
    keys = [row.application_id for row in appointments]
    for start in range(0, len(keys), 1000):
        rows = Application.objects.filter(pk__in=keys[start : start + 1000])
        _tell(rows, kind, occasion=occasion, until=until)


def _tell(rows: QuerySet[Application], kind: str, *, occasion: str, **values: object) -> None:
    people = rows.filter(candidate__user__isnull=False).select_related("position__unit", "candidate__user")
    tell_many(people.defer("draft", "snapshot", "clauses"), f"{ROOM}.{kind}", TEXTS[kind], occasion=occasion, **values)
