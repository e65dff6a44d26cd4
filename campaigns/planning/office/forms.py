from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import Unit, User
from accounts.queries import units_in_scope
from campaigns.establishment.enums import SlotType
from campaigns.establishment.models import Envelope
from campaigns.planning import domain
from campaigns.planning.enums import PositionCategory, PositionState, Track
from campaigns.planning.models import Campaign, Programme
from campaigns.planning.rule_texts import profile_choices
from foundation.errors import Refused
from foundation.ui.imports import TableForm


class Moment(forms.DateTimeField):
    """A date and time as the browser's own field gives it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(required=False, widget=widget, **kwargs)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _text(label: Any, rows: int = 2, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class ReasonForm(forms.Form):
    reason = _text(_("Reason"), max_length=500)


class DocumentForm(forms.Form):
    document = forms.CharField(label=_("Number of the approval"), max_length=100)


class EmptyForm(forms.Form):
    """Nothing to fill in: the act is only confirmed."""


class ProgrammeForm(forms.Form):
    code = forms.CharField(label=_("code"), max_length=40)
    name = forms.CharField(label=_("name"), max_length=200)
    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("unit"))
    target_people = forms.IntegerField(label=_("target, people"), min_value=1)
    envelope = forms.ModelChoiceField(Envelope.objects.all(), label=_("envelope"), required=False)
    starts_on = _day(_("starts on"))
    ends_on = _day(_("ends on"))

    def __init__(self, *args: Any, user: User, programme: Programme | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_in_scope(user, Role.TALENT_OFFICE)
        self.fields["unit"].queryset = units
        self.fields["envelope"].queryset = Envelope.objects.filter(unit__in=units)
        if programme:
            del self.fields["code"], self.fields["unit"]


class TargetForm(forms.Form):
    track = forms.ChoiceField(label=_("track"), choices=Track.choices)
    people = forms.IntegerField(label=_("people"), min_value=0)
    slots = forms.IntegerField(label=_("established posts"), min_value=0, initial=0)


class CampaignForm(forms.Form):
    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("programme"))
    code = forms.CharField(label=_("code"), max_length=40, help_text=_("Letters, digits, - and _; it never changes."))
    name = forms.CharField(label=_("name"), max_length=200)
    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("unit"))
    profile = forms.ChoiceField(
        label=_("rules started from"), help_text=_("The profile also fixes the track. Every rule can be changed later.")
    )
    slot_type = forms.ChoiceField(label=_("type of post"), choices=SlotType.choices)
    batch_group = forms.CharField(
        label=_("batch group"),
        max_length=40,
        required=False,
        help_text=_("Campaigns of one group share one application per person. Empty: the campaign alone."),
    )
    registration_opens_at = Moment(label=_("registration opens"))
    registration_closes_at = Moment(label=_("registration closes"), help_text=_("Empty: as the rules give it."))

    def __init__(self, *args: Any, user: User, programmes: QuerySet[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes
        self.fields["unit"].queryset = units_in_scope(user, Role.TALENT_OFFICE)
        self.fields["profile"].choices = profile_choices()


class CampaignEditForm(forms.Form):
    name = forms.CharField(label=_("name"), max_length=200)
    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    batch_group = forms.CharField(label=_("batch group"), max_length=40, required=False)


class CloneForm(forms.Form):
    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("programme"))
    code = forms.CharField(label=_("code"), max_length=40)
    name = forms.CharField(label=_("name"), max_length=200)

    def __init__(self, *args: Any, programmes: QuerySet[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes


class SourceForm(forms.Form):
    """The campaign whose rules are taken over."""

    source = forms.ModelChoiceField(
        label=_("Campaign"), queryset=Campaign.objects.none(), help_text=_("Campaigns of the same track, newest first.")
    )

    def __init__(self, *args: Any, campaigns: QuerySet[Campaign], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = campaigns  # type: ignore[attr-defined]


class MilestoneForm(forms.Form):
    starts_at = Moment(label=_("planned start"))
    ends_at = Moment(label=_("planned end"))
    reason = _text(_("Reason"), required=False, help_text=_("Needed once the campaign is published."))


class AnnouncementForm(forms.Form):
    title = forms.CharField(label=_("title"), max_length=200)
    body = _text(_("text"), rows=24)
    reason = _text(_("reason of the amendment"), required=False)

    def __init__(self, *args: Any, amends: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if amends:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]


class PositionFilterForm(forms.Form):
    q = forms.CharField(label=_("Code, position or unit"), max_length=60, required=False)
    state = forms.ChoiceField(label=_("state"), required=False, choices=[("", _("All")), *PositionState.choices])
    person = forms.ChoiceField(
        label=_("Conditions"),
        required=False,
        choices=[("", _("All")), ("ask", _("a person must judge")), ("read", _("read in full"))],
    )


class PositionForm(forms.Form):
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("unit"))
    code = forms.CharField(label=_("position code"), max_length=40)
    name = forms.CharField(label=_("position"), max_length=200)
    headcount = forms.IntegerField(label=_("planned headcount"), min_value=1)
    category = forms.ChoiceField(label=_("category"), choices=PositionCategory.choices, initial=PositionCategory.OTHER)
    age = forms.CharField(label=_("age"), max_length=200, required=False)
    education = forms.CharField(label=_("education"), max_length=200, required=False)
    degree = forms.CharField(label=_("degree"), max_length=200, required=False)
    major = _text(_("majors"), required=False)
    other = _text(_("other conditions"), required=False)

    TEXTS = ("age", "education", "degree", "major", "other")

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class PositionEditForm(PositionForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, units=Unit.objects.none(), **kwargs)
        for name in ("unit", "code", "category"):
            del self.fields[name]


class CatalogueForm(TableForm):
    name = forms.CharField(
        label=_("name"),
        max_length=100,
        help_text=_("As announcements print it, without the year: 广东省公务员录用专业参考目录."),
    )
    edition = forms.IntegerField(label=_("edition, year"), min_value=1990, max_value=2100)
    file = forms.FileField(
        label=_("Table"),
        help_text=_(
            "The published table (.xls, .xlsx or CSV): codes such as A010101, names beside them, old names and broad "
            "groups."
        ),
    )
    field_order = ("name", "edition", "file")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if "name" in values and "edition" in values:
            try:
                domain.check_catalogue(values["name"], values["edition"])
            except Refused as refusal:
                self.add_error(refusal.code, refusal.message)
        return values


class DayForm(forms.Form):
    date = _day(_("date"))
    is_working = forms.TypedChoiceField(
        label=_("kind"),
        choices=[("0", _("holiday")), ("1", _("working day"))],
        coerce=lambda value: value == "1",
    )
    name = forms.CharField(label=_("name"), max_length=60)
