from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from recruitment.selection.models import SelectionResult


class PanelForm(forms.Form):
    """Who marks; the chair is one of them."""

    judges = forms.ModelMultipleChoiceField(
        label=_("Judges"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    chair = forms.ModelChoiceField(label=_("Chair"), queryset=User.objects.none())
    external = forms.ModelMultipleChoiceField(
        label=_("Judges from outside"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Those of the judges who do not work for the offices and units of this campaign."),
    )

    def __init__(self, *args: Any, experts: QuerySet[User], least: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("judges", "chair", "external"):
            self.fields[name].queryset = experts  # type: ignore[attr-defined]
        self.fields["judges"].help_text = _("The rules ask for at least %(n)s.") % {"n": least}
        self.fields["chair"].help_text = _("One of the judges you chose.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        chair, judges = given.get("chair"), given.get("judges")
        if chair and judges is not None and chair not in judges:
            self.add_error("chair", _("The chair must be one of the judges."))
        return given

    def in_order(self) -> list[User]:
        """The judges, the chair first."""
        chair = self.cleaned_data["chair"]
        return [chair, *(judge for judge in self.cleaned_data["judges"] if judge != chair)]


class ExtraTestForm(forms.Form):
    """A mark for each of those whose tie crosses the last place."""

    def __init__(self, *args: Any, waiting: list[SelectionResult], most: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for result in waiting:
            number = result.application.registration_no
            self.fields[number] = forms.DecimalField(
                label=f"{number}，{result.application.position.code}",
                min_value=Decimal(0),
                max_value=most,
                decimal_places=2,
                initial=result.extra_test,
            )


class VotesForm(forms.Form):
    """How many judges were in favour of each of those who stand alone on their position (R62)."""

    def __init__(self, *args: Any, people: list[SelectionResult], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for result in people:
            number = result.application.registration_no
            label = f"{number}，{result.application.position.code}"
            self.fields[number] = forms.IntegerField(label=label, min_value=0)


class AgreementForm(forms.Form):
    """The agreement as signed on paper."""

    number = forms.CharField(label=_("Agreement number"), max_length=60)
    signed_on = forms.DateField(label=_("Signed on"), widget=forms.DateInput(attrs={"type": "date"}))
    service_years = forms.IntegerField(label=_("Agreed years of service"), min_value=0, max_value=30)
    degree_due_on = forms.DateField(
        label=_("Degree due by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Only if the diploma or degree is still to come."),
    )
    document = forms.FileField(
        label=_("Signed agreement"),
        required=False,
        help_text=_("PDF, JPG or PNG; opened only by the offices concerned."),
    )


class DegreeForm(forms.Form):
    """The day on which the diploma or degree was shown."""

    shown_on = forms.DateField(label=_("Shown on"), widget=forms.DateInput(attrs={"type": "date"}))
