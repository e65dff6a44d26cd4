"""manage.py match: every position of a campaign with its verdict and reasons, for one profile."""

import json
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from pydantic import ValidationError

from campaigns.planning.models import Campaign, Position
from campaigns.planning.queries import catalogue_of, rules_of
from recruitment.applications.judging import reference_day
from rulebook.conditions import PositionConditions
from rulebook.conditions.profile import Profile
from rulebook.eligibility import Clause, Judge, overall


class Command(BaseCommand):
    help = "Judge one profile (a JSON file in the terms of the rule book) against all positions of a campaign."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--profile", required=True, metavar="FILE.json")
        parser.add_argument("--campaign", required=True, metavar="CODE")
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--lang", choices=["zh", "en"], default="zh")

    def handle(self, *args: Any, **options: Any) -> None:
        profile = _profile(options["profile"])
        campaign = Campaign.objects.filter(code=options["campaign"]).first()
        if campaign is None:
            raise CommandError(f"There is no campaign with the code “{options['campaign']}”.")
        rules = rules_of(campaign)
        judge = Judge(profile, reference_day(campaign, rules), rules.eligibility, catalogue_of(rules))
        rows = Position.objects.filter(campaign=campaign).order_by("code").values_list("code", "conditions")
        found = [(code, judge.clauses(PositionConditions.from_json(stored or {}))) for code, stored in rows]
        if options["format"] == "json":
            positions = [_position(code, clauses, options["lang"]) for code, clauses in found]
            self.stdout.write(json.dumps({"positions": positions}, ensure_ascii=False))
            return
        counted = Counter(overall(clauses) for _code, clauses in found)
        for code, clauses in found:
            self.stdout.write(f"{code}\t{overall(clauses)}")
        self.stdout.write(", ".join(f"{verdict} {count}" for verdict, count in sorted(counted.items())))


def _profile(name: str) -> Profile:
    """The profile in a file. Raises CommandError naming the file and each field that is wrong."""
    try:
        return Profile.model_validate_json(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"The file {name} can't be read: {error.strerror}.") from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise CommandError(f"The profile in {name} is not complete or not right: {wrong}.") from error


def _position(code: str, clauses: tuple[Clause, ...], language: Any) -> dict[str, Any]:
    return {
        "code": code,
        "verdict": overall(clauses),
        "clauses": [clause.to_json(language) for clause in clauses],
    }
