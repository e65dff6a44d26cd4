from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.planning.models import Campaign
from recruitment.applications.enums import REJECT_CODES, RETURN_CODES, ApplicationState, MachineVerdict

QUEUES = (
    ("submitted", _("Waiting for review")),
    ("returned", _("Returned, with the applicant")),
    ("rejected", _("Rejected")),
    ("effective", _("Passed")),
    ("all", _("All")),
)
STATES = {
    "submitted": [ApplicationState.SUBMITTED],
    "returned": [ApplicationState.RETURNED],
    "rejected": [ApplicationState.REJECTED],
    "effective": [ApplicationState.EFFECTIVE],
    "all": list(ApplicationState),
}


class QueueFilter(forms.Form):
    """Which applications the list shows; every field may stay empty."""

    q = forms.CharField(label=_("Name, number or position code"), required=False, max_length=60)
    campaign = forms.ModelChoiceField(
        label=_("Campaign"),
        queryset=Campaign.objects.none(),
        required=False,
        to_field_name="code",
        empty_label=_("Any"),
    )
    verdict = forms.ChoiceField(
        label=_("Check by computer"), choices=[("", _("Any")), *MachineVerdict.choices], required=False
    )
    order = forms.ChoiceField(
        label=_("Order"),
        choices=[
            ("", _("Longest waiting first")),
            ("-submitted_at", _("Newest first")),
            ("position__code", _("Position")),
        ],
        required=False,
    )


class DecisionForm(forms.Form):
    """A return or a rejection: a code from the list, and words the applicant reads."""

    reason_code = forms.ChoiceField(
        label=_("Reason"),
        choices=[
            ("", _("Please choose")),
            (_("To return"), [(code.value, code.label) for code in RETURN_CODES]),
            (_("To reject"), [(code.value, code.label) for code in REJECT_CODES]),
        ],
        required=False,
    )
    reason = forms.CharField(
        label=_("In words, for the applicant"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=1000,
        help_text=_("What is wrong, by which clause, and what would be right."),
    )
