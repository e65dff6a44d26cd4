"""What the office asks for; the verbs judge it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.events.domain import EDITABLE
from campaigns.events.enums import EventState
from campaigns.events.models import RecruitingEvent
from campaigns.planning.models import Campaign
from campaigns.planning.queries import campaigns_visible_to


class Moment(forms.DateTimeField):
    """A date and time as the browser's own field gives it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)


class _Words(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **kwargs)


class _Plan(forms.Form):
    """What can also be changed later."""

    name = forms.CharField(label=_("Name of the event"), max_length=200)
    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    place = forms.CharField(label=_("Place"), max_length=200)
    starts_at = Moment(label=_("Starts at"))
    ends_at = Moment(label=_("Ends at"))
    registration_opens_at = Moment(
        label=_("Registration opens at"), required=False, help_text=_("Empty: as soon as the event is published.")
    )
    registration_closes_at = Moment(
        label=_("Registration closes at"), required=False, help_text=_("Empty: when the event ends.")
    )
    capacity = forms.IntegerField(label=_("Seats"), min_value=1, max_value=100_000)
    budget = forms.DecimalField(label=_("Budget, yuan"), min_value=0, max_digits=12, decimal_places=2)
    description = _Words(label=_("Description"), required=False)


class EventForm(_Plan):
    """A new event."""

    code = forms.SlugField(label=_("Code"), max_length=40)
    city = forms.CharField(label=_("City"), max_length=40)
    university = forms.CharField(label=_("University"), max_length=120)
    campaigns = forms.ModelMultipleChoiceField(
        label=_("Campaigns"),
        queryset=Campaign.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("code", "name", "name_en", "city", "university", "place")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaigns"].queryset = campaigns_visible_to(user)  # type: ignore[attr-defined]


class EditForm(_Plan):
    """An event as it is; the budget only until it is approved, a reason once the public has read it."""

    reason = _Words(label=_("Reason, for the public"), max_length=500)

    def __init__(self, *args: Any, event: RecruitingEvent, **kwargs: Any) -> None:
        initial = {name: getattr(event, name) for name in EDITABLE}
        super().__init__(*args, initial=initial, **kwargs)
        if event.state != EventState.PLANNED:
            del self.fields["budget"]
        if event.published_at is None:
            del self.fields["reason"]


class ReasonForm(forms.Form):
    reason = _Words(label=_("Reason"), max_length=500)


class PublicReasonForm(forms.Form):
    reason = _Words(label=_("Reason, for the public"), max_length=500)


class PostponeForm(forms.Form):
    """Another time, or none yet."""

    starts_at = Moment(label=_("New start"), required=False, help_text=_("Leave both empty if there is no date yet."))
    ends_at = Moment(label=_("New end"), required=False)
    reason = _Words(label=_("Reason, for the public"), max_length=500)


class DocumentForm(forms.Form):
    document = forms.CharField(
        label=_("Confirmation of the university"), max_length=200, help_text=_("For example the number of its letter.")
    )


class CostForm(forms.Form):
    """Money spent."""

    kind = forms.CharField(label=_("Paid for"), max_length=60)
    amount = forms.DecimalField(label=_("Amount, yuan"), max_digits=12, decimal_places=2, min_value=Decimal("0.01"))
    spent_on = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class DoorForm(forms.Form):
    """Somebody who stands at the door."""

    name = forms.CharField(label=_("Full name"), max_length=60)
    phone = forms.CharField(label=_("Mobile phone"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    school = forms.CharField(label=_("School"), max_length=120, required=False)
    major = forms.CharField(label=_("Major"), max_length=120, required=False)


class UniversityForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=160, required=False)
    city = forms.CharField(label=_("City"), max_length=40)
    city_en = forms.CharField(label=_("City in English"), max_length=60, required=False)
