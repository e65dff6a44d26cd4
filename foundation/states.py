"""State machines declared as tables and moved by compare-and-swap.

A room declares one `Machine` for a model: which states lead where, by which move, with the name staff see and the name
the public sees. A verb moves rows with `Machine.move`, which updates only rows still in a source state, so two verbs
running at once can't both win.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from foundation.errors import Refused


@dataclass(frozen=True)
class Move:
    """One legal move: `name`, the states it may start from, where it ends, and whether a reason must be given."""

    name: str
    sources: frozenset[str]
    target: str
    needs_reason: bool = False


def move(name: str, sources: Iterable[str] | str, target: str, *, needs_reason: bool = False) -> Move:
    """A `Move` from one or several source states to `target`."""
    states = frozenset([sources]) if isinstance(sources, str) else frozenset(sources)
    return Move(name, states, target, needs_reason)


class Machine:
    """The transition table of one model's state field."""

    def __init__(self, *moves: Move, field: str = "state", public_names: Mapping[str, Any] | None = None) -> None:
        self.moves = {item.name: item for item in moves}
        self.field = field
        self.public_names = dict(public_names or {})

    def can(self, name: str, state: str) -> bool:
        """True if the move `name` may start from `state`."""
        return state in self.moves[name].sources

    def public_name(self, state: str) -> Any:
        """What the candidate or the public reads for `state`."""
        return self.public_names.get(state, state)

    def move(self, name: str, row: models.Model, *, reason: str = "", **fields: Any) -> str:
        """Move one row and set `fields` with it; returns the state it left.

        Raises Refused "… is <state>, so it can't …" if the row is no longer in a source state (someone was faster), and
        Refused if the move needs a reason and none is given. The row in memory is brought up to date.
        """
        declared = self.moves[name]
        if declared.needs_reason and not reason.strip():
            raise Refused(_("A reason is needed. Nothing was saved."), code="reason_required")
        before = str(getattr(row, self.field))
        if before in declared.sources:
            values = {self.field: declared.target, **fields}
            rows = type(row)._base_manager.filter(pk=row.pk, **{self.field: before})
            if rows.update(**values) == 1:
                for key, value in values.items():
                    setattr(row, key, value)
                return before
        current = type(row)._base_manager.values_list(self.field, flat=True).get(pk=row.pk)
        field = row._meta.get_field(self.field)
        names = dict(getattr(field, "flatchoices", ()))
        raise Refused(
            _("This is in the state “%(state)s”, which does not allow the act. Nothing was saved.")
            % {"state": names.get(current, current)},
            code="wrong_state",
        )
