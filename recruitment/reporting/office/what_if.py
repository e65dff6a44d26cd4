"""The screen of the what-if: a form whose answers stand in the address, and what becomes of the posts."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts.models import User
from accounts.policies import roles_of
from campaigns.planning.enums import Track
from campaigns.planning.models import Programme
from foundation.language import rule_language
from foundation.tables.export import watermark
from foundation.ui.components import Segment
from foundation.ui.exports import xlsx_response
from foundation.ui.office import OfficePage
from recruitment.reporting.office.views import readable_programmes, user_of
from recruitment.reporting.office.what_if_form import SHOWN as OFFERED
from recruitment.reporting.office.what_if_form import ScenarioForm
from recruitment.reporting.policies import SIMULATORS, may_simulate
from recruitment.reporting.what_if import Copy, copy_of
from rulebook.counting import percentage
from rulebook.explanation import RuleError
from rulebook.slots import SlotState
from rulebook.what_if import Outcome, Situation, count_states, simulate

SHOWN = 60
PARTS = ("used", "held", "reserved", "free")
PART_OF = {SlotState.USED: "used", SlotState.HELD: "held", SlotState.RESERVED: "reserved"}
TONES = {"stop": "fail", "duty": "warn", "note": ""}


@dataclass
class Line:
    """A row of the table before and after: posts by part; `name` is what the row stands for."""

    name: str | Promise
    before: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    after: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))

    def cells(self) -> list[tuple[int, int, int]]:
        """(before, after, difference) of each part."""
        return [(self.before[part], self.after[part], self.after[part] - self.before[part]) for part in PARTS]

    @property
    def change(self) -> int:
        """How many posts are in another part than before."""
        return sum(abs(after - before) for before, after, _change in self.cells())

    @property
    def total(self) -> int:
        return sum(self.after.values())


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

    @cached_property
    def _played(self) -> tuple[ScenarioForm, Outcome]:
        """The answers and what becomes of the copy; nothing is played while an answer is wrong."""
        copy = copy_of(self.subject)
        form = ScenarioForm(self.request.GET or None, copy=copy)
        try:
            return form, simulate(copy.situation, form.scenario().events())
        except RuleError as problem:
            form.add_error(None, problem.text(rule_language()))
            return form, simulate(copy.situation, ())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | FileResponse:  # type: ignore[override]
        if request.GET.get("export") == "xlsx" and not self._played[0].errors:
            return self._export()
        return super().get(request, *args, **kwargs)

    def _export(self) -> FileResponse:
        """The table of every track and unit, the flags and the calls as a sheet; only that it was taken is noted."""
        form, outcome = self._played
        user, asked = user_of(self.request), self.request.GET.urlencode()
        audit.record(actor=user, action="reporting.export", subject=self.subject, after={"what_if": asked[:1000]})
        sheet = (_("What if"), sheet_header(), sheet_rows(form.copy, outcome))
        return xlsx_response(
            f"what-if-{self.subject.code}.xlsx", [sheet], mark=watermark(user.username, timezone.now())
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form, outcome = self._played
        words = self.request.GET.get("q", "")
        sheet = self.request.GET.copy()
        sheet["export"] = "xlsx"
        return super().get_context_data(
            form=form, words=words, sheet=sheet.urlencode(), shown=OFFERED,
            lists=[(form[name], choices) for name, choices in form.offered(words).items()],
            is_choosing=bool(words) or form.is_choosing(),
            **result_of(form.copy, outcome, self.subject), **kwargs,
        )  # fmt: skip


def lines_by(outcome: Outcome, group: str, names: dict[str, Any]) -> list[Line]:
    """One line for each value of the group, before and after; sums over the lines are the whole envelope."""
    lines: dict[str, Line] = {}
    for situation, side in ((outcome.before, "before"), (outcome.after, "after")):
        for key, states in count_states(situation, group).items():  # type: ignore[arg-type]
            line = lines.setdefault(key, Line(names.get(key, key)))
            for state, number in states.items():
                getattr(line, side)[PART_OF.get(state, "free")] += number
    return [lines[key] for key in sorted(lines, key=lambda key: (not key, key))]


def whole_of(lines: list[Line]) -> Line:
    """The sum of the lines."""
    whole = Line(_("Total"))
    for line in lines:
        for part in PARTS:
            whole.before[part] += line.before[part]
            whole.after[part] += line.after[part]
    return whole


def _segments(parts: dict[str, int]) -> list[Segment]:
    names = {"used": _("Used"), "held": _("Held"), "reserved": _("Published"), "free": _("Not published")}
    return [Segment(names[part], parts[part]) for part in PARTS]


@dataclass(frozen=True)
class Counts:
    """People on their posts, places that nobody fills and that gave their post back, positions cancelled."""

    hired: int
    empty: int
    cancelled: int


def counts_of(situation: Situation) -> Counts:
    """What leaders ask first, over the whole situation."""
    claims = Counter(slot.position for slot in situation.slots)
    standing = [row for row in situation.positions if not row.is_cancelled]
    return Counts(
        hired=sum(row.place == "on_post" for row in situation.people),
        empty=sum(max(0, row.effective - claims[row.key]) for row in standing),
        cancelled=len(situation.positions) - len(standing),
    )


def table_lines(copy: Copy, outcome: Outcome) -> tuple[list[Line], list[Line]]:
    """The lines by track and those by unit, each adding up to the envelope."""
    tracks: dict[str, Any] = {str(key): label for key, label in Track.choices} | {"": _("Not in a batch")}
    units = lines_by(outcome, "unit", {**copy.unit_names, "": _("Not allocated yet")})
    return lines_by(outcome, "track", tracks), units


def result_of(copy: Copy, outcome: Outcome, programme: Programme) -> dict[str, Any]:
    """Everything the lower half of the page shows; of the units those that change most."""
    language = rule_language()
    tracks, units = table_lines(copy, outcome)
    whole = whole_of(tracks)
    size = whole.total
    changed = sorted((line for line in units if line.change), key=lambda line: -line.change)
    return {
        "whole": whole,
        "size": size,
        "bars": [(_("Now"), _segments(whole.before)), (_("Then"), _segments(whole.after))],
        "tracks": tracks,
        "units": changed[:SHOWN],
        "more_units": len(changed[SHOWN:]),
        "unchanged": len(units) - len(changed),
        "rate": percentage(whole.after["used"], size),
        "target": programme.target_people,
        "counts": (counts_of(outcome.before), counts_of(outcome.after)),
        "released": sum(move.target == SlotState.RELEASED for move in outcome.moves),
        "calls": outcome.calls[:SHOWN],
        "more_calls": len(outcome.calls[SHOWN:]),
        "flags": told_flags(outcome),
        "steps": [row.text(language) for row in outcome.steps[:200]],
        "more_steps": max(0, len(outcome.steps) - 200),
    }


@dataclass
class Told:
    """What law or rules say, by which clause; `others` are the same said of other positions, people or permits."""

    tone: str
    kind: str
    text: str
    source: str
    others: list[str] = field(default_factory=list)


def told_flags(outcome: Outcome) -> list[Told]:
    """Flags of one kind together; what may not be done comes first, then duties."""
    language, kinds = rule_language(), {"stop": _("Not allowed"), "duty": _("Duty"), "note": _("Limit")}
    told: dict[tuple[str, str], Told] = {}
    for row in sorted(outcome.flags, key=lambda row: list(kinds).index(row.kind)):
        text, key = row.explanation.text(language), (row.kind, row.explanation.code)
        if key in told:
            told[key].others.append(text)
        else:
            told[key] = Told(TONES[row.kind], kinds[row.kind], text, row.source)
    return list(told.values())


def sheet_header() -> list[str]:
    """The columns of the sheet: each part of the posts now, then, and the difference."""
    words = (_("%(part)s now"), _("%(part)s then"), _("%(part)s difference"))
    parts = [str(row.name) for row in _segments(dict.fromkeys(PARTS, 0))]
    return [_("Table"), _("Row"), *(word % {"part": part} for part in parts for word in words)]


def sheet_rows(copy: Copy, outcome: Outcome) -> Iterator[list[str | int]]:
    """Lines of the sheet: tracks, units, their sum, flags with their clauses, replacements."""
    tracks, units = table_lines(copy, outcome)
    for table, lines in ((_("By track"), tracks), (_("By unit"), units), (_("Total"), [whole_of(tracks)])):
        for line in lines:
            yield [table, str(line.name), *(number for cell in line.cells() for number in cell)]
    for told in told_flags(outcome):
        for text in (told.text, *told.others):
            yield [told.kind, text, told.source]
    for call in outcome.calls:
        yield [_("Who would be called"), call.position, call.person, _("In place of"), call.replaces]
