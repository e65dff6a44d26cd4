"""How much of a position table's conditions is understood, before anything is imported."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaigns.planning.position_layout import POSITION_LAYOUT
from foundation.errors import DomainError
from foundation.tables.headers import read_tables
from foundation.tables.workbook import open_workbook
from rulebook.conditions import parse_position, report


class Command(BaseCommand):
    help = (
        "Report what share of a position table is fully structured, partly, or free text, and what is not understood."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the position table (.xlsx, .xls or CSV)")
        parser.add_argument("--sheet", metavar="NAME", help="only the sheet of this name")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--patterns", type=int, default=50, metavar="N", help="how many patterns to list")

    def handle(self, *, file: Path, sheet: str | None, patterns: int, **options: Any) -> None:
        try:
            tables = read_tables(open_workbook(file.read_bytes(), file.name), POSITION_LAYOUT, sheet)
            found = report(parse_position(record.values) for table in tables for record in table.records())
        except OSError as problem:
            raise CommandError(f"The file can't be read: {problem.strerror}: {file}.") from problem
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        shown = [{"column": column, "text": text, "positions": count} for column, text, count in found.patterns]
        if options["format"] == "json":
            counts = {"positions": found.positions, "fully": found.fully, "partly": found.partly, "free": found.free,
                      "share": round(found.share, 4), "by_declaration": found.by_declaration}  # fmt: skip
            self.stdout.write(json.dumps({**counts, "patterns": shown}, ensure_ascii=False, indent=2))
            return
        self.stdout.write(
            f"{found.positions} positions: {found.fully} fully structured ({found.share:.2%}), {found.partly} partly, "
            f"{found.free} only free text; {found.by_declaration} with a matter that a person must judge."
        )
        self.stdout.write(f"{len(shown)} patterns not understood; each becomes a clause for a person.")
        for row in shown[:patterns]:
            self.stdout.write(f"  {row['positions']} × {row['column']}: {row['text']}")
