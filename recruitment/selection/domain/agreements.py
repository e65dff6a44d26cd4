"""The introduction agreement of a selected person."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.errors import Refused
from foundation.files.models import PrivateFile
from recruitment.applications.gateway import move_application
from recruitment.applications.models import Application
from recruitment.selection.domain.starting import check_track
from recruitment.selection.models import Agreement
from recruitment.selection.policies import may_record_agreements


@transaction.atomic
def sign_agreement(
    *,
    actor: User,
    application: Application,
    number: str,
    signed_on: date,
    service_years: int,
    degree_due_on: date | None = None,
    document: PrivateFile | None = None,
) -> Agreement:
    """Record the introduction agreement of a proposed person (B8); the post is held from here by the appointment.

    Raises Refused if the person is not proposed or the agreement number is taken.
    """
    require(may_record_agreements, actor, application)
    check_track(application.campaign)
    if Agreement.objects.filter(number=number).exists():
        raise Refused(_("Agreement %(number)s was entered before. Nothing was saved.") % {"number": number})
    move_application(actor=actor, application=application, move="agree")
    agreement = Agreement.objects.create(
        application=application, number=number, signed_on=signed_on, service_years=service_years,
        degree_due_on=degree_due_on, document=document, recorded_by=actor,
    )  # fmt: skip
    audit.record(actor=actor, action="selection.sign_agreement", subject=agreement, after={"years": service_years})
    return agreement
