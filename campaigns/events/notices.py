"""What everyone who holds a seat is told of a change, by text message to the number they registered with.

The number was given for notices about this event. Each change is told once, in the site's language.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.events.models import RecruitingEvent
from campaigns.events.queries import seats_held
from foundation.dates import moment
from foundation.messages.domain import send_messages
from foundation.messages.models import Channel, Message

# Kind → sentence; `event`, `number`, `when`, `place`, `reason`, `changes` and `site` fill it. Never a person's name.
TEXTS: dict[str, Promise] = {
    "changed": gettext_lazy(
        "“%(event)s” has changed: %(changes)s. Reason: %(reason)s. Your registration %(number)s stays valid. %(site)s"
    ),
    "postponed": gettext_lazy(
        "“%(event)s” is postponed from %(was)s to %(when)s, %(place)s. Reason: %(reason)s. Your registration "
        "%(number)s stays valid; if you can't come, please give your seat back. %(site)s"
    ),
    "postponed_open": gettext_lazy(
        "“%(event)s” on %(was)s is postponed; the new date will be told to you. Reason: %(reason)s. "
        "Your registration %(number)s stays valid. %(site)s"
    ),
    "cancelled": gettext_lazy(
        "“%(event)s” on %(when)s is cancelled; please do not come. Reason: %(reason)s. Your registration %(number)s "
        "has ended. %(site)s"
    ),
}
FIELDS: dict[str, Promise] = {
    "name": gettext_lazy("Name of the event"),
    "place": gettext_lazy("Place"),
    "starts_at": gettext_lazy("Starts at"),
    "ends_at": gettext_lazy("Ends at"),
}


class Changed(Protocol):
    """One field with its old and new value."""

    @property
    def field(self) -> str: ...
    @property
    def old(self) -> Any: ...
    @property
    def new(self) -> Any: ...


def _shown(value: Any) -> str:
    return moment(value) if isinstance(value, datetime) else str(value)


def tell_of_change(event: RecruitingEvent, changes: Iterable[Changed], reason: str) -> None:
    """Old and new of each change, with the reason."""
    with translation.override(settings.LANGUAGE_CODE):
        parts = [
            _("%(what)s: %(old)s → %(new)s")
            % {"what": FIELDS[change.field], "old": _shown(change.old), "new": _shown(change.new)}
            for change in changes
        ]
        _tell(event, "changed", changes="；".join(parts), reason=reason)


def tell_of_postponement(event: RecruitingEvent) -> None:
    """The old date and the new one, if there is one."""
    _tell(event, "postponed" if event.has_date else "postponed_open", reason=event.notice)


def tell_of_cancellation(event: RecruitingEvent) -> None:
    """That nobody should come, and why."""
    _tell(event, "cancelled", reason=event.notice)


def _tell(event: RecruitingEvent, kind: str, **values: str) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        known = {
            "event": event.name, "when": moment(event.starts_at), "was": moment(event.postponed_from),
            "place": event.place, "site": settings.SITE_URL, **values, "reason": values["reason"].rstrip("。. "),
        }  # fmt: skip
        text = str(TEXTS[kind])
    send_messages(
        Message(
            channel=Channel.SMS, address=row.phone, recipient_id=row.user_id, kind=f"event.{kind}", subject=event.name,
            body=text % {**known, "number": row.number}, key=f"event.{kind}:{event.pk}:{event.revision}:{row.pk}",
        )
        for row in seats_held(event)
    )  # fmt: skip
