"""What can be done with an appointment in its state: the effect in words, who may, and what must be given with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.policies import Decision, Predicate
from foundation.language import rule_language
from recruitment.appointments import domain, policies
from recruitment.appointments.checking import inspection_words, medical_words, open_exam, recheck_guard
from recruitment.appointments.domain.holding import needs_post
from recruitment.appointments.domain.originals import last_days
from recruitment.appointments.enums import BEFORE_APPROVAL, BEFORE_NOTICE
from recruitment.appointments.enums import AppointmentState as S
from recruitment.appointments.filing import filing_words, may_approve_today, period_of
from recruitment.appointments.models import Appointment, Replacement
from recruitment.appointments.office import forms
from recruitment.appointments.relatives import to_examine_of
from recruitment.appointments.replacement import Outlook, outlook
from recruitment.appointments.service import report_by, rules_for, service_of
from recruitment.appointments.told import words
from rulebook.explanation import Explanation
from rulebook.medical import withdrawal_words
from rulebook.notice_period import objection_words
from rulebook.service import may_confirm, may_report, not_reported

Values = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """A verb on one appointment: `effects` says in words what will change; `leads` marks the act that goes on."""

    name: str
    label: Promise
    done: Promise
    effects: Callable[[Appointment], list[str]]
    fits: Callable[[Appointment], bool]
    rule: Predicate
    run: Callable[[User, Appointment, Any], Any]
    form: type[forms.EmptyForm] = forms.EmptyForm
    leads: bool = False


def outlook_of(row: Appointment) -> Outlook:
    """The rules' answer for the place, asked once for each loaded row: acts and their effects all need it."""
    found: Outlook | None = getattr(row, "_outlook", None)
    if found is None:
        found = outlook(row)
        row._outlook = found  # type: ignore[attr-defined]
    return found


def _in(*states: str) -> Callable[[Appointment], bool]:
    return lambda row: row.state in states


def _check(actor: User, row: Appointment, form: Any) -> Any:
    return domain.record_check(actor=actor, appointment=row, **form.values())


def _medical(row: Appointment) -> list[str]:
    return [
        _("Only the conclusion is kept, no finding."),
        _("Passed: the person goes on to the inspection."),
        *words(withdrawal_words("medical")),
        _("Not passed, the person stays while a recheck may be asked for."),
        *words(*medical_words(row)),
    ]


def _unrechecked(row: Appointment) -> list[str]:
    return [*words(*medical_words(row)), _("The exam not passed stands, and the appointment ends here.")]


def is_unrechecked(row: Appointment) -> bool:
    """A recheck was open and can be asked for no more."""
    exam = open_exam(row) if row.state == S.OPENED else None
    return exam is not None and not recheck_guard(row, exam, timezone.localdate())


def _inspection(row: Appointment) -> list[str]:
    return [
        _("Passed: the person can be named on the list of proposed hires."),
        _("Not passed: the appointment ends here and the place is free for the next person by the rules."),
        *words(withdrawal_words("inspection"), *inspection_words(row)),
    ]


def _originals(row: Appointment) -> list[str]:
    diploma, degree = last_days(row)
    return [
        *words(Explanation("eligibility.text.certificates", {"diploma": diploma, "degree": degree})),
        _("Later dates keep the appointment from being approved."),
    ]


def _related(row: Appointment) -> list[str]:
    lines = [line for one in row.candidate.relatives.all() for line in words(*to_examine_of(one, row))]
    return [*dict.fromkeys(lines), _("The decision and who made it are kept; the person can then be proposed.")]


def _objection(row: Appointment) -> list[str]:
    return words(objection_words("open"))


def _approve(row: Appointment) -> list[str]:
    period = period_of(row)
    if period is None:
        return [_("The person is on no released list, so this will be refused.")]
    return [
        *words(may_approve_today(row, period).explanation, filing_words(row, period)),
        _("The appointment is approved under this number; the person can then be entered in the ledger."),
    ]


def _enter(row: Appointment) -> list[str]:
    if not needs_post(row):
        return [_("The person counts as on the post. Civil-service posts are outside this ledger.")]
    if row.post is None:
        return [_("No post is held for this person, so this will be refused.")]
    used = _("Post %(post)s is used by this person. The unit has one person more on board and one held post less.")
    return [used % {"post": row.post.code}]


