from typing import Any

from django.core.management.base import BaseCommand

from foundation.catalogues import catalogues, compile_catalogue, forget_loaded


class Command(BaseCommand):
    help = "Compiles the translation catalogues without gettext; those already up to date are skipped."

    def handle(self, *args: Any, **options: Any) -> None:
        compiled = sum(compile_catalogue(path) for path in catalogues())
        if compiled:
            forget_loaded()
        if options["verbosity"] > 1 or compiled:
            self.stdout.write(f"{compiled} translation catalogues compiled.")
