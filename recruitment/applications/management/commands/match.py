"""manage.py match: every position of a campaign with its verdict and reasons, for one profile."""

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError
from django.db.models import TextField
from django.db.models.functions import Cast
from pydantic import ValidationError

from campaigns.planning.models import Campaign, Position
from campaigns.planning.queries import catalogue_of, rules_of
from recruitment.applications.judging import reference_day
from rulebook.conditions import PositionConditions
from rulebook.conditions.finding import Verdict
from rulebook.conditions.profile import Profile
from rulebook.eligibility import Judge, overall
from rulebook.explanation import Language


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
        found = list(_judged(judge, campaign, options["lang"]))
        if options["format"] == "json":
            rows = (f'{{"code": {json.dumps(code)}, {answer.json}}}' for code, answer in found)
            self.stdout.write(f'{{"positions": [{", ".join(rows)}]}}')
            return
        for code, answer in found:
            self.stdout.write(f"{code}\t{answer.verdict}")
        counted = Counter(answer.verdict for _code, answer in found)
        self.stdout.write(", ".join(f"{verdict} {count}" for verdict, count in sorted(counted.items())))


class Answer(NamedTuple):
    """What one set of conditions comes to: the verdict, and the same with every clause as members of a JSON object."""

    verdict: Verdict
    json: str


def _judged(judge: Judge, campaign: Campaign, language: Language) -> Iterator[tuple[str, Answer]]:
    """Each position's code and answer. Conditions are read as stored, so that those stored alike are judged once."""
    rows = Position.objects.filter(campaign=campaign).annotate(stored=Cast("conditions", TextField())).order_by("code")
    known: dict[str, Answer] = {}
    for code, stored in rows.values_list("code", "stored"):
        if stored not in known:
            clauses = judge.clauses(PositionConditions.from_json(json.loads(stored)))
            verdict, shown = overall(clauses), ", ".join([clause.json_text(language) for clause in clauses])
            known[stored] = Answer(verdict, f'"verdict": "{verdict}", "clauses": [{shown}]')
        yield code, known[stored]


def _profile(name: str) -> Profile:
    """The profile in a file. Raises CommandError naming the file and each field that is wrong."""
    try:
        return Profile.model_validate_json(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"The file {name} can't be read: {error.strerror}.") from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise CommandError(f"The profile in {name} is not complete or not right: {wrong}.") from error
