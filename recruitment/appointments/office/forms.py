"""What is filled in at the desk of appointments; the verbs judge it."""

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.planning.models import Campaign
from recruitment.appointments.checking import medical_exams, open_exam
from recruitment.appointments.enums import (
    CHOSEN_REASONS,
    LEAVING_REASONS,
    AppointmentState,
    CheckKind,
    Conclusion,
    HospitalGrade,
)
from recruitment.appointments.filing import lateness, period_of
from recruitment.appointments.models import Appointment
from recruitment.appointments.queue import QUEUES
from recruitment.appointments.service import rules_for


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Filter(forms.Form):
    """Which people are shown; every field may stay empty."""

    q = forms.CharField(label=_("Number, position or unit"), required=False, max_length=60)
    campaign = forms.ModelChoiceField(
        label=_("Campaign"),
        queryset=Campaign.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=_("All"),
    )
    queue = forms.ChoiceField(
        label=_("What they wait for"),
        required=False,
        choices=[("", _("All")), *((queue.key, queue.name) for queue in QUEUES)],
    )


class EmptyForm(forms.Form):
    """Nothing to fill in: the act is only confirmed."""

    def __init__(self, *args: Any, appointment: Appointment | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class PassedForm(EmptyForm):
    """A check that several people passed on the same day at the same place."""

    performed_on = forms.DateField(label=_("Performed on"), widget=DayInput)
    institution = forms.CharField(label=_("Hospital or inspection team"), max_length=200)

    def clean_performed_on(self) -> Any:
        day = self.cleaned_data["performed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day


class MedicalPassedForm(PassedForm):
    hospital_grade = forms.ChoiceField(label=_("Grade of the hospital"), choices=[("", "—"), *HospitalGrade.choices])


class NamesField(forms.CharField):
    """Several names, one in each line or set apart by commas; gives a list."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> Any:
        return [name.strip() for name in re.split(r"[\n,，、;；]", super().to_python(value)) if name.strip()]


class InspectionPassedForm(PassedForm):
    inspectors = NamesField(label=_("Names of the inspectors"), help_text=_("One in each line."), max_length=300)
    reference = forms.CharField(
        label=_("Opinion of the university"), max_length=200, required=False,
        help_text=_("Who answered and the number of the document; needed where the rules ask for it."),
    )  # fmt: skip


class CheckForm(PassedForm):
    conclusion = forms.ChoiceField(label=_("Conclusion"), choices=Conclusion.choices, widget=forms.RadioSelect)
    field_order = ["conclusion", "performed_on", "institution"]
    kind: CheckKind

    def values(self) -> dict[str, Any]:
        return {"kind": self.kind, **self.cleaned_data}


class InspectionForm(CheckForm, InspectionPassedForm):
    """The reference of the university stands in the form only where the rules ask for it."""

    kind = CheckKind.INSPECTION

    def __init__(self, *args: Any, appointment: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, appointment=appointment, **kwargs)
        if not rules_for(appointment).inspection.university_reference:
            del self.fields["reference"]
        self.fields["conclusion"].choices = [  # type: ignore[attr-defined]
            choice for choice in Conclusion.choices if choice[0] != Conclusion.DEFERRED
        ]
        self.fields["institution"].label = _("Inspection team")


class MedicalForm(CheckForm, MedicalPassedForm):
    """The first exam, or the recheck where one is open; only the conclusion is kept.

    Whoever does not pass is kept while the rules let them ask for a recheck, unless they said that they ask for none.
    """

    kind = CheckKind.MEDICAL
    no_recheck = forms.BooleanField(
        label=_("The person has said in writing that they ask for no recheck"), required=False,
        help_text=_("Only for an exam not passed: the appointment then ends now."),
    )  # fmt: skip
    asked_on = forms.DateField(label=_("Recheck asked for on"), widget=DayInput)

    def __init__(self, *args: Any, appointment: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["institution"].label = _("Hospital")
        is_recheck = open_exam(appointment) is not None
        made = sum(exam.is_recheck for exam in medical_exams(appointment)) + is_recheck
        if not is_recheck:
            del self.fields["asked_on"]
        if made >= rules_for(appointment).medical.recheck_times:
            del self.fields["no_recheck"]
        self.fields["hospital_grade"].required = False

    def values(self) -> dict[str, Any]:
        told = super().values()
        no_recheck = told.pop("no_recheck", True)
        return {**told, "is_final": no_recheck or told["conclusion"] != Conclusion.FAILED}


class ObjectionForm(EmptyForm):
    summary = forms.CharField(
        label=_("What the objection says"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("Without the name of whoever raised it, if they asked for that."),
    )


class DecisionForm(forms.Form):
    is_upheld = forms.ChoiceField(
        label=_("Decision"),
        choices=[("no", _("Not upheld: the person goes on")), ("yes", _("Upheld: the appointment ends"))],
        widget=forms.RadioSelect,
    )
    decision = forms.CharField(label=_("Grounds"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)

    def values(self) -> dict[str, Any]:
        return {"is_upheld": self.cleaned_data["is_upheld"] == "yes", "decision": self.cleaned_data["decision"]}


class ApprovalForm(EmptyForm):
    """For one person who is late by the rules it also asks for the document that allows it all the same."""

    approval_number = forms.CharField(label=_("Number of the approval"), max_length=60)
    late_document = forms.CharField(label=_("Number of the document that allows late filing"), max_length=100)

    def __init__(self, *args: Any, appointment: Appointment | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        period = period_of(appointment) if appointment else None
        if appointment is None or period is None or lateness(appointment, period) is None:
            del self.fields["late_document"]


class LedgerForm(EmptyForm):
    ledger_number = forms.CharField(label=_("Number in the real-name ledger"), max_length=60)


class OriginalsForm(EmptyForm):
    diploma_on = forms.DateField(label=_("Date of the diploma"), widget=DayInput)
    degree_on = forms.DateField(label=_("Date of the degree"), widget=DayInput, required=False)


class RelativesForm(EmptyForm):
    decision = forms.CharField(
        label=_("Grounds"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000,
        help_text=_("Why the post may be taken. If it may not, end the appointment."),
    )  # fmt: skip


class ReportForm(EmptyForm):
    reported_on = forms.DateField(label=_("Reported for duty on"), widget=DayInput)
    starts_on = forms.DateField(label=_("Start of the contract or service"), widget=DayInput)
    is_first_job = forms.ChoiceField(
        label=_("First job"),
        choices=[("yes", _("Yes, first job")), ("no", _("No, worked before"))],
        widget=forms.RadioSelect,
    )

    def values(self) -> dict[str, Any]:
        return {**self.cleaned_data, "is_first_job": self.cleaned_data["is_first_job"] == "yes"}


class LaterForm(EmptyForm):
    until = forms.DateField(label=_("May report until"), widget=DayInput)
    document = forms.CharField(label=_("Number of the consent"), max_length=100)


class EndForm(EmptyForm):
    reason_code = forms.ChoiceField(label=_("Why it ends"))
    reason = forms.CharField(
        label=_("In words"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_("The person reads this."),
    )
    document = forms.CharField(label=_("Number of the document"), max_length=100)
    replace = forms.BooleanField(
        label=_("Keep the place for the next person by the rules"), required=False, initial=True
    )

    def __init__(self, *args: Any, appointment: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, appointment=appointment, **kwargs)
        on_the_post = appointment.state in (AppointmentState.ON_POST, AppointmentState.CONFIRMED)
        reasons = LEAVING_REASONS if on_the_post else CHOSEN_REASONS
        self.fields["reason_code"].choices = [(item.value, item.label) for item in reasons]  # type: ignore[attr-defined]
        if on_the_post:
            del self.fields["replace"]


class DocumentForm(EmptyForm):
    document = forms.CharField(label=_("Number of the document"), max_length=100)


class ExtraTestForm(EmptyForm):
    application = forms.ChoiceField(label=_("Called by the extra test"), widget=forms.RadioSelect)
    extra_test = forms.CharField(label=_("Number of the document on the extra test"), max_length=100)


class ConversionForm(forms.Form):
    name = forms.CharField(label=_("Name of the position"), max_length=200)
    document = forms.CharField(
        label=_("Number of the decision"),
        max_length=100,
        help_text=_("The document on which the county takes the person onto a full-time post."),
    )
