"""Approval after the notice, and the entry that uses one post."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.establishment.domain import use_post
from campaigns.planning.queries import rules_of
from foundation.errors import Refused
from foundation.language import rule_language
from recruitment.appointments.candidate_messages import in_words, tell_person
from recruitment.appointments.domain.checks import locked
from recruitment.appointments.domain.holding import needs_post
from recruitment.appointments.machine import APPOINTMENTS
from recruitment.appointments.models import Appointment
from recruitment.appointments.policies import may_approve, may_enter_posts
from recruitment.publications.queries import notice_period_of
from rulebook.notice_period import ObjectionState
from rulebook.notice_period import may_approve as notice_allows
from rulebook.service import report_deadline


@transaction.atomic
def approve_appointment(*, actor: User, appointment: Appointment, approval_number: str) -> Appointment:
    """Approve a hire once the notice is over and no objection is open (A20, R74, R76).

    Raises Refused with the last day of the notice, with an open objection, or without the number of the approval.
    """
    require(may_approve, actor, appointment)
    row = locked(appointment)
    if not approval_number.strip():
        raise Refused(_("Give the number of the approval. Nothing was saved."), code="document_required")
    _check_notice(row)
    APPOINTMENTS.move(
        "approve", row, approval_number=approval_number.strip(), approved_by=actor, approved_at=timezone.now()
    )
    last = report_deadline(timezone.localdate(row.approved_at), rules_of(row.position.campaign).service)
    tell_person(row, "approved", occasion="approval", until=in_words(last))
    audit.record(actor=actor, action="appointments.approve", subject=row, after={"number": approval_number})
    appointment.refresh_from_db()
    return appointment


@transaction.atomic
def approve_appointments(*, actor: User, appointments: Iterable[Appointment], approval_number: str) -> int:
    """Approve several hires under one number, all or none; returns how many. Raises as `approve_appointment`."""
    rows = sorted(appointments, key=lambda row: row.pk)
    for row in rows:
        try:
            approve_appointment(actor=actor, appointment=row, approval_number=approval_number)
        except Refused as problem:
            number = row.application.registration_no
            raise Refused(
                _("%(number)s: %(problem)s") % {"number": number, "problem": problem.message}, code=problem.code
            ) from problem
    return len(rows)


def _check_notice(appointment: Appointment) -> None:
    notice = appointment.notice
    if notice is None or notice.notice_ends_at is None or notice.released_at is None or notice.state != "released":
        raise Refused(_("The person has not been under public notice. Nothing was saved."), code="no_notice")
    period = notice_period_of(notice, notice.released_at)
    state: ObjectionState = "open" if appointment.objections.filter(decided_at=None).exists() else "none"
    guard = notice_allows(timezone.localdate(), period, state)
    if not guard:
        raise Refused(f"{guard.explanation.text(rule_language())} {_('Nothing was saved.')}", code="notice")


@transaction.atomic
def enter_post(*, actor: User, appointment: Appointment, ledger_number: str) -> Appointment:
    """Enter the person on their held post with the number of the real-name ledger: exactly one post is used (入编).

    Raises Refused unless approved, without a ledger number, or if the post is held no more.
    """
    require(may_enter_posts, actor, appointment)
    row = locked(appointment)
    APPOINTMENTS.move("enter", row, entered_at=timezone.now())
    if needs_post(row):
        if row.post is None:
            raise Refused(_("No post is held for this person. Nothing was saved."), code="no_post")
        use_post(actor=actor, post=row.post, ledger_number=ledger_number, document=row.approval_number)
    tell_person(row, "on_post", occasion="entry")
    audit.record(
        actor=actor, action="appointments.enter_post", subject=row, after={"post": row.post.code if row.post else ""}
    )
    appointment.refresh_from_db()
    return appointment
