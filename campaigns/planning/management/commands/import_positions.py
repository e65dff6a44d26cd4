"""Import a position table into a campaign."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.queries import console_account
from campaigns.planning.domain import import_positions
from campaigns.planning.import_report import ImportReport
from campaigns.planning.models import Campaign
from foundation.errors import DomainError


class Command(BaseCommand):
    help = "Import a position table (.xlsx, .xls or CSV) into a campaign whose plan is being drafted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the table")
        parser.add_argument("--campaign", required=True, metavar="CODE", help="code of the campaign")
        parser.add_argument("--sheet", metavar="NAME", help="only the sheet of this name")
        parser.add_argument("--dry-run", action="store_true", help="tell what would happen and save nothing")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--actor", metavar="USERNAME", help="who imports; default: the console account")

    def handle(self, *, file: Path, campaign: str, **options: Any) -> None:
        target = Campaign.objects.filter(code=campaign).select_related("unit").first()
        if target is None:
            known = ", ".join(Campaign.objects.order_by("code").values_list("code", flat=True)[:20]) or "none"
            raise CommandError(f"There is no campaign with the code {campaign}. There are: {known}.")
        try:
            report = import_positions(
                actor=self._actor(options["actor"]),
                campaign=target,
                content=self._content(file),
                file_name=file.name,
                sheet=options["sheet"],
                dry_run=options["dry_run"],
            )
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        if options["format"] == "json":
            self.stdout.write(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
        else:
            self._print(report)

    def _actor(self, username: str | None) -> User:
        if username is None:
            return console_account()
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account called {username}.")
        return user

    def _content(self, file: Path) -> bytes:
        try:
            return file.read_bytes()
        except OSError as problem:
            raise CommandError(f"The file can't be read: {problem.strerror}: {file}.") from problem

    def _print(self, report: ImportReport) -> None:
        for sheet in report.sheets:
            self.stdout.write(
                f"{sheet.name}: header in row {sheet.header_row}, {sheet.rows} rows: {sheet.new} new, "
                f"{sheet.changed} changed, {sheet.unchanged} unchanged, {len(sheet.refused_records)} refused"
            )
            for refusal in sheet.refused:
                self.stdout.write(f"  row {refusal.row} {refusal.column}: {refusal.message}")
        self.stdout.write("Nothing was saved (dry run)." if report.dry_run else "Done.")
