"""What the page of one appointment shows, and to whom: names, health and objections each for their own readers."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from foundation.dates import day
from foundation.language import rule_language
from foundation.ui.components import TimelineStep
from recruitment.applications.consent import consents_of
from recruitment.appointments.enums import BEFORE_NOTICE, CheckKind, Conclusion, Stage
from recruitment.appointments.enums import AppointmentState as S
from recruitment.appointments.models import Appointment, Check, Replacement
from recruitment.appointments.policies import (
    may_read_inspection,
    may_read_medical,
    may_read_names,
    may_read_objections,
    may_record_inspection,
)
from recruitment.appointments.relatives import to_examine_of
from recruitment.appointments.sentences import read
from recruitment.appointments.service import service_of
from recruitment.appointments.told import Subject, told_of, words
from recruitment.candidates.models import Relative

TONES = {
    S.OPENED: "now",
    S.MEDICAL_PASSED: "now",
    S.INSPECTED: "now",
    S.NOTICED: "now",
    S.ON_HOLD: "warn",
    S.APPROVED: "now",
    S.ON_POST: "done",
    S.CONFIRMED: "done",
    S.ENDED: "fail",
}


# Subjects of sentences that are not for every reader of an appointment.
READ_BY = {Subject.MEDICAL: may_read_medical}


def page_rows(user: User, row: Appointment) -> dict[str, Any]:
    """Name (or none), timeline, checks, objections and rules this reader may see, and the replacement of the place."""
    checks = [check for check in row.checks.select_related("recorded_by") if _may_see(user, check)]
    objections = row.objections.select_related("recorded_by", "decided_by") if may_read_objections(user, row) else []
    settled = Replacement.objects.filter(place=row).select_related("application").first()
    return {
        "name": row.candidate.name if may_read_names(user, row) else "",
        "steps": _steps(row),
        "told": [told for told in told_of(row) if _may_read(user, row, told.subject)],
        "checks": checks,
        "objections": objections,
        "replacement": settled,
        "consent_lines": [
            line
            for guard in consents_of([row.application], "recheck").values()
            for line in guard.explanation.lines(rule_language())
        ],
        "relatives": _relatives(user, row),
        "place_lines": read(settled.explanation) if settled else [],
        "replaces": Replacement.objects.filter(application=row.application)
        .select_related("place__application")
        .first(),
    }


def _may_read(user: User, row: Appointment, subject: Subject) -> bool:
    rule = READ_BY.get(subject)
    return rule is None or bool(rule(user, row))


def _relatives(user: User, row: Appointment) -> list[tuple[Relative, list[str]]]:
    """Relatives told of and what a person must look into, for those who decide on it; the name is not shown."""
    if not may_record_inspection(user, row) or row.state not in BEFORE_NOTICE:
        return []
    return [(one, words(*to_examine_of(one, row))) for one in row.candidate.relatives.all()]


def _may_see(user: User, check: Check) -> bool:
    rule = may_read_medical if check.kind == CheckKind.MEDICAL else may_read_inspection
    return bool(rule(user, check.appointment))


def _steps(row: Appointment) -> list[TimelineStep]:
    """The way in words: what happened with its moment, what is now, what comes next."""
    passed = {check.kind: check.recorded_at for check in row.checks.all() if check.conclusion == Conclusion.PASSED}
    notice, service = row.notice, service_of(row)
    ways: list[tuple[str, Any, str]] = [
        (_("Handed over"), row.opened_at, ""),
        (_("Medical exam"), passed.get("medical"), ""),
        (_("Inspection"), passed.get("inspection"), ""),
        (_("Public notice"), notice.released_at if notice else None, ""),
        (_("End of the notice"), _over(row), ""),
        (_("Approval"), row.approved_at, row.approval_number),
        (_("Entry in the ledger"), row.entered_at, row.post.ledger_number if row.post else ""),
        (_("Report for duty and contract"), day(service.reported_on) if service else None, ""),
        (
            _("Probation passed"),
            service.confirmed_at if service else None,
            service.confirmed_document if service else "",
        ),
    ]
    steps, now_found = [], False
    for what, when, note in ways:
        if when is None and row.state == S.ENDED:
            break
        state = "done" if when else "next" if now_found else "now"
        now_found = now_found or not when
        steps.append(TimelineStep(what=what, when=when, state=state, note=note))  # type: ignore[arg-type]
    if row.state == S.ENDED:
        stage = Stage(row.ended_stage).label if row.ended_stage else ""
        note = f"{stage}：{row.get_ended_reason_code_display()}。{row.ended_reason}"
        steps.append(TimelineStep(what=_("Ended"), when=row.ended_at, state="stopped", note=note))
    return steps


def _over(row: Appointment) -> Any:
    """The end of the notice once the appointment went past it."""
    past = row.state in (S.APPROVED, S.ON_POST, S.CONFIRMED) or row.approved_at is not None
    return row.notice.notice_ends_at if row.notice and past else None
