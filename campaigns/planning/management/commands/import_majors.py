"""Import a published catalogue of majors."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.queries import console_account
from campaigns.planning.domain import import_majors
from foundation.errors import DomainError


class Command(BaseCommand):
    help = "Import a catalogue of majors (.xls, .xlsx or CSV): levels, classes, majors, old names and broad groups."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the published table")
        parser.add_argument("--catalogue", required=True, metavar="NAME", help="what the catalogue is called")
        parser.add_argument("--edition", required=True, type=int, metavar="YEAR")
        parser.add_argument("--dry-run", action="store_true", help="tell what would happen and save nothing")

    def handle(self, *, file: Path, catalogue: str, edition: int, dry_run: bool, **options: Any) -> None:
        try:
            report = import_majors(
                actor=console_account(), content=file.read_bytes(), file_name=file.name,
                name=catalogue, edition=edition, dry_run=dry_run,
            )  # fmt: skip
        except OSError as problem:
            raise CommandError(f"The file can't be read: {problem.strerror}: {file}.") from problem
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        for level, categories, classes, majors in report.levels:
            self.stdout.write(f"{level}: {categories} categories, {classes} classes, {majors} majors")
        self.stdout.write(
            f"{report.old_names} entries with old names, {report.groups} broad groups: {report.new} new, "
            f"{report.changed} changed, {report.removed} removed, {report.unchanged} unchanged."
        )
        self.stdout.write(
            "Nothing was saved (dry run)." if dry_run
            else f"Rules name it “{report.key}”." if report.saved else "Nothing changed."
        )  # fmt: skip
