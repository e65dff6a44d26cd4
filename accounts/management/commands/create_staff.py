from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import domain
from accounts.enums import Role
from accounts.models import Unit, User
from accounts.queries import console_account
from foundation.errors import DomainError


class Command(BaseCommand):
    help = "Make a staff account with one role and print its one-time password; the way to the first administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--unit", required=True, metavar="CODE")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--actor", metavar="USERNAME", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            actor = User.objects.get(username=options["actor"]) if options["actor"] else console_account()
            unit = Unit.objects.get(code=options["unit"])
            words = {name: options[name] for name in ("username", "name", "role", "reason")}
            user = domain.create_staff(actor=actor, unit=unit, **words)
            password = domain.issue_password(actor=actor, user=user, reason=options["reason"])
        except (User.DoesNotExist, Unit.DoesNotExist) as problem:
            raise CommandError(f"No such user or unit: {options['actor']} {options['unit']}") from problem
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user.username} {password}")
