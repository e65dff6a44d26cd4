"""Who works for a unit and takes no post of the ledger: told to the ledger's pages, which show it beside their sums."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from campaigns.establishment.enums import SlotType
from campaigns.establishment.rooms import register_outside
from recruitment.appointments.enums import AppointmentState as S
from recruitment.appointments.models import Appointment
from recruitment.challenges.enums import EngagementState
from recruitment.challenges.models import Engagement

APPROVED = (S.APPROVED, S.ON_POST, S.CONFIRMED)


def still_engaged(rows: QuerySet[Engagement]) -> QuerySet[Engagement]:
    """Flexible engagements that were not terminated and did not become a full-time post."""
    return rows.exclude(state=EngagementState.TERMINATED).exclude(appointment__state__in=APPROVED)


@register_outside(_("Flexible engagements"), _("Leads of open challenges; each costs no post."))
def engaged(units: QuerySet[Unit]) -> int:
    """People engaged by these units without a post."""
    return still_engaged(Engagement.objects.filter(bid__challenge__unit__in=units)).count()


@register_outside(
    _("Hires of the civil service"), _("On post by a campaign of the civil service, outside every envelope.")
)
def civil_service_hires(units: QuerySet[Unit]) -> int:
    """People of civil-service campaigns who are on their post."""
    rows = Appointment.objects.filter(position__unit__in=units, state__in=(S.ON_POST, S.CONFIRMED))
    return rows.filter(position__campaign__slot_type=SlotType.CIVIL_SERVICE).count()
