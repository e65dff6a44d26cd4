import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from accounts.audit_chain import verify


class Command(BaseCommand):
    help = "Recompute the audit chain; exit code 1 if any entry was edited, deleted or inserted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anchor", default="", help="a head digest noted earlier that must still be in the chain")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify(anchor=options["anchor"])
        if options["format"] == "json":
            self.stdout.write(json.dumps(asdict(found), ensure_ascii=False))
        else:
            for breach in found.breaches:
                self.stdout.write(breach.message)
            self.stdout.write(
                _("%(sealed)s entries sealed, %(unsealed)s waiting, head %(head)s, %(breaches)s breaches")
                % {
                    "sealed": found.sealed,
                    "unsealed": found.unsealed,
                    "head": found.head or "—",
                    "breaches": len(found.breaches),
                }
            )
        if found.breaches:
            raise SystemExit(1)
