"""The form of a bid and of its completion. They hint; the verbs decide."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from recruitment.challenges.domain import Offer, Upload
from recruitment.challenges.enums import BidDeclaration
from recruitment.challenges.models import Challenge

TEAM_HINT = _("How many people, with which titles and skills. No names: the experts read this without knowing you.")
PLAN_HINT = _("The way, the steps with dates, the risks, and how each indicator will be reached. No names here either.")


class ConsentField(forms.FileField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Consent of your home organisation"),
            required=False,
            help_text=_("JPG, PNG or PDF, with its seal. You may hand it in later if the formal check asks for it."),
        )


class BidForm(forms.Form):
    """Everything a bid says; all of it but the consent is sealed."""

    home_unit = forms.CharField(label=_("Home organisation"), max_length=200)
    team = forms.CharField(
        label=_("Team"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, help_text=TEAM_HINT
    )
    plan = forms.CharField(label=_("Technical plan"), widget=forms.Textarea(attrs={"rows": 10}), max_length=20000,
                           help_text=PLAN_HINT)  # fmt: skip
    quote = forms.DecimalField(
        label=_("Quote, yuan"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    consent = ConsentField()

    def __init__(self, *args: Any, challenge: Challenge, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quote"].help_text = _("At most %(budget)s yuan.") % {"budget": challenge.amount}
        for name, label in BidDeclaration.choices:
            self.fields[name] = forms.BooleanField(
                label=label, error_messages={"required": _("Please confirm this declaration.")}
            )

    def offer(self) -> Offer:
        told = self.cleaned_data
        declared = [name for name in BidDeclaration.values if told[name]]
        return Offer(told["home_unit"], told["team"], told["plan"], told["quote"], declared)

    def upload(self) -> Upload | None:
        return _upload(self)


class CompletionForm(forms.Form):
    """A returned bid: what may still be changed."""

    team = forms.CharField(
        label=_("Team"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, help_text=TEAM_HINT
    )
    plan = forms.CharField(label=_("Technical plan"), widget=forms.Textarea(attrs={"rows": 10}), max_length=20000,
                           help_text=PLAN_HINT)  # fmt: skip
    consent = ConsentField()

    def upload(self) -> Upload | None:
        return _upload(self)


def _upload(form: forms.Form) -> Upload | None:
    file = form.cleaned_data.get("consent")
    return Upload(file, file.name) if file else None


class QuestionForm(forms.Form):
    text = forms.CharField(
        label=_("Your question"), widget=forms.Textarea(attrs={"rows": 5}), max_length=1000,
        help_text=_("About the need, the indicators or the terms. Don't write who you are or what your bid says: "
                    "everyone will read it."),
    )  # fmt: skip
