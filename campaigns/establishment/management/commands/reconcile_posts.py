"""Compare a sheet of the official real-name ledger with the posts; nothing changes before a person decides."""

import json
from argparse import ArgumentParser
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Unit, User
from accounts.queries import console_account
from campaigns.establishment.domain import compare_ledgers
from campaigns.establishment.enums import RowKind
from foundation.errors import DomainError
from foundation.tables.errors import TableError


class Command(BaseCommand):
    help = "Compare a sheet of the official real-name ledger with the posts; the rows are decided at the screen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the sheet (.xlsx, .xls or CSV)")
        parser.add_argument("--as-on", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--unit", metavar="CODE", help="only this unit and those below it; default: the county")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--actor", metavar="USERNAME", help="who compares; default: the console account")

    def handle(self, *, file: Path, as_on: date, **options: Any) -> None:
        try:
            found = compare_ledgers(
                actor=self._actor(options["actor"]),
                unit=self._unit(options["unit"]),
                content=file.read_bytes(),
                file_name=file.name,
                as_on=as_on,
            )
        except OSError as problem:
            raise CommandError(f"The file can't be read: {problem.strerror}: {file}.") from problem
        except (DomainError, TableError) as refusal:
            raise CommandError(str(refusal)) from refusal
        counts = Counter(found.rows.values_list("kind", flat=True))
        result = {kind.value: counts.get(kind.value, 0) for kind in RowKind}
        if options["format"] == "json":
            document = {"reconciliation": found.pk, **result, "unread": found.problems}
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
            return
        self.stdout.write(", ".join(f"{number} {kind}" for kind, number in result.items()))
        for problem in found.problems:
            self.stdout.write(f"  row {problem['row']}: {problem['message']}")
        self.stdout.write(f"No post was changed. Decide the rows at /admin/posts/reconciliation/{found.pk}/")

    def _actor(self, username: str | None) -> User:
        if username is None:
            return console_account()
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account called {username}.")
        return user

    def _unit(self, code: str | None) -> Unit:
        unit = Unit.objects.filter(code=code).first() if code else Unit.objects.filter(parent=None).first()
        if unit is None:
            raise CommandError(f"There is no unit with the code {code}.")
        return unit
