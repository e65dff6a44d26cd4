import shutil
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.catalogues import catalogues, disagreements, missing_in, problems_of

LANGUAGE = "zh_Hans"


class Command(BaseCommand):
    help = (
        "Fails when a text is fuzzy, untranslated, translated in two ways, or (with gettext installed) in no catalogue."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        paths = [path for path in catalogues() if LANGUAGE in path.parts]
        problems = [problem for path in paths for problem in problems_of(path)] + list(disagreements(paths))
        if shutil.which("xgettext"):
            problems += [f"in no catalogue: {text}" for text in missing_in(LANGUAGE)]
        else:
            self.stderr.write("gettext is not installed: not looked for texts that are in no catalogue.")
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} texts have no agreed Chinese. Run make messages and translate them.")
        self.stdout.write("Every text is in Chinese.")
