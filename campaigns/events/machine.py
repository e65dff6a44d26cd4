"""The life of a recruiting event (tracks, section 2.4)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.events.enums import EventState as S
from foundation.states import Machine, move

EVENTS = Machine(
    move("approve", S.PLANNED, S.APPROVED),
    move("publish", [S.APPROVED, S.POSTPONED], S.PUBLISHED),
    move("hold", S.PUBLISHED, S.HELD),
    move("close", S.HELD, S.CLOSED),
    move("postpone", [S.APPROVED, S.PUBLISHED], S.POSTPONED, needs_reason=True),
    move("cancel", [S.PLANNED, S.APPROVED, S.PUBLISHED, S.POSTPONED], S.CANCELLED, needs_reason=True),
    public_names={
        S.PUBLISHED: _("Open for registration"),
        S.HELD: pgettext_lazy("event", "Held"),
        S.CLOSED: pgettext_lazy("event", "Held"),
        S.POSTPONED: _("Postponed"),
        S.CANCELLED: _("Cancelled"),
    },
)
