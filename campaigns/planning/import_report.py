"""What an import of positions did, or would do."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class RefusedRow:
    """A row that is not taken: its number as the spreadsheet shows it, the column's letters ("" for the row), why."""

    row: int
    column: str
    message: str


@dataclass
class SheetReport:
    """One sheet: `header_row` from 1, counts of rows by outcome, refused rows, columns kept without being understood
    and rows that are no rows of the table, each as (row, text).
    """

    name: str
    header_row: int
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class ImportReport:
    """All sheets of a file; `new_units` are the names of units created for it."""

    file_name: str
    dry_run: bool
    sheets: list[SheetReport] = field(default_factory=list)
    new_units: list[str] = field(default_factory=list)

    @property
    def new(self) -> int:
        return sum(sheet.new for sheet in self.sheets)

    @property
    def changed(self) -> int:
        return sum(sheet.changed for sheet in self.sheets)

    @property
    def unchanged(self) -> int:
        return sum(sheet.unchanged for sheet in self.sheets)

    @property
    def refused(self) -> int:
        return sum(len(sheet.refused) for sheet in self.sheets)

    def as_json(self) -> dict[str, Any]:
        """Plain values; `sheets` has the shape of decision 25, and what this report knows besides."""
        return {
            "file": self.file_name,
            "dry_run": self.dry_run,
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "new_units": self.new_units,
            "sheets": [asdict(sheet) for sheet in self.sheets],
        }
