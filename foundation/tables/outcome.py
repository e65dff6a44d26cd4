"""What came of an import, sheet by sheet: the same for every table, on screen, in JSON and in the error sheet."""

from dataclasses import dataclass, field
from typing import Any

from foundation.tables.headers import Record, Table


@dataclass(frozen=True)
class Refusal:
    """Why a row was not taken over: its number on the sheet, the column's letter ("" for the row as a whole)."""

    row: int
    column: str
    message: str


@dataclass
class SheetOutcome:
    """Counts of one sheet. `refused_records` keeps the refused rows for the error sheet."""

    name: str
    header_row: int
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    refused_records: list[Record] = field(default_factory=list, repr=False)
    table: Table | None = field(default=None, repr=False)

    def refuse(self, record: Record, message: str, *, column: str = "") -> None:
        """Note one reason against a row; a row may have several."""
        self.refused.append(Refusal(record.number, column, message))
        if not self.refused_records or self.refused_records[-1] is not record:
            self.refused_records.append(record)


@dataclass
class ImportOutcome:
    """All sheets, and whether anything was saved."""

    sheets: list[SheetOutcome]
    saved: bool = False

    @property
    def refused(self) -> bool:
        return any(sheet.refused for sheet in self.sheets)

    @property
    def rows(self) -> int:
        return sum(sheet.rows for sheet in self.sheets)

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
    def refused_rows(self) -> int:
        """Rows that were not taken; a row may have several reasons."""
        return sum(len(sheet.refused_records) for sheet in self.sheets)

    def to_json(self) -> dict[str, Any]:
        """{saved, sheets: [{name, header_row, rows, new, changed, unchanged, refused: [{row, column, message}]}]}."""
        return {
            "saved": self.saved,
            "sheets": [
                {
                    "name": sheet.name,
                    "header_row": sheet.header_row,
                    "rows": sheet.rows,
                    "new": sheet.new,
                    "changed": sheet.changed,
                    "unchanged": sheet.unchanged,
                    "refused": [
                        {"row": one.row, "column": one.column, "message": one.message} for one in sheet.refused
                    ],
                }
                for sheet in self.sheets
            ],
        }
