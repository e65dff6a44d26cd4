import signal
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from foundation.jobs.background import Background


class Command(BaseCommand):
    help = "Does the background work of an embedded installation (jobs, messages, schedule) until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.TASK_MODE != "embedded":
            raise CommandError(
                f"TASK_MODE is {settings.TASK_MODE}: background work is done by Celery workers. "
                "Start them with: celery -A config worker, and celery -A config beat."
            )
        current_app.loader.import_default_modules()
        background = Background()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: background.stop())
        background.run()
