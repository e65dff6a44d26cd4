import hmac
import json
import struct
import time
from argparse import ArgumentParser
from base64 import b32decode
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.domain import reset_demo_passwords
from accounts.models import User
from accounts.queries import console_account


def one_time_code(secret: str, at: float) -> str:
    """The six digits a telephone would show for `secret` (base 32) at `at` seconds (RFC 6238, SHA-1, 30 s)."""
    key = b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(at // 30)), "sha1")
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


class Command(BaseCommand):
    help = "Shows the generated passwords and current one-time codes of the demo accounts, or makes new ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="make new passwords and second factors")

    def handle(self, *args: Any, **options: Any) -> None:
        kept = Path(settings.DATA_DIR) / "keys" / "demo_passwords.json"
        accounts = {user.username: user for user in User.objects.filter(is_demo=True, is_active=True)}
        known: list[list[str]] = json.loads(kept.read_text()) if kept.exists() else []
        if not accounts:
            self.stdout.write("There are no demo accounts.")
            return
        if options["reset"] or not {row[0] for row in known} & accounts.keys():
            known = [list(row) for row in reset_demo_passwords(actor=console_account())]
            kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            kept.touch(mode=0o600)
            kept.write_text(json.dumps(known))
        self.stdout.write("\nDemo accounts (the six digits change every half minute: make passwords shows them again)")
        now = time.time()
        for username, password, secret in known:
            if username in accounts:
                name = accounts[username].name
                self.stdout.write(f"  {username:24} {password:22} {one_time_code(secret, now)}  {name}")
