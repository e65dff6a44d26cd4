import time
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import translation

from campaigns.establishment.models import Envelope
from campaigns.establishment.queries import balance_of_envelope
from recruitment.demo.keys import keep_halves
from recruitment.demo.story import SCALES, STAGES, Story


class Command(BaseCommand):
    help = "Make a county to try everything on, through the same verbs as the screens; only into an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stage", choices=STAGES, default="hired")
        parser.add_argument("--scale", choices=sorted(SCALES), default="county")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if get_user_model().objects.exclude(kind="system").exists():
            raise CommandError("The database has people in it already; the demo is made only into an empty one.")
        began = time.monotonic()
        with transaction.atomic(), translation.override("zh-hans"):
            story = Story(SCALES[options["scale"]], options["seed"])
            story.play(options["stage"])
        folder = keep_halves(story.halves)
        for envelope in Envelope.objects.all():
            balance = balance_of_envelope(envelope)
            free = envelope.size - balance.used - balance.held - balance.reserved
            self.stdout.write(
                f"{envelope.name}: {envelope.size} = {balance.used} used + {balance.held} held + "
                f"{balance.reserved} reserved + {free} free"
            )
        self.stdout.write(f"Key halves of boards with sealed bids, one folder per officer: {folder}")
        self.stdout.write(f"Made in {time.monotonic() - began:.0f} s.")
