"""What an import of positions did, or would do."""

from dataclasses import dataclass, field
from typing import Any

from foundation.tables.outcome import ImportOutcome, SheetOutcome


@dataclass
class SheetReport(SheetOutcome):
    """One sheet, with the columns kept without being understood and the rows that are no rows of the table."""

    unknown_columns: list[str] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class ImportReport(ImportOutcome):
    """All sheets of a file; `new_units` are the names of the units created for it."""

    file_name: str = ""
    dry_run: bool = False
    new_units: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The shape of decision 25, and what this report knows besides."""
        document = super().to_json()
        for shown, sheet in zip(document["sheets"], self.sheets, strict=True):
            if isinstance(sheet, SheetReport):
                shown |= {"unknown_columns": sheet.unknown_columns, "skipped": sheet.skipped}
        return document | {"file": self.file_name, "dry_run": self.dry_run, "new_units": self.new_units}
