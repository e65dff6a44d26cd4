"""What people on the way to a post wait for, as named queues: for lists, to-dos and bulk acts."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recruitment.appointments.enums import AppointmentState as S
from recruitment.appointments.models import Appointment, Replacement

Narrow = Callable[[QuerySet[Appointment]], QuerySet[Appointment]]


@dataclass(frozen=True)
class Queue:
    """`narrow(appointments)` keeps those who wait for this step."""

    key: str
    name: str | Promise
    narrow: Narrow


def _in(*states: str) -> Narrow:
    return lambda rows: rows.filter(state__in=states)


def under_notice(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """Named on a released list whose notice period still runs."""
    return rows.filter(state=S.NOTICED, notice__notice_ends_at__gt=timezone.now())


def to_approve(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """The notice is over and no objection holds the person (R76)."""
    return rows.filter(state=S.NOTICED, notice__notice_ends_at__lte=timezone.now())


def open_places(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """Ended before the post, and nobody has decided yet who is called to the place (R72)."""
    settled = Replacement.objects.filter(place=OuterRef("pk"))
    return rows.filter(~Q(Exists(settled)), state=S.ENDED, entered_at=None)


def to_report(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """Approved, and not recorded yet as having reported for duty (R80)."""
    return rows.filter(state__in=(S.APPROVED, S.ON_POST), service=None)


def to_confirm(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """On the post, the last day of probation over (R78)."""
    return rows.filter(state=S.ON_POST, service__probation_ends_on__lt=timezone.localdate())


QUEUES = (
    Queue("medical", _("Medical exam"), _in(S.OPENED)),
    Queue("inspection", _("Inspection"), _in(S.MEDICAL_PASSED)),
    Queue("to-notice", _("List of proposed hires"), _in(S.INSPECTED)),
    Queue("notice", _("End of the notice"), under_notice),
    Queue("objection", _("Decision on an objection"), _in(S.ON_HOLD)),
    Queue("approval", _("Approval"), to_approve),
    Queue("entry", _("Entry in the ledger"), _in(S.APPROVED)),
    Queue("place", _("Place to fill or to leave empty"), open_places),
    Queue("report", _("Report for duty and contract"), to_report),
    Queue("probation", _("Probation over, to confirm"), to_confirm),
    Queue("on-post", _("On the post"), _in(S.ON_POST, S.CONFIRMED)),
)
BY_KEY = {queue.key: queue for queue in QUEUES}
