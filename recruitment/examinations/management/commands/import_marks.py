import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.queries import console_account
from campaigns.planning.models import Campaign
from foundation.errors import DomainError
from foundation.tables.outcome import ImportOutcome
from recruitment.examinations.domain import import_marks
from recruitment.examinations.models import MarkKind


class Command(BaseCommand):
    help = "Import marks of a campaign from a sheet; never locks them, since locking needs two persons."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--campaign", required=True, help="code of the campaign")
        parser.add_argument("--kind", choices=MarkKind.values, default=MarkKind.WRITTEN)
        parser.add_argument("--sheet", help="only this sheet")
        parser.add_argument(
            "--correction", default="", help="number of the decision by which locked marks are corrected"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and save nothing")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--actor", help="user name of who imports; a recorded console account unless given")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcome = import_marks(
                actor=self._actor(options["actor"]),
                campaign=self._campaign(options["campaign"]),
                content=options["file"].read_bytes(),
                file_name=options["file"].name,
                kind=options["kind"],
                sheet=options["sheet"],
                correction=options["correction"],
                dry_run=options["dry_run"],
            )
        except (DomainError, OSError) as problem:
            raise CommandError(str(problem)) from problem
        self._print(outcome, options["format"])

    def _actor(self, username: str | None) -> User:
        if username is None:
            return console_account()
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user {username}.")
        return user

    def _campaign(self, code: str) -> Campaign:
        campaign = Campaign.objects.filter(code=code).first()
        if campaign is None:
            raise CommandError(f"There is no campaign {code}.")
        return campaign

    def _print(self, outcome: ImportOutcome, style: str) -> None:
        if style == "json":
            self.stdout.write(json.dumps(outcome.to_json(), ensure_ascii=False))
            return
        for sheet in outcome.sheets:
            self.stdout.write(
                f"{sheet.name}: {sheet.rows} rows, {sheet.new} new, {sheet.changed} changed, "
                f"{sheet.unchanged} unchanged, {len(sheet.refused_records)} refused"
            )
            for refusal in sheet.refused:
                self.stdout.write(f"  row {refusal.row}: {refusal.message}")
