"""What a person is told about a case of misconduct. No message says what is reported: the own page does."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from recruitment.applications.models import Application
from recruitment.applications.notices import tell_many
from recruitment.examinations.models import ConductCase

TEXTS: dict[str, Promise] = {
    "reported": gettext_lazy(
        "A breach of the exam rules was reported for your application %(number)s for %(position)s (%(unit)s). "
        "What is said, and until when you may make a statement: %(site)s"
    ),
    "decided": gettext_lazy(
        "The reported breach of the exam rules was decided, application %(number)s for %(position)s (%(unit)s). "
        "The decision, its reasons and how to object: %(site)s"
    ),
    "dropped": gettext_lazy(
        "The reported breach of the exam rules was dropped, application %(number)s for %(position)s (%(unit)s). "
        "Nothing changes for you. The reason: %(site)s"
    ),
}
ROOM = "application"


def tell_of_case(case: ConductCase, kind: str) -> None:
    """Write the message in the transaction of the verb, once for each case."""
    people = Application.objects.filter(pk=case.application_id, candidate__user__isnull=False)
    people = people.select_related("position__unit", "candidate__user").defer("draft", "snapshot", "clauses")
    tell_many(people, f"{ROOM}.conduct_{kind}", TEXTS[kind], occasion=f"conduct{case.pk}")
