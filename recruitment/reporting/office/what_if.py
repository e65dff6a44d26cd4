"""The screen of the what-if: a form whose answers stand in the address, and what becomes of the posts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.policies import roles_of
from campaigns.planning.enums import Track
from campaigns.planning.models import Programme
from foundation.language import rule_language
from foundation.ui.components import Segment
from foundation.ui.office import OfficePage
from recruitment.reporting.office.views import readable_programmes, user_of
from recruitment.reporting.policies import SIMULATORS, may_simulate
from recruitment.reporting.what_if import Copy, Scenario, copy_of, key_of
from rulebook.counting import percentage
from rulebook.explanation import RuleError
from rulebook.slots import SlotState
from rulebook.what_if import Outcome, Situation, count_states, simulate

SHOWN = 40
MOST = 10_000
PARTS = ("used", "held", "reserved", "free")
PART_OF = {SlotState.USED: "used", SlotState.HELD: "held", SlotState.RESERVED: "reserved"}
TONES = {"stop": "fail", "duty": "warn", "note": ""}


@dataclass
class Line:
    """A row of the table before and after: posts by part; `name` is what the row stands for."""

    name: str | Promise
    before: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    after: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))

    @property
    def cells(self) -> list[tuple[int, int, int]]:
        """(before, after, difference) of each part."""
        return [(self.before[part], self.after[part], self.after[part] - self.before[part]) for part in PARTS]

    @property
    def is_changed(self) -> bool:
        return self.before != self.after

    @property
    def total(self) -> int:
        return sum(self.after.values())


def _slider(label: str | Promise, help_text: str | Promise = "", most: int = MOST) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=help_text, min_value=0, max_value=most, required=False)  # type: ignore[arg-type]


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
    estimate = forms.ChoiceField(
        label=gettext_lazy("Whose places"),
        choices=[("hardest", gettext_lazy("nobody can follow")), ("mildest", gettext_lazy("someone can follow"))],
        required=False,
    )
    campaign = forms.ChoiceField(label=gettext_lazy("People of"), required=False)
    enter = forms.BooleanField(label=gettext_lazy("Then everyone with a held post is entered"), required=False)
    act = forms.ChoiceField(
        label=gettext_lazy("The chosen positions"),
        choices=[("fail", gettext_lazy("fail the opening ratio")), ("cancel", gettext_lazy("are cancelled"))],
        required=False,
    )
    position = forms.MultipleChoiceField(required=False)
    permit = forms.MultipleChoiceField(label=gettext_lazy("Permits that run out"), required=False)
    withdrawn = forms.MultipleChoiceField(label=gettext_lazy("Notices taken down"), required=False)

    def __init__(self, *args: Any, copy: Copy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        situation = copy.situation
        self.copy = copy
        campaigns = [(row.key, row.key) for row in situation.campaigns]
        self._choices("campaign", [("", _("all batches")), *campaigns])
        self._choices("position", [(str(pk), key_of(row)) for pk, row in copy.positions.items()])
        permits = {slot.permit for slot in situation.slots if slot.permit} - situation.expired_permits
        self._choices("permit", [(number, number) for number in sorted(permits)])
        owner = {row.key: row.campaign for row in situation.positions}
        noticed = {owner[row.position] for row in situation.people if row.place == "notice"}
        self._choices("withdrawn", [(key, key) for key in sorted(noticed)])
        there = {"objections": "notice", "leaves": "on_post"}
        for name in ("medical", "inspection", "objections", "notice", "after", "leaves"):
            most = sum(row.place == there.get(name, name) for row in situation.people)
            self.fields[name].most = most  # type: ignore[attr-defined]
            self.fields[name].help_text = _("%(n)s are there now.") % {"n": most}
        self.fields["ratio"].most = 10  # type: ignore[attr-defined]

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def sliders(self) -> list[forms.BoundField]:
        """Fields that are numbers, in the order of the steps."""
        return [row for row in self if isinstance(row.field, forms.IntegerField)]

    def scenario(self) -> Scenario:
        """The answers as a scenario; nothing happens while an answer is wrong."""
        if not self.is_valid():
            return Scenario()
        told = self.cleaned_data
        keys = tuple(key_of(self.copy.positions[int(pk)]) for pk in told["position"])
        is_cancelled = told["act"] == "cancel"
        due = tuple(
            row.key
            for row in self.copy.situation.campaigns
            if row.ratio_due and row.opening.k is not None and told["campaign"] in ("", row.key)
        )
        return Scenario(
            ratio=told["ratio"] or 0, fails=() if is_cancelled else keys, cancels=keys if is_cancelled else (),
            medical=told["medical"] or 0, inspection=told["inspection"] or 0, objections=told["objections"] or 0,
            notice=told["notice"] or 0, after=told["after"] or 0, leaves=told["leaves"] or 0,
            permits=tuple(told["permit"]), notices=tuple(told["withdrawn"]), everyone_enters=told["enter"],
            estimate=told["estimate"] or "hardest", campaign=told["campaign"], ratio_campaigns=due,
        )  # fmt: skip


class WhatIf(OfficePage):
    """Numbers on a copy in memory; the page reads and never writes."""

    rule = may_simulate
    page_title = gettext_lazy("What if")
    template_name = "reporting/what_if.html"

    def find(self, request: HttpRequest, **kwargs: Any) -> Programme:
        """A programme of the county offices' own reach; 404 for people who simulate nowhere."""
        user = request.user
        if not isinstance(user, User) or not may_simulate(user):
            raise Http404
        found = get_object_or_404(readable_programmes(user), code=kwargs["code"], envelope__isnull=False)
        covering = [path for role, path in roles_of(user) if role in SIMULATORS]
        if not any(found.unit.path.startswith(path) for path in covering):
            raise Http404
        return found

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Figures"), f"/admin/figures/?programme={self.subject.code}")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        copy = copy_of(self.subject)
        user_of(self.request)
        form = ScenarioForm(self.request.GET or None, copy=copy)
        try:
            outcome = simulate(copy.situation, form.scenario().events())
        except RuleError as problem:
            form.add_error(None, problem.text(rule_language()))
            outcome = simulate(copy.situation, ())
        return super().get_context_data(
            form=form,
            words=self.request.GET.get("q", ""),
            positions=_offered(copy, self.request.GET.getlist("position"), self.request.GET.get("q", "")),
            **result_of(copy, outcome, self.subject),
            **kwargs,
        )


