import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.planning.models import Campaign
from foundation.errors import DomainError
from recruitment.examinations.domain import shortlists


class Command(BaseCommand):
    help = "Print who would be called to the interview on the stored written results; nothing is saved."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--campaign", required=True, help="code of the campaign")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = Campaign.objects.filter(code=options["campaign"]).first()
        if campaign is None:
            raise CommandError(f"There is no campaign {options['campaign']}.")
        try:
            lists = shortlists(campaign)
        except DomainError as problem:
            raise CommandError(str(problem)) from problem
        rows = [
            {
                "code": position.code,
                "headcount": position.headcount_effective,
                "called": list(one.called),
                "cutoff": None if one.cutoff is None else f"{one.cutoff:.2f}",
            }
            for position, one in lists.items()
        ]
        if options["format"] == "json":
            self.stdout.write(json.dumps({"positions": rows}, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write(f"{row['code']}  {row['headcount']}  {len(row['called'])}  {row['cutoff'] or '-'}")
