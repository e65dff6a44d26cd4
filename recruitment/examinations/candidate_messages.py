"""What a person is told about the check of a mark; the result stands on their own page only."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from recruitment.applications.models import Application
from recruitment.applications.notices import tell_many
from recruitment.examinations.models import ScoreCheck

TEXTS: dict[str, Promise] = {
    "asked": gettext_lazy(
        "Your request to check a mark has been received, application %(number)s for %(position)s (%(unit)s). "
        "You will be told the answer; follow it at %(site)s"
    ),
    "answered": gettext_lazy(
        "Your request to check a mark has been answered, application %(number)s for %(position)s (%(unit)s). "
        "The answer: %(site)s"
    ),
}
ROOM = "application"


def tell_of_check(check: ScoreCheck, kind: str) -> None:
    """Write the message in the transaction of the verb, once for each check."""
    people = Application.objects.filter(pk=check.application_id, candidate__user__isnull=False)
    people = people.select_related("position__unit", "candidate__user").defer("draft", "snapshot", "clauses")
    tell_many(people, f"{ROOM}.score_check_{kind}", TEXTS[kind], occasion=f"check{check.pk}")
