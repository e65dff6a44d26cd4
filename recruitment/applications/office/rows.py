"""What the pages of the review desk show of an application, and to whom."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from recruitment.applications.enums import ApplicationState, MachineVerdict
from recruitment.applications.gateway import MACHINE
from recruitment.applications.models import Application
from recruitment.applications.policies import may_read_case
from recruitment.applications.queries import deadline_of
from recruitment.candidates.models import Candidate, Education, Relative, WorkPeriod
from rulebook.masking import mask_id_number
from rulebook.ruleset import RuleSet
from rulebook.working_days import WorkingCalendar

TONES = {"met": "done", "needs_person": "warn", "not_met": "fail"}
MARKS = {"met": "yes", "needs_person": "ask", "not_met": "no"}


@dataclass(frozen=True)
class QueueRow:
    """A line of the queue. `name` is empty for those who may not know it (decision 14)."""

    application: Application
    name: str
    is_open_to_reader: bool
    check: str | Promise
    check_tone: str
    state: str | Promise
    due: datetime | None
    due_tone: str


def queue_rows(
    user: User,
    applications: Iterable[Application],
    rules: Mapping[int, RuleSet],
    days: WorkingCalendar,
    now: datetime,
) -> list[QueueRow]:
    """Lines for applications selected with position__unit, campaign, candidate and review; no query of their own."""
    return [_queue_row(user, row, rules[row.campaign_id], days, now) for row in applications]


def _queue_row(user: User, row: Application, rules: RuleSet, days: WorkingCalendar, now: datetime) -> QueueRow:
    known = bool(may_read_case(user, row))
    due = deadline_of(row, rules, days) if row.state == ApplicationState.SUBMITTED else None
    return QueueRow(
        application=row,
        name=row.candidate.name if known else "",
        is_open_to_reader=known,
        check=MachineVerdict(row.machine_verdict).label if row.machine_verdict else "",
        check_tone=TONES.get(row.machine_verdict, ""),
        state=row.get_state_display(),
        due=due,
        due_tone=_tone(row, due, now),
    )


def _tone(row: Application, due: datetime | None, now: datetime) -> str:
    """late once the time is over, soon in its last quarter."""
    if due is None or row.submitted_at is None:
        return "ok"
    if due <= now:
        return "late"
    return "soon" if (due - now) * 4 <= due - row.submitted_at else "ok"


def case_rows(application: Application) -> dict[str, Any]:
    """The parts of the page of one application, from its snapshot: what was submitted, not the profile of today."""
    document = json.loads(application.snapshot) if application.snapshot else {}
    profile = document.get("profile", {})
    return {
        "name": profile.get("name") or application.candidate.name,
        "masked": mask_id_number(profile.get("id_number", "")),
        "facts": _facts(profile),
        "educations": [_line(Education, row) for row in profile.get("educations", [])],
        "work_periods": [_line(WorkPeriod, row) for row in profile.get("work_periods", [])],
        "relatives": [_line(Relative, row) for row in profile.get("relatives", [])],
        "note": document.get("form", {}).get("note", ""),
        "clauses": [_clause(row) for row in application.clauses],
        "documents": list(application.candidate.documents.all()),
        "history": [
            (row, MACHINE.public_name(row.to_state))
            for row in application.transitions.all()  # type: ignore[arg-type]
        ],
    }


FACTS = (
    "birth_date",
    "sex",
    "political_status",
    "ethnicity",
    "household",
    "student_origin",
    "graduate_kind",
    "service_project",
    "title_level",
    "title_series",
)


def _facts(profile: Mapping[str, Any]) -> list[tuple[str, str]]:
    facts = [(_label(Candidate, name), _shown(Candidate, name, profile.get(name))) for name in FACTS]
    if profile.get("certificates"):
        facts.append((_label(Candidate, "certificates"), "；".join(profile["certificates"])))
    return [(label, text) for label, text in facts if text]


def _label(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)


def _shown(model: Any, name: str, value: Any) -> str:
    """A stored value in words: the label of a choice, yes or no, or itself."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    choices = dict(model._meta.get_field(name).flatchoices)
    return str(choices.get(value, value))


def _line(model: Any, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    shown = [(name, _shown(model, name, value)) for name, value in row.items() if name not in ("id", "candidate")]
    return [(_label(model, name), text) for name, text in shown if text]


def _clause(row: Mapping[str, Any]) -> dict[str, str]:
    suffix = "_en" if (get_language() or "").startswith("en") else ""
    return {
        "what": row.get(f"text{suffix}") or row["text"],
        "mine": row.get(f"reason{suffix}") or row["reason"],
        "source": row["source"]["text"],
        "mark": MARKS[row["verdict"]],
        "word": str(MachineVerdict(row["verdict"]).label) if row["verdict"] != "met" else _("Met"),
    }
