"""The questions of the what-if: how many people, which positions, batches and permits, until which day."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.templatetags.ui import day
from recruitment.reporting.what_if import Copy, Scenario
from rulebook.slots import SlotState

SHOWN = 40
MOST = 10_000
PLACE_OF = {"objections": "notice", "leaves": "on_post"}


class Choice(NamedTuple):
    """One thing that can be ticked: its value in the address, its number, more words for it, whether it is ticked."""

    value: str
    key: str
    words: str
    is_chosen: bool


def _slider(label: str | Promise, help_text: str | Promise = "", most: int = MOST) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=help_text, min_value=0, max_value=most, required=False)  # type: ignore[arg-type]


def _day(label: str | Promise) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)  # type: ignore[arg-type]


def _tick(label: str | Promise) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)  # type: ignore[arg-type]


class ScenarioForm(forms.Form):
    """What is supposed to happen. Fields of people stand for how many of those now at that step."""

    ratio = _slider(
        gettext_lazy("Opening ratio, to one"), gettext_lazy("0: not checked. Batches whose check is due."), 10
    )
    medical = _slider(gettext_lazy("Fail the medical exam"))
    inspection = _slider(gettext_lazy("Withdraw after the medical exam"))
    objections = _slider(gettext_lazy("Objection upheld during the notice"))
    notice = _slider(gettext_lazy("Withdraw during the notice"))
    after = _slider(gettext_lazy("Withdraw after approval"))
    leaves = _slider(gettext_lazy("Leave their post"))
    pool_leaves = _slider(gettext_lazy("Leave a post lent from the pool"))
    estimate = forms.ChoiceField(
        label=gettext_lazy("Whose places"),
        choices=[("hardest", gettext_lazy("nobody can follow")), ("mildest", gettext_lazy("someone can follow"))],
        required=False,
    )
    campaign = forms.ChoiceField(label=gettext_lazy("People of"), required=False)
    extended = _tick(gettext_lazy("Registration was extended before the ratio is checked"))
    passed = _tick(gettext_lazy("Then everyone under checks passes and comes under notice"))
    enter = _tick(gettext_lazy("Then everyone with a held post is entered"))
    permits_by = _day(gettext_lazy("No permit is renewed that ends before"))
    exits_by = _day(gettext_lazy("Planned exits happen until"))
    act = forms.ChoiceField(
        label=gettext_lazy("The chosen positions"),
        choices=[
            ("fail", gettext_lazy("fail the opening ratio")),
            ("cancel", gettext_lazy("are cancelled")),
            ("cut", gettext_lazy("are set to this headcount")),
        ],
        required=False,
    )
    headcount = _slider(gettext_lazy("Headcount of each"))
    position = forms.MultipleChoiceField(label=gettext_lazy("Positions"), required=False)
    void = forms.MultipleChoiceField(label=gettext_lazy("Batches voided"), required=False)
    permit = forms.MultipleChoiceField(label=gettext_lazy("Permits that run out"), required=False)
    withdrawn = forms.MultipleChoiceField(label=gettext_lazy("Notices taken down"), required=False)

    def __init__(self, *args: Any, copy: Copy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        situation = copy.situation
        self.copy = copy
        campaigns = [(row.key, row.key) for row in situation.campaigns]
        self._choices("campaign", [("", _("all batches")), *campaigns])
        self._choices("position", [(str(pk), offer.key) for pk, offer in copy.offers.items()])
        self._choices("void", [(row.key, row.key) for row in situation.campaigns if not row.is_voided])
        used = {slot.permit for slot in situation.slots if slot.permit}
        in_force = sorted((end, number) for number, end in situation.permits.items() if number in used)
        self._choices("permit", [(number, day(end)) for end, number in in_force])
        owner = {row.key: row.campaign for row in situation.positions}
        noticed = {owner[row.position] for row in situation.people if row.place == "notice"}
        self._choices("withdrawn", [(key, key) for key in sorted(noticed)])
        self._count_people()

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _count_people(self) -> None:
        """How many are at each step now: the end of its slider, and its hint."""
        situation = self.copy.situation
        lent = sum(slot.is_pool and slot.state == SlotState.USED and slot.person != "" for slot in situation.slots)
        there = Counter(str(row.place) for row in situation.people)
        for name in ("medical", "inspection", "objections", "notice", "after", "leaves", "pool_leaves"):
            most = lent if name == "pool_leaves" else there[PLACE_OF.get(name, name)]
            self.fields[name].most = most  # type: ignore[attr-defined]
            self.fields[name].help_text = _("%(n)s are there now.") % {"n": most}
        self.fields["ratio"].most = 10  # type: ignore[attr-defined]

    def sliders(self) -> list[forms.BoundField]:
        """Fields that are numbers of people, in the order of the steps."""
        return [row for row in self if hasattr(row.field, "most")]

    def selects(self) -> list[forms.BoundField]:
        """Whose places and until when."""
        return [self[name] for name in ("estimate", "campaign", "permits_by", "exits_by")]

    def ticks(self) -> list[forms.BoundField]:
        """What is supposed as a whole."""
        return [self[name] for name in ("extended", "passed", "enter")]

    def is_choosing(self) -> bool:
        """True while something of the lists is ticked."""
        return any(self._ticked(name) for name in ("position", "void", "permit", "withdrawn"))

    def scenario(self) -> Scenario:
        """The answers as a scenario; nothing happens while an answer is wrong."""
        if not self.is_valid():
            return Scenario()
        told = self.cleaned_data
        keys = tuple(self.copy.offers[int(pk)].key for pk in told["position"])
        act = told["act"] or "fail"
        due = tuple(
            row.key
            for row in self.copy.situation.campaigns
            if row.ratio_due and row.opening.k is not None and told["campaign"] in ("", row.key)
        )
        return Scenario(
            ratio=told["ratio"] or 0, is_extended=told["extended"], fails=keys if act == "fail" else (),
            cancels=keys if act == "cancel" else (), cuts=keys if act == "cut" else (),
            cut_to=told["headcount"] or 0, voids=tuple(told["void"]), medical=told["medical"] or 0,
            inspection=told["inspection"] or 0, objections=told["objections"] or 0, notice=told["notice"] or 0,
            after=told["after"] or 0, leaves=told["leaves"] or 0, pool_leaves=told["pool_leaves"] or 0,
            permits=tuple(told["permit"]), permits_by=told["permits_by"], exits_by=told["exits_by"],
            notices=tuple(told["withdrawn"]), everyone_noticed=told["passed"], everyone_enters=told["enter"],
            estimate=told["estimate"] or "hardest", campaign=told["campaign"], ratio_campaigns=due,
        )  # fmt: skip

    def offered(self, words: str) -> dict[str, list[Choice]]:
        """What can be ticked: what is ticked already, then what the words find; of positions those with posts."""
        open_positions = {slot.position for slot in self.copy.situation.slots if slot.state == SlotState.RESERVED}
        positions = [
            (str(pk), row.key, f"{row.unit} {row.name}")
            for pk, row in self.copy.offers.items()
            if row.key in open_positions or str(pk) in self._ticked("position")
        ]
        permits = [(value, value, _("until %(day)s") % {"day": end}) for value, end in self._offers("permit")]
        plain = {name: [(value, value, "") for value, _key in self._offers(name)] for name in ("void", "withdrawn")}
        rows = {"position": positions, "permit": permits, **plain}
        return {name: _found(rows[name], self._ticked(name), words.split()[:6]) for name in rows}

    def _offers(self, name: str) -> list[tuple[str, Any]]:
        return self.fields[name].choices  # type: ignore[attr-defined, no-any-return]

    def _ticked(self, name: str) -> list[str]:
        return self.data.getlist(name) if self.data else []  # type: ignore[attr-defined, no-any-return]


def _found(rows: Iterable[tuple[str, str, str]], chosen: list[str], words: list[str]) -> list[Choice]:
    ticked: list[Choice] = []
    found: list[Choice] = []
    for value, key, more in rows:
        if value in chosen:
            ticked.append(Choice(value, key, more, True))
        elif len(found) < SHOWN and all(word in f"{key} {more}" for word in words):
            found.append(Choice(value, key, more, False))
    return ticked + found
