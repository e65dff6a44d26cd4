"""What the rules say about one person on the way to the post, in the rule book's own words, subject by subject.

The office and the person read the same lines; the office only those on subjects that are its own.
"""

from dataclasses import dataclass

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.language import rule_language
from recruitment.appointments.checking import inspection_words, medical_words
from recruitment.appointments.enums import AppointmentState as S
from recruitment.appointments.filing import filing_words, may_approve_today, period_of
from recruitment.appointments.models import Appointment
from recruitment.appointments.sentences import read
from recruitment.appointments.service import report_by, rules_for, service_of
from recruitment.candidates.enums import Degree
from rulebook.explanation import Explanation
from rulebook.grants import entitlement
from rulebook.service import may_confirm, may_report

HIRED = (S.APPROVED, S.ON_POST, S.CONFIRMED)


class Subject(models.TextChoices):
    """What a sentence is about."""

    ORIGINALS = "originals", _("Originals of the certificates")
    PLACE = "place", _("Called to a free place")
    MEDICAL = "medical", _("Medical exam")
    INSPECTION = "inspection", _("Inspection")
    NOTICE = "notice", _("Public notice and filing")
    SERVICE = "service", _("Report for duty, contract and probation")
    GRANTS = "grants", _("Grants")
    END = "end", _("Why it ended")


@dataclass(frozen=True)
class Told:
    """The sentences on one subject, one string per line."""

    subject: Subject
    lines: list[str]


def told_of(row: Appointment) -> list[Told]:
    """Every subject on which the rules have something to say now; reads `checks`, `objections` and `service`."""
    found = [
        Told(Subject.PLACE, _place(row)),
        Told(Subject.ORIGINALS, _originals(row)),
        Told(Subject.MEDICAL, words(*medical_words(row))),
        Told(Subject.INSPECTION, words(*inspection_words(row))),
        Told(Subject.NOTICE, _notice(row)),
        Told(Subject.SERVICE, _service(row)),
        Told(Subject.GRANTS, _grants(row)),
        Told(Subject.END, read(row.ended_explanation)),
    ]
    return [told for told in found if told.lines]


def words(*sentences: Explanation) -> list[str]:
    """Sentences with their steps in the reader's language."""
    return [line for sentence in sentences for line in sentence.lines(rule_language())]


def _place(row: Appointment) -> list[str]:
    """Why this person was called to a place that somebody left (R72, R73); none for who was proposed at first."""
    called = getattr(row.application, "replaces", None)
    return read(called.explanation) if called else []


def _originals(row: Appointment) -> list[str]:
    shown = getattr(row, "originals", None)
    return read(shown.explanation) if shown else []


def _notice(row: Appointment) -> list[str]:
    period = period_of(row) if row.state in (S.NOTICED, S.ON_HOLD) else None
    if period is None:
        return []
    guard = may_approve_today(row, period)
    return words(guard.explanation) if row.state == S.ON_HOLD else words(guard.explanation, filing_words(row, period))


def _grants(row: Appointment) -> list[str]:
    """What the highest degree the rules name a grant for entitles a hired person to (R85)."""
    rules = rules_for(row).grants
    named = {grant.degree for grant in rules.grants}
    if not named or row.state not in HIRED:
        return []
    shown = [one.degree for one in row.candidate.educations.all() if one.degree in named]
    degree = max(shown, key=list(Degree.values).index, default=None)
    return words(entitlement(degree, rules)) if degree else []


def _service(row: Appointment) -> list[str]:
    last = report_by(row, rules_for(row).service)
    if row.state not in HIRED or last is None:
        return []
    service, today = service_of(row), timezone.localdate()
    if service is None:
        return words(may_report(today, last).explanation)
    if row.state == S.CONFIRMED:
        return read(service.explanation)
    return [*read(service.explanation), *words(may_confirm(today, service.probation_ends_on).explanation)]
