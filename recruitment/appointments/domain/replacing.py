"""Replacement (递补): the next person by the rules takes a freed place, or the place stays empty (R71–R73)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.establishment.domain import release_posts
from campaigns.establishment.enums import ReleaseReason, SlotState
from campaigns.establishment.models import EstablishedPost
from campaigns.planning.enums import Track
from campaigns.planning.models import Position
from foundation.errors import Refused
from foundation.language import rule_language
from recruitment.applications.gateway import move_application
from recruitment.applications.models import Application
from recruitment.appointments.domain.ending import give_up_claim
from recruitment.appointments.domain.holding import needs_post
from recruitment.appointments.domain.opening import open_appointment
from recruitment.appointments.enums import AppointmentState
from recruitment.appointments.models import Appointment, Replacement
from recruitment.appointments.policies import may_replace
from recruitment.appointments.replacement import Outlook, outlook
from recruitment.appointments.sentences import kept


@transaction.atomic
def call_replacement(*, actor: User, place: Appointment, application: Application, extra_test: str = "") -> Replacement:
    """Call `application` to the place of an ended appointment, if the rules name this person and nobody else.

    In an exam the person is handed over at once; in a selection the agreement comes first. Where several share the next
    rank, one of them may be called with the number of the `extra_test` that decided. Raises Refused with the rules'
    explanation if another person or nobody is next, or if the place was settled before.
    """
    row, answer = _open_place(actor, place)
    by_test = application in answer.tied and bool(extra_test.strip())
    if application != answer.called and not by_test:
        raise Refused(f"{answer.explanation.text(rule_language())} {_('Nothing was saved.')}", code="not_next")
    application = Application.objects.select_related("position__campaign").get(pk=application.pk)
    move_application(actor=actor, application=application, move="propose")
    replacement = _settle(actor, row, answer, application=application, document=extra_test.strip())
    if row.position.campaign.track != Track.COMPETITIVE_SELECTION:
        open_appointment(actor=actor, application=application)
    return replacement


@transaction.atomic
def leave_place_empty(*, actor: User, place: Appointment, document: str) -> Replacement:
    """Settle a place for which the rules call nobody: one post of the position goes back to its unit (R72).

    Raises Refused while the rules call somebody or an extra test must decide, and without a document number.
    """
    row, answer = _open_place(actor, place)
    if answer.called is not None or answer.tied or not answer.is_known:
        raise Refused(f"{answer.explanation.text(rule_language())} {_('Nothing was saved.')}", code="somebody_next")
    if not document.strip():
        raise Refused(_("Give the number of the document. Nothing was saved."), code="document_required")
    post = _spare_post(row) if needs_post(row) else None
    if post is not None:
        reason = answer.explanation.text(rule_language())
        release_posts(
            actor=actor, posts=[post], reason_code=ReleaseReason.NO_REPLACEMENT, reason=reason, document=document
        )
        give_up_claim(row, post)
    return _settle(actor, row, answer, application=None, document=document.strip())


def _open_place(actor: User, place: Appointment) -> tuple[Appointment, Outlook]:
    """The ended appointment and the rules' answer, with the position locked: one decision at a time."""
    require(may_replace, actor, place)
    Position.objects.select_for_update().get(pk=place.position_id)
    row = Appointment.objects.select_related("position__campaign", "position__unit").get(pk=place.pk)
    if row.state != AppointmentState.ENDED or Replacement.objects.filter(place=row).exists():
        raise Refused(_("This place is not open now. Nothing was saved."), code="not_open")
    return row, outlook(row)


def _settle(
    actor: User, place: Appointment, answer: Outlook, *, application: Application | None, document: str
) -> Replacement:
    replacement = Replacement.objects.create(
        place=place, application=application, stage=answer.stage, explanation=kept(answer.explanation),
        document=document, decided_by=actor,
    )  # fmt: skip
    after = {"stage": answer.stage.value, "called": application.registration_no if application else ""}
    audit.record(actor=actor, action="appointments.settle_place", subject=place, after=after)
    return replacement


def _spare_post(place: Appointment) -> EstablishedPost | None:
    claimed = EstablishedPost.objects.filter(
        claims__position=place.position, claims__released_at=None, state=SlotState.RESERVED
    )
    return claimed.select_for_update(of=("self",)).order_by("-pk").first()
