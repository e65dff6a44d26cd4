import os
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from foundation.supervisor import Supervisor, answers, free_port
from foundation.tls import local_certificate, own_address


class Command(BaseCommand):
    help = "Prepares what is missing and runs the whole embedded installation until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"), help="address to listen on")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")), help="first port to try")
        parser.add_argument("--tls", action="store_true", help="serve HTTPS with a certificate made on this machine")
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.TASK_MODE != "embedded":
            raise CommandError("serve runs the embedded installation; unset REDIS_URL and CELERY_BROKER_URL for it.")
        began = time.monotonic()
        self._prepare(demo=not options["no_demo"])
        code = self._serve(options, began)
        if code:
            sys.exit(code)

    def _prepare(self, *, demo: bool) -> None:
        """Database, translations, folders and demo data, each only where it is missing."""
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
        call_command("compile_mo", verbosity=0)
        if connection.vendor == "sqlite":
            Path(settings.DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database (about a minute, the first time only) …")
            self.stdout.flush()
            call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        people = get_user_model().objects.exclude(kind="system")
        if demo and "demo" in get_commands() and not people.exists():
            self.stdout.write("Making the demo county (the first time only) …")
            self.stdout.flush()
            call_command("demo")
        connections.close_all()

    def _serve(self, options: dict[str, Any], began: float) -> int:
        host = own_address() if options["tls"] and options["host"] == "127.0.0.1" else options["host"]
        port = free_port(host, options["port"])
        name = own_address() if host in ("0.0.0.0", "::") else host  # noqa: S104 (compared, not bound)
        address = f"{'https' if options['tls'] else 'http'}://{f'[{name}]' if ':' in name else name}:{port}"
        gunicorn = [sys.executable, "-m", "gunicorn", "config.wsgi", "--workers", "2", "--log-level", "warning"]
        gunicorn += ["--bind", f"[{host}]:{port}" if ":" in host else f"{host}:{port}", "--timeout", "120"]
        if options["tls"]:
            certificate, key = local_certificate(Path(settings.DATA_DIR) / "keys", name)
            gunicorn += ["--certfile", str(certificate), "--keyfile", str(key)]
        commands = {
            "web": gunicorn,
            "background": [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "background"],
        }
        hosts = ",".join({"localhost", "127.0.0.1", "[::1]", name if ":" not in name else f"[{name}]"})
        environment = {
            "SITE_URL": os.environ.get("SITE_URL") or address,
            "ALLOWED_HOSTS": os.environ.get("ALLOWED_HOSTS") or hosts,
            "SECURE_HSTS_SECONDS": os.environ.get("SECURE_HSTS_SECONDS", "0"),
        }
        return Supervisor(commands, environment).run(
            lambda: answers(name, port), lambda: self._announce(address, time.monotonic() - began)
        )

    def _announce(self, address: str, seconds: float) -> None:
        self.stdout.write(f"\nReady after {seconds:.0f} s: {address}")
        self.stdout.write(f"  Public site and candidates   {address}/")
        self.stdout.write(f"  Back office                  {address}/admin/")
        self.stdout.write(f"  Messages it would have sent  {address}/outbox/ (from this machine only)")
        if "passwords" in get_commands():
            call_command("passwords", stdout=self.stdout)
            connections.close_all()
        self.stdout.write("\nCtrl-C stops everything. The data stay in " + str(settings.DATA_DIR))
        self.stdout.flush()
