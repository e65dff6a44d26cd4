"""What an applicant is told about a claim of bonus. No message names the ground or the points: the own page does."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from recruitment.applications.models import Application
from recruitment.applications.notices import tell_many

TEXTS: dict[str, Promise] = {
    "bonus_accepted": gettext_lazy(
        "Your claim of bonus points for application %(number)s, %(position)s (%(unit)s), was granted. "
        "How many points, and how they enter your mark: %(site)s"
    ),
    "bonus_rejected": gettext_lazy(
        "Your claim of bonus points for application %(number)s, %(position)s (%(unit)s), was not granted. "
        "Why, and how to object: %(site)s"
    ),
    "bonus_reopened": gettext_lazy(
        "The decision on your claim of bonus points for application %(number)s, %(position)s (%(unit)s), is being "
        "looked at again. You will be told the outcome; follow it at %(site)s"
    ),
}


def tell_of_bonus(application: Application, kind: str) -> None:
    """Write the message of `kind` in the transaction of the verb."""
    tell_many([application], f"application.{kind}", TEXTS[kind])
