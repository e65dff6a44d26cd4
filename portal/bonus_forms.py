"""The form of a claim of bonus: the ground, how long one served, and the document that proves it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms import with_choose
from recruitment.candidates.enums import DocumentKind
from recruitment.candidates.models import CandidateDocument
from recruitment.examinations.bonus import ground_name
from rulebook.ruleset.examination import BonusRules


class BonusForm(forms.Form):
    """It hints; the verb decides. Years and months are asked only where the announcement counts them."""

    ground = forms.ChoiceField(label=_("Ground of bonus"))
    years = forms.IntegerField(
        label=_("Years of service"), min_value=0, max_value=50, required=False,
        help_text=_("As the certificate says. Only full years give points."),
    )  # fmt: skip
    months = forms.IntegerField(label=_("and months beyond them"), min_value=0, max_value=11, required=False)
    document = forms.ChoiceField(
        label=_("Proof: a document you handed in"),
        required=False,
        help_text=_("Choose one, or hand in a new one below."),
    )
    file = forms.FileField(
        label=_("Proof: a new document"), required=False,
        help_text=_("JPG, PNG or PDF. A photo of all four corners taken with a phone is fine."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, rules: BonusRules, left: Sequence[str], documents: list[CandidateDocument], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        items = [item for item in rules.items if item.kind in left]
        grounds = [(item.kind, ground_name(item.kind)) for item in items]
        self.fields["ground"].choices = grounds if len(grounds) == 1 else with_choose(grounds)  # type: ignore[attr-defined]
        if not any(item.per_year for item in items):
            del self.fields["years"], self.fields["months"]
        elif all(item.per_year for item in items):
            self.fields["years"].required = True
        else:
            self.fields["years"].help_text = _(
                "As the certificate says. Only full years give points. Leave it empty for a ground with fixed points."
            )
        self.documents = {str(row.pk): row for row in documents if row.kind != DocumentKind.PHOTO}
        named = [(key, f"{row.get_kind_display()} · {row.file.name}") for key, row in self.documents.items()]
        if named:
            self.fields["document"].choices = with_choose(named)  # type: ignore[attr-defined]
        else:
            del self.fields["document"]
            self.fields["file"].required = True
            self.fields["file"].label = _("Proof")

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors and not told.get("document") and not told.get("file"):
            self.add_error("document", _("Choose a document, or hand in a new one. Nothing was saved."))
        return told

    @property
    def all_months(self) -> int:
        """Years and months together, 0 where none were given."""
        return int((self.cleaned_data.get("years") or 0) * 12 + (self.cleaned_data.get("months") or 0))
