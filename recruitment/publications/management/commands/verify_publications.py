import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from recruitment.publications.seal import breaches


class Command(BaseCommand):
    help = "Check that every released list is still what was sealed and that none is missing; exits with 1 if not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(breaches())
        if options["format"] == "json":
            self.stdout.write(json.dumps({"breaches": [asdict(item) for item in found]}, ensure_ascii=False))
        else:
            for item in found:
                self.stdout.write(f"{item.sequence} {item.title}: {item.problem}")
        if found:
            raise CommandError(f"{len(found)} breaches")
        if options["format"] == "text":
            self.stdout.write("0 breaches")
