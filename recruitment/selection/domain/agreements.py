"""The introduction agreement of a selected person."""

from datetime import date

from django.db import transaction
from django.utils import timezone
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


@transaction.atomic
def record_degree(*, actor: User, agreement: Agreement, shown_on: date) -> Agreement:
    """The person has shown the diploma or degree the agreement waits for (B12).

    Raises Refused if the agreement waits for none, if it was shown before, and for a day before the signature or to
    come. A degree that is not shown in time ends the appointment, which gives the post back.
    """
    require(may_record_agreements, actor, agreement.application)
    row = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if row.degree_due_on is None or row.degree_shown_on is not None:
        raise Refused(_("No degree is waited for here. Nothing was saved."), code="no_degree_due")
    if not row.signed_on <= shown_on <= timezone.localdate():
        raise Refused(
            _("The day must lie between the signature on %(signed)s and today. Nothing was saved.")
            % {"signed": row.signed_on},
            code="day",
        )
    row.degree_shown_on = shown_on
    row.save(update_fields=["degree_shown_on"])
    audit.record(actor=actor, action="selection.record_degree", subject=row, after={"shown_on": str(shown_on)})
    return row
