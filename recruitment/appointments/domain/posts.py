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
from recruitment.appointments.filing import lateness, may_approve_today, period_of
from recruitment.appointments.machine import APPOINTMENTS
from recruitment.appointments.models import Appointment
from recruitment.appointments.policies import may_approve, may_enter_posts
from recruitment.appointments.sentences import read
from rulebook.service import report_deadline


@transaction.atomic
def approve_appointment(
    *, actor: User, appointment: Appointment, approval_number: str, late_document: str = ""
) -> Appointment:
    """Approve a hire once the notice is over and no objection is open (A20, R74, R76).

    Certificates shown too late (R12) are in the way. Too late to file by the rules (R77), it needs the number of the
    `late_document` that allows it all the same. Raises Refused with the last day of the notice, with an open objection,
    too late, or without the number of the approval.
    """
    require(may_approve, actor, appointment)
    row = locked(appointment)
    if not approval_number.strip():
        raise Refused(_("Give the number of the approval. Nothing was saved."), code="document_required")
    _check_notice(row, late_document.strip())
    APPOINTMENTS.move(
        "approve", row, approval_number=approval_number.strip(), late_document=late_document.strip(),
        approved_by=actor, approved_at=timezone.now(),
    )  # fmt: skip
    last = report_deadline(timezone.localdate(row.approved_at), rules_of(row.position.campaign).service)
    tell_person(row, "approved", occasion="approval", until=in_words(last))
    audit.record(actor=actor, action="appointments.approve", subject=row, after=_papers(approval_number, late_document))
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


def _papers(approval_number: str, late_document: str) -> dict[str, str]:
    late = {"late_document": late_document.strip()} if late_document.strip() else {}
    return {"number": approval_number, **late}


def _check_notice(appointment: Appointment, late_document: str) -> None:
    period = period_of(appointment)
    if period is None:
        raise Refused(_("The person has not been under public notice. Nothing was saved."), code="no_notice")
    originals = getattr(appointment, "originals", None)
    if originals is not None and not originals.is_in_time:
        raise Refused(f"{' '.join(read(originals.explanation))} {_('Nothing was saved.')}", code="certificates_late")
    guard = may_approve_today(appointment, period)
    if not guard:
        raise Refused(f"{guard.explanation.text(rule_language())} {_('Nothing was saved.')}", code="notice")
    if not late_document and (problem := lateness(appointment, period)):
        raise Refused(
            _("%(why)s Approve it one by one with the number of the document that allows late filing. Nothing was "
              "saved.")
            % {"why": problem.text(rule_language())},
            code="filed_late",
        )  # fmt: skip


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
