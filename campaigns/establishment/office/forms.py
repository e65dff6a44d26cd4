from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import Unit
from accounts.queries import units_in_scope
from campaigns.establishment.enums import AdjustReason, Channel, Decision, ExitReason, SlotType
from campaigns.establishment.models import Envelope

MANY = 100_000


class DateInput(forms.DateInput):
    input_type = "date"


class ActForm(forms.Form):
    """A form of an act: knows whom it is about and who fills it in."""

    def __init__(self, *args: Any, subject: Any = None, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject, self.user = subject, user

    def manageable_units(self) -> Any:
        return units_in_scope(self.user, Role.ESTABLISHMENT_OFFICE).filter(is_active=True)


def _document() -> forms.CharField:
    return forms.CharField(label=_("Document number"), max_length=200, help_text=_("Of the paper that orders this."))


def _count() -> forms.IntegerField:
    return forms.IntegerField(label=_("Number of posts"), min_value=1, max_value=MANY)


def _reason() -> forms.CharField:
    return forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class DocumentForm(ActForm):
    """Only the paper."""

    document = _document()


class CountForm(ActForm):
    """How many, and the paper."""

    count = _count()
    document = _document()


class AdjustForm(ActForm):
    """How many, why, and the paper."""

    count = _count()
    reason_code = forms.ChoiceField(label=_("Ground"), choices=AdjustReason.choices)
    reason = _reason()
    document = _document()


class AllocateForm(CountForm):
    """Posts for a unit, out of an envelope or the pool."""

    envelope = forms.ModelChoiceField(
        label=_("Taken from"),
        queryset=Envelope.objects.order_by("code"),
        required=False,
        empty_label=_("the county pool"),
    )
    field_order = ["envelope", "count", "document"]


class GiveBackForm(AdjustForm):
    """Posts away from a unit."""

    envelope = forms.ModelChoiceField(
        label=_("Which posts"),
        queryset=Envelope.objects.order_by("code"),
        required=False,
        empty_label=_("lent and own posts, into the county pool"),
        help_text=_("Posts of an envelope become free in it again."),
    )
    field_order = ["envelope", "count", "reason_code", "reason", "document"]


class TransferForm(AdjustForm):
    """Vacant posts to another unit."""

    target = forms.ModelChoiceField(label=_("To the unit"), queryset=Unit.objects.none())
    field_order = ["target", "count", "reason_code", "reason", "document"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = self.manageable_units().exclude(pk=self.subject.pk)  # type: ignore[attr-defined]


class PromiseForm(ActForm):
    """Posts promised to another channel."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    count = _count()
    document = _document()


class UnpromiseForm(PromiseForm):
    """A promise taken back."""

    reason = _reason()
    field_order = ["channel", "count", "reason", "document"]


class EnterForm(ActForm):
    """A person who comes by another channel."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    promised = forms.BooleanField(label=_("The post was promised to this channel before"), required=False, initial=True)
    ledger_number = forms.CharField(label=_("Number in the real-name ledger"), max_length=60)
    document = _document()


class SeatForm(ActForm):
    """A person who had no post."""

    ledger_number = forms.CharField(label=_("Number in the real-name ledger"), max_length=60)
    document = _document()


class UnitPostsForm(ActForm):
    """What the establishment office has on record for a unit."""

    slot_type = forms.ChoiceField(label=_("Type of post"), choices=SlotType.choices)
    authorised = forms.IntegerField(label=_("Authorised posts"), min_value=0, max_value=MANY)
    on_board = forms.IntegerField(label=_("People on board"), min_value=0, max_value=MANY)
    recorded_on = forms.DateField(label=_("As of"), widget=DateInput)
    document = _document()


class RenewForm(ActForm):
    """A later last day for a permit."""

    expires_on = forms.DateField(label=_("Valid until"), widget=DateInput, help_text=_("This day included."))
    reason = _reason()
    document = _document()


class RevokeForm(ActForm):
    """The end of a permit."""

    reason = _reason()
    document = _document()


class PlanExitForm(ActForm):
    """When a person will leave, and why."""

    expected_on = forms.DateField(label=_("Expected on"), widget=DateInput)
    reason_code = forms.ChoiceField(label=_("Ground"), choices=ExitReason.choices)
    document = _document()


class VacateForm(ActForm):
    """A person who left."""

    reason_code = forms.ChoiceField(label=_("Ground"), choices=ExitReason.choices)
    reason = _reason()
    document = _document()


class BindForm(ActForm):
    """The unit the chosen person goes to."""

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none())
    document = _document()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = self.subject.unit
        below = Unit.objects.filter(path__startswith=above.path, is_active=True).exclude(pk=above.pk) if above else None
        if below is not None:
            self.fields["unit"].queryset = below  # type: ignore[attr-defined]


class PermitForm(ActForm):
    """A permit as printed; the verb judges it."""

    number = forms.CharField(label=_("Permit number"), max_length=60, help_text=_("As printed on the permit."))
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none())
    slots = forms.IntegerField(label=_("Number of posts"), min_value=1, max_value=MANY)
    issued_on = forms.DateField(label=_("Issued on"), widget=DateInput)
    expires_on = forms.DateField(label=_("Valid until"), widget=DateInput, help_text=_("This day included."))
    envelope = forms.ModelChoiceField(
        label=_("Envelope"),
        queryset=Envelope.objects.order_by("code"),
        required=False,
        help_text=_("Leave empty to use vacant posts of the unit itself."),
    )
    slot_type = forms.ChoiceField(label=_("Type of post"), choices=SlotType.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = self.manageable_units()  # type: ignore[attr-defined]


class EnvelopeForm(ActForm):
    """A number of posts set aside for one purpose."""

    code = forms.SlugField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=200)
    size = forms.IntegerField(label=_("Established posts"), min_value=1, max_value=MANY)
    document = forms.CharField(label=_("Document number"), max_length=100)


class LedgerSheetForm(ActForm):
    """A sheet of the official ledger, and the day it shows."""

    file = forms.FileField(
        label=_("Sheet of the official ledger"),
        help_text=_(
            "Excel or CSV with columns for the number in the ledger and the unit. Names and ID numbers are not read."
        ),
    )
    as_on = forms.DateField(label=_("State of the official ledger on"), widget=DateInput, initial=timezone.localdate)


class DecisionForm(ActForm):
    """One decision for the ticked rows."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (Decision.THEIRS, _("Follow the official ledger")),
            (Decision.OURS, _("Keep our entry")),
            (Decision.NOTED, _("Only note it")),
        ],
    )
    reason = _reason()
    document = forms.CharField(
        label=_("Document number"), max_length=200, required=False, help_text=_("Needed to follow the official ledger.")
    )
