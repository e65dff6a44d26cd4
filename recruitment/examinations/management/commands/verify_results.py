import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.planning.models import Campaign
from foundation.errors import DomainError
from recruitment.examinations.recomputing import recomputed


class Command(BaseCommand):
    help = "Compute every written mark, total and place of an exam anew from its marks; exits with 1 if any differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--campaign", required=True, help="code of the campaign")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = Campaign.objects.filter(code=options["campaign"]).first()
        if campaign is None:
            raise CommandError(f"There is no campaign {options['campaign']}.")
        try:
            sheets = list(recomputed(campaign))
        except DomainError as problem:
            raise CommandError(str(problem)) from problem
        if options["format"] == "json":
            self.stdout.write(json.dumps({"sheets": [asdict(sheet) for sheet in sheets]}, ensure_ascii=False))
        for sheet in sheets if options["format"] == "text" else ():
            said = "same" if sheet.is_same else f"differs: {', '.join(sheet.differing)}"
            self.stdout.write(f"{sheet.sheet} v{sheet.version}  {sheet.people} people  {sheet.digest}  {said}")
        if differing := sum(not sheet.is_same for sheet in sheets):
            raise CommandError(f"{differing} of {len(sheets)} sheets differ from what the marks give.")
