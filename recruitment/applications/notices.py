"""What an applicant is told at each step, by e-mail if they have one, else by text message, in the site's language."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.messages.domain import send_message
from foundation.messages.models import Channel, Message
from recruitment.applications.models import Application

# Kind → sentence; `number`, `position`, `unit`, `reason` and `site` fill it. No name and no ID number is ever sent.
TEXTS: dict[str, Promise] = {
    "submitted": gettext_lazy(
        "Your application %(number)s for %(position)s (%(unit)s) has been received. The review is next; "
        "you can follow it at %(site)s."
    ),
    "passed": gettext_lazy(
        "Your application %(number)s for %(position)s (%(unit)s) has passed the review. "
        "What comes next and when: %(site)s"
    ),
    "returned": gettext_lazy(
        "Your application %(number)s for %(position)s (%(unit)s) must be corrected: %(reason)s "
        "Please correct it and submit again at %(site)s."
    ),
    "rejected": gettext_lazy(
        "Your application %(number)s for %(position)s (%(unit)s) has not passed the review: %(reason)s "
        "How to object, and until when: %(site)s"
    ),
    "overridden": gettext_lazy(
        "The review of your application %(number)s for %(position)s (%(unit)s) was looked at again: it has passed. "
        "What comes next and when: %(site)s"
    ),
    "post_cancelled": gettext_lazy(
        "Too few people applied for %(position)s (%(unit)s), so it is cancelled. You may choose another position with "
        "your application %(number)s; until when, and what happens to the fee: %(site)s"
    ),
    "withdrawn": gettext_lazy("Your application %(number)s for %(position)s (%(unit)s) is withdrawn."),
    "disqualified": gettext_lazy(
        "Your application %(number)s for %(position)s (%(unit)s) has ended: %(reason)s How to object: %(site)s"
    ),
}
BATCH = 1000


def tell(application: Application, kind: str, reason: str = "") -> None:
    """Write the message of `kind` in the transaction of the verb; people without an account are told elsewhere."""
    message = _message(application, kind, reason)
    if message:
        send_message(**message)


def tell_all(applications: Sequence[Application], kind: str) -> None:
    """The same message to many, in one statement per thousand."""
    messages = [_message(application, kind, "") for application in applications]
    Message.objects.bulk_create([Message(**message) for message in messages if message], batch_size=BATCH)


def _message(application: Application, kind: str, reason: str) -> dict[str, Any] | None:
    user = application.candidate.user
    if user is None or not (user.email or user.phone):
        return None
    with translation.override(settings.LANGUAGE_CODE):
        body = str(TEXTS[kind]) % {
            "number": application.registration_no,
            "position": application.position.name,
            "unit": application.position.unit.name,
            "reason": reason,
            "site": settings.SITE_URL,
        }
        subject = _("Application %(number)s") % {"number": application.registration_no}
    channel = Channel.EMAIL if user.email else Channel.SMS
    return {
        "recipient": user,
        "channel": channel,
        "address": user.email or user.phone,
        "kind": f"application.{kind}",
        "subject": subject,
        "body": body,
    }