def _report(row: Appointment) -> list[str]:
    last = report_by(row, rules_for(row).service)
    lines = words(may_report(timezone.localdate(), last).explanation) if last else []
    return [
        *lines,
        _("The rules compute the last days of probation, contract and least service; the person reads them."),
    ]


def _later(row: Appointment) -> list[str]:
    return [*_report(row)[:-1], _("The person may then report until the agreed day.")]


def _unreported(row: Appointment) -> list[str]:
    last = report_by(row, rules_for(row).service)
    return words(not_reported(last, rules_for(row).service)) if last else []


def _confirm(row: Appointment) -> list[str]:
    service = service_of(row)
    if service is None:
        return [_("No contract is recorded for this person, so this will be refused.")]
    return words(may_confirm(timezone.localdate(), service.probation_ends_on).explanation)


def is_called(row: Appointment) -> bool:
    """Approved or on the post, and not recorded yet as having reported for duty."""
    return row.state in (S.APPROVED, S.ON_POST) and service_of(row) is None


def is_overdue(row: Appointment) -> bool:
    """Called, and the last day for reporting for duty is over."""
    last = report_by(row, rules_for(row).service) if is_called(row) else None
    return last is not None and timezone.localdate() > last


def _end(row: Appointment) -> list[str]:
    lines = [_("The appointment ends for good; the person reads the reason.")]
    if row.state in (S.ON_POST, S.CONFIRMED):
        return [*lines, _("The post becomes vacant.")]
    if row.post is not None:
        lines.append(
            _("Post %(post)s is held no more: kept for the position, or given back if the place is not kept.")
            % {"post": row.post.code}
        )
    return lines


def _place(row: Appointment) -> list[str]:
    return [*outlook_of(row).explanation.lines(rule_language())]


def _next(row: Appointment) -> list[str]:
    called = outlook_of(row).called
    number = called.registration_no if called else "—"
    return [*_place(row), _("%(number)s is called and goes on with the medical exam.") % {"number": number}]


def is_open_place(row: Appointment) -> bool:
    """Ended before the post and not settled yet."""
    return row.state == S.ENDED and row.entered_at is None and not Replacement.objects.filter(place=row).exists()


def _call(actor: User, row: Appointment, form: Any) -> Any:
    answer = outlook_of(row)
    application = answer.called or next(
        (person for person in answer.tied if str(person.pk) == form.cleaned_data.get("application")), row.application
    )
    extra = form.cleaned_data.get("extra_test", "")
    return domain.call_replacement(actor=actor, place=row, application=application, extra_test=extra)


