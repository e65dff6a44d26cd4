import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from recruitment.reporting.slot_checks import check_slots


class Command(BaseCommand):
    help = "Prove that established posts, claims and appointments agree; exits with 1 and a list if they do not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = check_slots()
        if options["format"] == "json":
            self.stdout.write(json.dumps({"findings": [asdict(item) for item in findings]}, ensure_ascii=False))
        else:
            for item in findings:
                self.stdout.write(f"{item.code} {item.subject}: {item.message}")
        if findings:
            raise CommandError(f"{len(findings)} broken invariants")
        if options["format"] == "text":
            self.stdout.write("0 broken invariants")
