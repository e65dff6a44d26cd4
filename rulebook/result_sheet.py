"""Result sheets: the same inputs and rules give the same bytes, and nothing is seen before its time (R94, R96)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from rulebook.ruleset.base import canonical_number
from rulebook.ruleset.model import RuleSet

Row = Mapping[str, str | int | Decimal | None]


def sheet_bytes(rows: Sequence[Row], ruleset: RuleSet) -> bytes:
    """The canonical sheet: rule-set digest and version, then the rows in the order of their text (R96)."""
    lines = sorted(_line({name: _cell(value) for name, value in row.items()}) for row in rows)
    head = _line({"rules": ruleset.digest(), "version": ruleset.version, "rows": len(rows)})
    return "\n".join([head, *lines, ""]).encode()


def sheet_digest(rows: Sequence[Row], ruleset: RuleSet) -> str:
    """SHA-256 of the canonical sheet, kept in the record of the notice (R96)."""
    return hashlib.sha256(sheet_bytes(rows, ruleset)).hexdigest()


def is_released(at: datetime, release_at: datetime | None) -> bool:
    """Whether a result may be read outside the release team: one moment for page and file alike (R94)."""
    return release_at is not None and at >= release_at


def _cell(value: str | int | Decimal | None) -> str | int | None:
    return canonical_number(value) if isinstance(value, Decimal) else value


def _line(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
