"""Filters and forms of the press; what a list must be like is decided by the verbs."""

import csv
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.planning.models import Campaign
from recruitment.publications.models import PublicationKind, PublicationState

MOST_TABLE_ROWS = 2000


class ListFilter(forms.Form):
    """Which lists are shown; every field may stay empty."""

    q = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=60)
    campaign = forms.ModelChoiceField(
        label=gettext_lazy("Campaign"), queryset=Campaign.objects.none(), required=False, to_field_name="code",
        empty_label=gettext_lazy("All"),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[("", gettext_lazy("All")), *PublicationKind.choices], required=False
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), choices=[("", gettext_lazy("All")), *PublicationState.choices], required=False
    )


class EmptyForm(forms.Form):
    """Nothing to fill in: the act is only confirmed."""


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)


class MomentForm(forms.Form):
    at = forms.DateTimeField(
        label=gettext_lazy("Day and hour of the release"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Beijing time. The list goes out within a minute of it."),
    )


class FreeNoticeForm(forms.Form):
    """A notice in free words, with a table pasted from a spreadsheet where it needs one."""

    campaign = forms.ModelChoiceField(
        label=gettext_lazy("Campaign"), queryset=Campaign.objects.none(), to_field_name="code"
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=10_000,
        help_text=gettext_lazy("Each line becomes a paragraph. No ID numbers and no private mobile numbers."),
    )
    table = forms.CharField(
        label=gettext_lazy("Table"),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        strip=False,
        help_text=gettext_lazy("Paste it from a spreadsheet. The first line holds the headings."),
    )

    def __init__(self, *args: Any, campaigns: QuerySet[Campaign], corrects: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if corrects:
            del self.fields["campaign"]
        else:
            self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]

    def clean_table(self) -> list[list[str]]:
        """The cells of the pasted lines; each line must have as many as the headings."""
        lines = [line for line in self.cleaned_data["table"].splitlines() if line.strip()]
        rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter="\t")]
        if len(rows) > MOST_TABLE_ROWS:
            raise forms.ValidationError(
                _("The table has %(rows)s lines; at most %(most)s fit into a notice.")
                % {"rows": len(rows), "most": MOST_TABLE_ROWS}
            )
        for number, row in enumerate(rows, start=1):
            if len(row) != len(rows[0]):
                raise forms.ValidationError(
                    _("Line %(line)s has %(cells)s cells, the headings have %(columns)s.")
                    % {"line": number, "cells": len(row), "columns": len(rows[0])}
                )
        return rows


def pasted(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The table as a spreadsheet would paste it, so that a notice can be written anew from an earlier one."""
    return "\n".join("\t".join(row) for row in [head, *rows]) if head else ""
