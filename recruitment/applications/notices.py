"""What an applicant is told at each step, by e-mail if they have one, else by text message, in the site's language.

No message carries a name, an ID number, a mark, a rank or anything about health: those stand on the person's own page.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.language import rule_language
from foundation.messages.domain import send_message, send_messages
from foundation.messages.models import Channel, Message
from recruitment.applications.models import Application
from rulebook.registration import may_confirm
from rulebook.ruleset import RuleSet

# Kind → sentence; `number`, `position`, `unit`, `reason` and `site` fill it. Results are named by the move that made
# them, and are sent by the press, which knows when their list is out.
TEXTS: dict[str, Promise] = {
    "submitted": gettext_lazy(
        "Your application %(number)s for %(position)s (%(unit)s) has been received. The review is next; "
        "you can follow it at %(site)s."
    ),
    "passed": gettext_lazy(
        "Your application %(number)s for %(position)s (%(unit)s) has passed the review. "
        "What comes next and when: %(site)s"
    ),
    "passed_confirm": gettext_lazy(
        "Your application %(number)s for %(position)s (%(unit)s) has passed the review. %(reason)s "
        "Confirm it at %(site)s"
    ),
    "confirmed": gettext_lazy(
        "You have confirmed that you will sit the exam with your application %(number)s for %(position)s (%(unit)s). "
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
        "%(position)s (%(unit)s): %(reason)s. You may choose another position with your application %(number)s; until "
        "when, and what happens to the fee: %(site)s"
    ),
    "merged": gettext_lazy(
        "Your position was merged with %(position)s (%(unit)s), since too few people applied. Your application "
        "%(number)s goes on there and is reviewed anew; if you do not want this, you may withdraw it: %(site)s"
    ),
    "withdrawn": gettext_lazy("Your application %(number)s for %(position)s (%(unit)s) is withdrawn."),
    "disqualified": gettext_lazy(
        "Your application %(number)s for %(position)s (%(unit)s) has ended: %(reason)s How to object: %(site)s"
    ),
    "mark": gettext_lazy(
        "The written marks are out for your application %(number)s for %(position)s (%(unit)s). "
        "Your mark and how it came about: %(site)s"
    ),
    "mark_absent": gettext_lazy(
        "The written marks are out. For your application %(number)s for %(position)s (%(unit)s) you are recorded as "
        "absent. If this is wrong, see what to do at %(site)s"
    ),
    "reopen_marks": gettext_lazy(
        "The written result of your application %(number)s for %(position)s (%(unit)s) is being checked again. "
        "You will be told the outcome; follow it at %(site)s"
    ),
    "shortlist": gettext_lazy(
        "You are called to the interview with your application %(number)s for %(position)s (%(unit)s). "
        "What to do and by when: %(site)s"
    ),
    "leave_out": gettext_lazy(
        "The interview list is out. You are not called with your application %(number)s for %(position)s (%(unit)s). "
        "Why, and how to object: %(site)s"
    ),
    "rank": gettext_lazy(
        "The total marks are out for your application %(number)s for %(position)s (%(unit)s). "
        "Your mark, how it came about and what comes next: %(site)s"
    ),
    "propose": gettext_lazy(
        "You are proposed for hire with your application %(number)s for %(position)s (%(unit)s). "
        "The medical exam and the inspection are next: %(site)s"
    ),
    "not_select": gettext_lazy(
        "The result is out for your application %(number)s for %(position)s (%(unit)s): you have not been selected. "
        "Why, and how to object: %(site)s"
    ),
    "unpropose": gettext_lazy(
        "The result of your application %(number)s for %(position)s (%(unit)s) is being checked again. "
        "You will be told the outcome; follow it at %(site)s"
    ),
    "listed": gettext_lazy(
        "A public list names your application %(number)s for %(position)s (%(unit)s). Read it at %(site)s"
    ),
}
AMENDED = gettext_lazy(
    "The announcement of “%(campaign)s” was amended (version %(version)s). Reason: %(reason)s "
    "What changed: %(changes)s Your application %(number)s for %(position)s (%(unit)s) goes on under the amended "
    "announcement; you need not apply again. If the change is against your interest, you may withdraw as long as the "
    "page of your application offers it, or object in writing to the office named in the announcement. "
    "Old and new text: %(site)s"
)
ROOM = "application"


def tell(application: Application, kind: str, reason: str = "") -> None:
    """Write the message of `kind` in the transaction of the verb; people without an account are told elsewhere."""
    message = message_to(application, f"{ROOM}.{kind}", TEXTS[kind], reason=reason)
    if message:
        send_message(**message)


def tell_all(applications: Iterable[Application], kind: str, *, occasion: str = "", reason: str = "") -> None:
    """The same message to many, in one statement per thousand; with an `occasion`, once for it and each application."""
    tell_many(applications, f"{ROOM}.{kind}", TEXTS[kind], occasion=occasion, reason=reason)


def tell_passed(applications: Sequence[Application], rules: Mapping[int, RuleSet], *, kind: str = "passed") -> None:
    """That the review has passed, with what is to be confirmed and by when where the rules want it (R22).

    `rules` are those of the campaigns, `kind` the message where nothing is to be confirmed.
    """
    now = timezone.now()
    groups: dict[str, list[Application]] = {}
    for row in applications:
        closes = row.campaign.registration_closes_at
        guard = may_confirm(row.confirmed_at is not None, now, closes, now, rules[row.campaign_id].registration)
        with translation.override(settings.LANGUAGE_CODE):
            told = guard.explanation.text(rule_language()) if guard else ""
        groups.setdefault(told, []).append(row)
    for told, rows in groups.items():
        tell_all(rows, "passed_confirm" if told else kind, reason=told)


def tell_many(
    applications: Iterable[Application], kind: str, text: Promise, *, occasion: str = "", **values: object
) -> None:
    """Write `text`, filled with `values`, to everyone; `kind` is "room.what".

    The applications need `position__unit` and `candidate__user` loaded, or each costs queries.
    """
    built = ((row.pk, message_to(row, kind, text, **values)) for row in applications)
    send_messages(
        Message(**message, key=f"{kind}:{occasion}:{pk}" if occasion else None) for pk, message in built if message
    )


def message_to(application: Application, kind: str, text: Promise, **values: object) -> dict[str, Any] | None:
    """The fields of a message to the applicant, None for a person without an account or an address."""
    user = application.candidate.user
    if user is None or not (user.email or user.phone):
        return None
    with translation.override(settings.LANGUAGE_CODE):
        body = str(text) % {
            "number": application.registration_no,
            "position": application.position.name,
            "unit": application.position.unit.name,
            "reason": "",
            "site": settings.SITE_URL,
            **values,
        }
        subject = _("Application %(number)s") % {"number": application.registration_no}
    return {
        "recipient": user,
        "channel": Channel.EMAIL if user.email else Channel.SMS,
        "address": user.email or user.phone,
        "kind": kind,
        "subject": subject,
        "body": body,
    }