def _offered(copy: Copy, chosen: Sequence[str], words: str) -> list[tuple[int, str, str, bool]]:
    """(id, key, unit and name, is chosen): the chosen ones first, then what the words find among open positions."""
    bound = {slot.position for slot in copy.situation.slots if slot.state == SlotState.RESERVED}
    rows = [
        (pk, key_of(row), f"{row.unit} {row.name}", str(pk) in chosen)
        for pk, row in copy.positions.items()
        if str(pk) in chosen or key_of(row) in bound
    ]
    found = [row for row in rows if not row[3] and all(word in f"{row[1]} {row[2]}" for word in words.split()[:6])]
    return [row for row in rows if row[3]] + found[:SHOWN]


def lines_by(outcome: Outcome, group: str, names: dict[str, Any]) -> list[Line]:
    """One line for each value of the group, before and after; sums over the lines are the whole envelope."""
    lines: dict[str, Line] = {}
    for situation, side in ((outcome.before, "before"), (outcome.after, "after")):
        for key, states in count_states(situation, group).items():  # type: ignore[arg-type]
            line = lines.setdefault(key, Line(names.get(key, key)))
            for state, number in states.items():
                getattr(line, side)[PART_OF.get(state, "free")] += number
    return [lines[key] for key in sorted(lines, key=lambda key: (not key, key))]


def _whole(outcome: Outcome) -> Line:
    whole = Line(_("Total"))
    for line in lines_by(outcome, "track", {}):
        for part in PARTS:
            whole.before[part] += line.before[part]
            whole.after[part] += line.after[part]
    return whole


def _segments(parts: dict[str, int]) -> list[Segment]:
    names = {"used": _("Used"), "held": _("Held"), "reserved": _("Published"), "free": _("Not published")}
    return [Segment(names[part], parts[part]) for part in PARTS]


def _entered(situation: Situation) -> int:
    return sum(row.place == "on_post" for row in situation.people)


def result_of(copy: Copy, outcome: Outcome, programme: Programme) -> dict[str, Any]:
    """Everything the lower half of the page shows."""
    language, whole = rule_language(), _whole(outcome)
    tracks: dict[str, Any] = {str(key): label for key, label in Track.choices} | {"": _("Not in a batch")}
    units = lines_by(outcome, "unit", {**copy.unit_names, "": _("Not allocated yet")})
    size = whole.total
    return {
        "whole": whole,
        "size": size,
        "bars": [(_("Now"), _segments(whole.before)), (_("Then"), _segments(whole.after))],
        "tracks": lines_by(outcome, "track", tracks),
        "units": [line for line in units if line.is_changed],
        "unchanged": sum(not line.is_changed for line in units),
        "rate": percentage(whole.after["used"], size),
        "target": programme.target_people,
        "people": (_entered(outcome.before), _entered(outcome.after)),
        "released": sum(move.target == SlotState.RELEASED for move in outcome.moves),
        "calls": outcome.calls,
        "flags": [
            (TONES[row.kind], _kind(row.kind), row.explanation.text(language), row.source) for row in outcome.flags
        ],
        "steps": [row.text(language) for row in outcome.steps[:200]],
        "more_steps": max(0, len(outcome.steps) - 200),
    }


def _kind(kind: str) -> str:
    return {"stop": _("Not allowed"), "duty": _("Duty"), "note": _("Limit")}[kind]