class TiedForm(forms.ExtraTestForm):
    """The people who share the next rank, by number."""

    def __init__(self, *args: Any, appointment: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tied = outlook_of(appointment).tied
        self.fields["application"].choices = [(str(row.pk), row.registration_no) for row in tied]  # type: ignore[attr-defined]


ACTS = (
    Act("medical", gettext_lazy("Record the medical exam"), gettext_lazy("The conclusion was recorded."), _medical,
        _in(S.OPENED), policies.may_record_medical, _check, forms.MedicalForm, leads=True),
    Act("no-recheck", gettext_lazy("No recheck asked for in time"), gettext_lazy("The appointment has ended."),
        _unrechecked, is_unrechecked, policies.may_record_medical,
        lambda actor, row, form: domain.end_unrechecked(actor=actor, appointment=row)),
    Act("inspection", gettext_lazy("Record the inspection"), gettext_lazy("The conclusion was recorded."), _inspection,
        _in(S.MEDICAL_PASSED), policies.may_record_inspection, _check, forms.InspectionForm, leads=True),
    Act("originals", gettext_lazy("Record the certificates"), gettext_lazy("The certificates were recorded."),
        _originals, _in(*BEFORE_APPROVAL), policies.may_record_inspection,
        lambda actor, row, form: domain.record_originals(actor=actor, appointment=row, **form.cleaned_data),
        forms.OriginalsForm),
    Act("relatives", gettext_lazy("Decide on relatives"), gettext_lazy("The decision was recorded."), _related,
        lambda row: row.state in BEFORE_NOTICE and row.candidate.relatives.exists(), policies.may_record_inspection,
        lambda actor, row, form: domain.decide_relatives(actor=actor, appointment=row, **form.cleaned_data),
        forms.RelativesForm),
    Act("objection", gettext_lazy("Record an objection"), gettext_lazy("The objection was recorded."), _objection,
        lambda row: row.state in (S.NOTICED, S.ON_HOLD) and _is_running(row), policies.may_record_objections,
        lambda actor, row, form: domain.raise_objection(actor=actor, appointment=row, **form.cleaned_data),
        forms.ObjectionForm),
    Act("approve", gettext_lazy("Approve"), gettext_lazy("The appointment is approved."), _approve,
        _in(S.NOTICED), policies.may_approve,
        lambda actor, row, form: domain.approve_appointment(actor=actor, appointment=row, **form.cleaned_data),
        forms.ApprovalForm, leads=True),
    Act("enter", gettext_lazy("Enter on the post"), gettext_lazy("The person is on the post."), _enter,
        _in(S.APPROVED), policies.may_enter_posts,
        lambda actor, row, form: domain.enter_post(actor=actor, appointment=row, **form.cleaned_data),
        forms.LedgerForm, leads=True),
    Act("report", gettext_lazy("Record the report for duty"), gettext_lazy("The report for duty was recorded."),
        _report, _in(S.APPROVED, S.ON_POST), policies.may_record_service,
        lambda actor, row, form: domain.record_report(actor=actor, appointment=row, **form.values()),
        forms.ReportForm),
    Act("report-later", gettext_lazy("Agree to a later day"), gettext_lazy("The later day was recorded."), _later,
        is_called, policies.may_record_service,
        lambda actor, row, form: domain.agree_later_report(actor=actor, appointment=row, **form.cleaned_data),
        forms.LaterForm),
    Act("unreported", gettext_lazy("Not reported for duty in time"), gettext_lazy("The appointment has ended."),
        _unreported, is_overdue, policies.may_end,
        lambda actor, row, form: domain.end_unreported(actor=actor, appointment=row, **form.cleaned_data),
        forms.DocumentForm),
    Act("confirm", gettext_lazy("Confirm probation"), gettext_lazy("Probation is passed."), _confirm,
        _in(S.ON_POST), policies.may_record_service,
        lambda actor, row, form: domain.confirm_probation(actor=actor, appointment=row, **form.cleaned_data),
        forms.DocumentForm),
    Act("end", gettext_lazy("End the appointment"), gettext_lazy("The appointment has ended."), _end,
        lambda row: row.state != S.ENDED, policies.may_end,
        lambda actor, row, form: domain.end_appointment(actor=actor, appointment=row, **form.cleaned_data),
        forms.EndForm),
    Act("call", gettext_lazy("Call the next person"), gettext_lazy("The next person is called."), _next,
        lambda row: is_open_place(row) and outlook_of(row).called is not None, policies.may_replace, _call, leads=True),
    Act("call-tied", gettext_lazy("Call by an extra test"), gettext_lazy("The next person is called."), _place,
        lambda row: is_open_place(row) and bool(outlook_of(row).tied), policies.may_replace, _call, TiedForm,
        leads=True),
    Act("leave-empty", gettext_lazy("Leave the place empty"), gettext_lazy("The place stays empty."), _place,
        lambda row: is_open_place(row) and outlook_of(row).called is None and not outlook_of(row).tied
        and outlook_of(row).is_known,
        policies.may_replace,
        lambda actor, row, form: domain.leave_place_empty(actor=actor, place=row, **form.cleaned_data),
        forms.DocumentForm, leads=True),
)  # fmt: skip
BY_NAME = {act.name: act for act in ACTS}


def _is_running(row: Appointment) -> bool:
    ends = row.notice.notice_ends_at if row.notice else None
    return ends is not None and ends > timezone.now()


def acts_of(user: User, row: Appointment) -> list[tuple[Act, Decision]]:
    """The acts that fit the state, each with whether this person may do it and why not."""
    return [(act, act.rule(user, row)) for act in ACTS if act.fits(row)]
