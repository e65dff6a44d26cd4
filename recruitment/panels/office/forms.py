"""The score sheet as a form: one mark for each criterion of the panel."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from recruitment.panels.models import Panel
from recruitment.panels.queries import criterion_name


class SheetForm(forms.Form):
    """Marks from 0 to each full mark, and a comment. The verb judges them again."""

    comment = forms.CharField(
        label=gettext_lazy("Comment"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, panel: Panel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.panel = panel
        for number, criterion in enumerate(panel.criteria):
            most = Decimal(criterion["full_mark"])
            self.fields[f"mark_{number}"] = forms.DecimalField(
                label=criterion_name(criterion["name"]),
                min_value=0,
                max_value=most,
                decimal_places=2,
                widget=forms.NumberInput(
                    attrs={"inputmode": "decimal", "step": "0.01", "data-mark": criterion["weight"], "data-most": most}
                ),
                error_messages={
                    "required": _("Give a mark from 0 to %(most)s.") % {"most": most},
                    "max_value": _("At most %(most)s can be given.") % {"most": most},
                },
            )

    def marks(self) -> dict[str, Decimal]:
        """Criterion code → mark."""
        given = self.cleaned_data
        return {criterion["code"]: given[f"mark_{number}"] for number, criterion in enumerate(self.panel.criteria)}

    def mark_fields(self) -> list[tuple[forms.BoundField, str]]:
        """Each mark's field with the most it can give."""
        return [(self[f"mark_{number}"], item["full_mark"]) for number, item in enumerate(self.panel.criteria)]

    def hidden(self) -> list[tuple[str, Any]]:
        """The cleaned answers, to be sent once more with the confirmation."""
        return [(name, self.cleaned_data[name]) for name in self.fields]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class SeatForm(forms.Form):
    """Who is seated, and whether from outside."""

    user = forms.ModelChoiceField(label=gettext_lazy("Judge"), queryset=User.objects.none())
    is_external = forms.BooleanField(label=gettext_lazy("from outside"), required=False)

    def __init__(self, *args: Any, experts: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = experts  # type: ignore[attr-defined]
