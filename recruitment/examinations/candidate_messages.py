"""What a person is told about the check of a mark and the recheck; the result stands on their own page only."""

from collections.abc import Iterable

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
    "recheck_not_passed": gettext_lazy(
        "The recheck of qualifications for your application %(number)s for %(position)s (%(unit)s) has a result: you "
        "are not admitted to the interview. Why, and how to object: %(site)s"
    ),
    "interview_notice": gettext_lazy(
        "You are admitted to the interview with your application %(number)s for %(position)s (%(unit)s). "
        "When and where, and what to bring: %(site)s"
    ),
}
ROOM = "application"


def tell_of_check(check: ScoreCheck, kind: str) -> None:
    """Write the message in the transaction of the verb, once for each check."""
    people = Application.objects.filter(pk=check.application_id, candidate__user__isnull=False)
    people = people.select_related("position__unit", "candidate__user").defer("draft", "snapshot", "clauses")
    tell_many(people, f"{ROOM}.score_check_{kind}", TEXTS[kind], occasion=f"check{check.pk}")


def tell_of_recheck(people: Iterable[Application], kind: str, *, occasion: str) -> None:
    """Write the message of `kind` in the transaction of the verb; needs `position__unit` and `candidate__user`."""
    tell_many(people, f"{ROOM}.{kind}", TEXTS[kind], occasion=occasion)
