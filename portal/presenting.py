"""From verdicts and states to the words and marks of the pages."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from campaigns.planning.position_layout import POSITION_LAYOUT
from foundation.language import rule_language
from foundation.ui.components import Mark, Verdict
from recruitment.applications.enums import ApplicationState as S
from recruitment.applications.gateway import MACHINE
from recruitment.applications.models import Application
from recruitment.applications.timeline import told_state
from recruitment.appointments.models import Appointment
from recruitment.appointments.timeline import is_told, standing_of
from rulebook.eligibility import Clause

COLUMN_NAMES = {field.name: field.label for field in POSITION_LAYOUT.fields}
MARKS: Mapping[str, Mark] = {"met": "yes", "not_met": "no", "needs_person": "ask"}


@dataclass(frozen=True)
class Pill:
    """A state as a shape and a word; `tone` is one of done, now, warn, fail or empty."""

    tone: str
    word: str | Promise


PILLS = {
    "met": Pill("done", gettext_lazy("All conditions met")),
    "needs_person": Pill("warn", gettext_lazy("A person must judge")),
    "not_met": Pill("fail", gettext_lazy("Not all conditions met")),
}
TONES = {
    S.DRAFT: "now",
    S.SUBMITTED: "now",
    S.RETURNED: "warn",
    S.REJECTED: "fail",
    S.DISQUALIFIED: "fail",
    S.ABSENT: "fail",
    S.WITHDRAWN: "",
    S.NOT_SELECTED: "",
    S.NOT_SHORTLISTED: "",
}


def state_pill(state: str) -> Pill:
    """The public name of an application's state."""
    return Pill(TONES.get(state, "done"), MACHINE.public_name(state))  # type: ignore[call-overload]


def standing_pill(application: Application, appointment: Appointment | None, hidden: Collection[str]) -> Pill:
    """Where a person stands as they may know it: the application, then, once handed over, the appointment."""
    if appointment is not None and is_told(application, hidden):
        word, tone = standing_of(appointment)
        return Pill(tone, word)
    return state_pill(told_state(application, hidden))


def _word(verdict: str) -> str:
    return {"met": _("Met"), "not_met": _("Not met"), "needs_person": _("A person must judge")}[verdict]


def verdict_rows(clauses: Iterable[Clause]) -> list[Verdict]:
    """Clauses as just judged."""
    language = rule_language()
    return [
        Verdict(
            what=clause.text.text(language),
            mine=clause.reason.text(language),
            source=_source(clause.source.column, clause.source.text),
            word=_word(clause.verdict),
            mark=MARKS[clause.verdict],
        )
        for clause in clauses
    ]


def stored_verdict_rows(document: Iterable[Mapping[str, Any]]) -> list[Verdict]:
    """Clauses as they were shown when the application was submitted."""
    suffix = "_en" if (get_language() or "").startswith("en") else ""
    return [
        Verdict(
            what=row.get(f"text{suffix}") or row["text"],
            mine=row.get(f"reason{suffix}") or row["reason"],
            source=_source(row["source"]["column"], row["source"]["text"]),
            word=_word(row["verdict"]),
            mark=MARKS[row["verdict"]],
        )
        for row in document
    ]


def _source(column: str, text: str) -> str:
    if column == "declaration":
        return _("Your declaration")
    if column == "rules":
        return _("Rules of the announcement")
    name = COLUMN_NAMES.get(column, column)
    return _("Position table, “%(column)s”: %(text)s") % {"column": name, "text": text}
