"""Sample values of every component, for the page on which the house style can be looked at."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from foundation.ui.components import Fact, Figure, LedgerLine, LedgerPart, Segment, TimelineStep, Verdict

COLOURS = (
    "paper", "surface", "sunken", "ink", "ink-2", "ink-3", "line", "rule", "vermilion", "vermilion-wash", "teal",
    "teal-wash", "ochre", "ochre-wash", "carmine", "carmine-wash", "chart-1", "chart-2", "chart-3", "chart-4",
)  # fmt: skip
SIZES = ("s", "m", "l", "xl", "2xl", "3xl", "4xl")


class SampleForm(forms.Form):
    """One field of each kind; sent empty it shows the errors."""

    name = forms.CharField(label=_("Sample"), help_text=_("A note in one line."))
    kind = forms.ChoiceField(label=_("Sample"), choices=[("", "…"), ("a", "A"), ("b", "B")])
    answer = forms.ChoiceField(label=_("Sample"), choices=[("yes", "A"), ("no", "B")], widget=forms.RadioSelect)
    words = forms.CharField(label=_("Sample"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    file = forms.FileField(label=_("Sample"), required=False)
    agreed = forms.BooleanField(label=_("Sample"))


def samples(now: datetime) -> dict[str, Any]:
    """What the page shows, by the name of the component tag that takes it."""
    return {
        "colours": COLOURS,
        "sizes": SIZES,
        "tones": [("", _("Sample")), ("done", _("Done")), ("now", _("Running")), ("warn", _("Waiting")),
                  ("fail", _("Failed"))],
        "steps": [
            TimelineStep(_("Done"), now - timedelta(days=9), "done", note=_("A note in one line.")),
            TimelineStep(_("Running"), now, "now", note=_("A note in one line.")),
            TimelineStep(_("Waiting"), now + timedelta(days=9), "next"),
            TimelineStep(_("Failed"), now + timedelta(days=10), "stopped"),
        ],
        "verdicts": [
            Verdict("18–38", _("Done"), "yes", mine="1998-04-15", source="§ 2"),
            Verdict("070201", _("Failed"), "no", mine="100201", source="§ 3"),
            Verdict("B2", _("Waiting"), "ask", mine="—", source="§ 4"),
        ],
        "until": now + timedelta(days=5, hours=17, minutes=46),
        "figures": [
            Figure("1,239", 1239, _("Sample"), note="100 %", definition=_("A note in one line."),
                   limits=_("A note in one line.")),
            Figure("160", 160, _("Sample")),
        ],
        "segments": [Segment("A", 1004), Segment("B", 61), Segment("C", 97), Segment("D", 77)],
        "facts": [Fact(_("Sample"), "林知微"), Fact(_("Sample"), "A")],
        "names": ["A", "B", "C"],
        "ledger": [
            LedgerPart(_("Sample"), [LedgerLine("A", "97.60"), LedgerLine("B", "88.50"), LedgerLine("A + B", "62.03")],
                       ["62.03 = (97.60 + 88.50) ÷ 3"], 2, now)
        ],
        "rows": [("0101", "A", 3), ("0102", "B", 12)],
        "form": SampleForm({}),
        "empty_form": SampleForm(prefix="plain"),
    }  # fmt: skip
