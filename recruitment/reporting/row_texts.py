"""How the list behind a figure is printed: columns and cells for each kind of row, names only for those who may."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from recruitment.reporting.policies import may_read_names

Text = str | Promise
Cell = Callable[[Any], Any]


@dataclass(frozen=True)
class RowKind:
    """Relations to read with the rows, the order, and (heading, cell) pairs; `names` are added for name readers."""

    related: Sequence[str]
    order: str
    columns: Sequence[tuple[Text, Cell]]
    names: Sequence[tuple[Text, Cell]] = ()


def _day(value: Any) -> date | str:
    return timezone.localdate(value) if value else "—"


KINDS: dict[str, RowKind] = {
    "post": RowKind(
        related=("unit", "permit"),
        order="code",
        columns=(
            (_("Post"), lambda row: row.code),
            (_("Unit"), lambda row: row.unit or "—"),
            (_("State"), lambda row: row.get_state_display()),
            (_("Since"), lambda row: _day(row.state_since)),
            (_("Permit"), lambda row: row.permit or "—"),
            (_("Number in the ledger"), lambda row: row.ledger_number or "—"),
        ),
    ),
    "appointment": RowKind(
        related=("application", "position__unit", "position__campaign", "candidate", "post"),
        order="pk",
        columns=(
            (_("Registration number"), lambda row: row.application.registration_no),
            (_("Unit"), lambda row: row.position.unit),
            (_("Campaign"), lambda row: row.position.campaign),
            (_("Stage"), lambda row: row.get_state_display()),
            (_("Approval number"), lambda row: row.approval_number or "—"),
            (_("Post"), lambda row: row.post or "—"),
        ),
        names=((_("Full name"), lambda row: row.candidate.name),),
    ),
    "engagement": RowKind(
        related=("bid__challenge__unit", "bid__candidate"),
        order="number",
        columns=(
            (_("Agreement number"), lambda row: row.number),
            (_("Unit"), lambda row: row.bid.challenge.unit),
            (_("Challenge"), lambda row: row.bid.challenge),
            (_("Stage"), lambda row: row.get_state_display()),
            (_("From"), lambda row: row.starts_on),
            (_("Until"), lambda row: row.ends_on),
        ),
        names=((_("Full name"), lambda row: row.bid.candidate.name),),
    ),
    "application": RowKind(
        related=("position__unit", "campaign", "candidate", "event"),
        order="pk",
        columns=(
            (_("Registration number"), lambda row: row.registration_no),
            (_("Unit"), lambda row: row.position.unit),
            (_("Campaign"), lambda row: row.campaign),
            (_("Stage"), lambda row: row.get_state_display()),
            (_("Submitted on"), lambda row: _day(row.submitted_at)),
            (_("Event"), lambda row: row.event or "—"),
        ),
        names=((_("Full name"), lambda row: row.candidate.name),),
    ),
    "event": RowKind(
        related=("university",),
        order="starts_at",
        columns=(
            (_("Event"), lambda row: row.name),
            (_("City"), lambda row: row.university.city),
            (_("Date"), lambda row: _day(row.starts_at)),
            (_("State"), lambda row: row.get_state_display()),
        ),
    ),
    "registration": RowKind(
        related=("event__university",),
        order="pk",
        columns=(
            (_("Number"), lambda row: row.number),
            (_("Event"), lambda row: row.event),
            (_("City"), lambda row: row.event.university.city),
            (_("Education"), lambda row: row.education_level or "—"),
            (_("Checked in"), lambda row: _day(row.checked_in_at)),
        ),
    ),
}


def printed(
    kind: str, rows: QuerySet[Any], reader: User
) -> tuple[list[Text], QuerySet[Any], Callable[[Any], list[Any]]]:
    """(headings, rows with their relations and order, a function that prints one row) for this reader."""
    spec = KINDS[kind]
    columns = [*(spec.names if may_read_names(reader) else ()), *spec.columns]
    ready = rows.select_related(*spec.related).order_by(spec.order)
    return [heading for heading, _cell in columns], ready, lambda row: [cell(row) for _heading, cell in columns]
