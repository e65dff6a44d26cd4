from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from campaigns.establishment.enums import SlotType
from campaigns.establishment.models import Envelope


class DateInput(forms.DateInput):
    input_type = "date"


class PermitForm(forms.Form):
    """A permit as printed; the verb judges it."""

    number = forms.CharField(label=_("Permit number"), max_length=60, help_text=_("As printed on the permit."))
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none())
    slots = forms.IntegerField(label=_("Number of posts"), min_value=1, max_value=100_000)
    issued_on = forms.DateField(label=_("Issued on"), widget=DateInput)
    expires_on = forms.DateField(label=_("Valid until"), widget=DateInput, help_text=_("This day included."))
    envelope = forms.ModelChoiceField(
        label=_("Envelope"),
        queryset=Envelope.objects.order_by("code"),
        required=False,
        help_text=_("Leave empty to use vacant posts of the unit itself."),
    )
    slot_type = forms.ChoiceField(label=_("Type of post"), choices=SlotType.choices)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class EnvelopeForm(forms.Form):
    """A number of posts set aside for one purpose."""

    code = forms.SlugField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=200)
    size = forms.IntegerField(label=_("Established posts"), min_value=1, max_value=100_000)
    document = forms.CharField(label=_("Document number"), max_length=100)


class UnitPostsForm(forms.Form):
    """What the establishment office has on record for a unit."""

    authorised = forms.IntegerField(label=_("Authorised posts"), min_value=0, max_value=100_000)
    on_board = forms.IntegerField(label=_("People on board"), min_value=0, max_value=100_000)
    recorded_on = forms.DateField(label=_("As of"), widget=DateInput)
    document = forms.CharField(label=_("Document number"), max_length=200)


class SheetForm(forms.Form):
    """A sheet to import."""

    file = forms.FileField(label=_("Sheet"), help_text=_("Excel or CSV, one permit a row, with a header."))
