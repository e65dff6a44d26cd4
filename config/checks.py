"""`manage.py check --deploy`: everything in the settings that bites in production, each with its own number."""

import base64
import binascii
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution

LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
MAIL_NOWHERE = ("console", "dummy", "locmem", "filebased")
CACHES_OF_ONE_PROCESS = ("locmem", "dummy")
PRIVATE_WAYS = ("django", "nginx", "s3")


def _warn(number: int, message: str, hint: str) -> Caution:
    return Caution(message, hint=hint, id=f"zhaoxian.W{number:03d}")


def _is_field_key(entry: str) -> bool:
    """`id:` and 32 bytes in URL-safe base 64."""
    key_id, colon, key = entry.partition(":")
    try:
        return bool(key_id and colon) and len(base64.urlsafe_b64decode(key)) == 32
    except (binascii.Error, ValueError):
        return False


@register(Tags.security, deploy=True)
def check_keys(**_: Any) -> Iterator[CheckMessage]:
    """Three keys of their own, kept apart from the data they protect."""
    place = "A copy of the data folder then holds the data and the key to them. Set {} from a secret store."
    if "SECRET_KEY" in settings.GENERATED_KEYS or len(settings.SECRET_KEY) < 43:
        yield _warn(1, "SECRET_KEY is generated into the data folder or short.", place.format("SECRET_KEY"))
    if "FIELD_KEYS" in settings.GENERATED_KEYS:
        yield _warn(2, "The field-encryption key is generated into the data folder.", place.format("FIELD_KEYS"))
    if not all(map(_is_field_key, settings.FIELD_KEYS)):
        yield Error(
            "FIELD_KEYS holds an entry that is not id:key with 32 bytes in URL-safe base 64.",
            hint="Make one: python -c 'import base64,os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'",
            id="zhaoxian.E002",
        )
    index, others = settings.BLIND_INDEX_KEY, {entry.partition(":")[2] for entry in settings.FIELD_KEYS}
    if "BLIND_INDEX_KEY" in settings.GENERATED_KEYS or len(index) < 43 or index in {settings.SECRET_KEY, *others}:
        yield _warn(
            3,
            "BLIND_INDEX_KEY is generated into the data folder, short, or the same as another key.",
            place.format("BLIND_INDEX_KEY"),
        )
    if "AUDIT_KEY" in settings.GENERATED_KEYS or settings.AUDIT_KEY in {settings.SECRET_KEY, index, *others}:
        yield _warn(
            15,
            "AUDIT_KEY is generated into the data folder or the same as another key: the audit trail could be forged.",
            place.format("AUDIT_KEY"),
        )


@register(Tags.security, deploy=True)
def check_addresses(**_: Any) -> Iterator[CheckMessage]:
    """The names the county is reached under, over HTTPS only."""
    if "*" in settings.ALLOWED_HOSTS or set(settings.ALLOWED_HOSTS) <= LOOPBACK:
        yield _warn(4, "ALLOWED_HOSTS allows any name, or this machine only.", "Set ALLOWED_HOSTS to the site's names.")
    if not settings.HTTPS or urlsplit(settings.SITE_URL).scheme != "https":
        yield _warn(
            5,
            "The site is served without HTTPS: sign-in codes and ID numbers travel in the clear.",
            "Set SITE_URL=https://… and, behind a proxy, BEHIND_PROXY=true.",
        )


@register(Tags.security, deploy=True)
def check_private_media(**_: Any) -> Iterator[CheckMessage]:
    """Candidates' papers lie where no web server reaches them."""
    private = Path(settings.PRIVATE_ROOT).resolve()
    public = [Path(folder).resolve() for folder in (settings.MEDIA_ROOT, settings.STATIC_ROOT)]
    if any(private.is_relative_to(folder) or folder.is_relative_to(private) for folder in public):
        yield Error(
            "Private files lie in a folder that is served to everyone.",
            hint="Keep PRIVATE_ROOT apart from MEDIA_ROOT and STATIC_ROOT.",
            id="zhaoxian.E006",
        )
    way, in_store = settings.PRIVATE_SENDFILE, bool(settings.S3_BUCKET)
    if way not in PRIVATE_WAYS or in_store != (way == "s3"):
        yield _warn(
            6,
            "PRIVATE_SENDFILE does not fit the storage of private files.",
            "Use s3 with S3_BUCKET, nginx behind nginx with files on disk, else django.",
        )


@register(Tags.security, deploy=True)
def check_messages(**_: Any) -> Iterator[CheckMessage]:
    """People get the e-mails and texts meant for them."""
    backend = settings.EMAIL_BACKEND.rsplit(".", 2)[-2]
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    if settings.MESSAGE_TRANSPORT == "outbox" or backend in MAIL_NOWHERE or sender in ("localhost", "example.com"):
        yield _warn(
            7,
            "E-mail goes nowhere: candidates can't sign in and miss their deadlines.",
            "Set MESSAGE_TRANSPORT=live, EMAIL_URL=smtp+tls://user:password@host:587 and DEFAULT_FROM_EMAIL.",
        )
    if settings.SMS_ADAPTER.endswith("ConsoleSms"):
        yield _warn(8, "Text messages go nowhere.", "Set SMS_ADAPTER to the class of the county's service.")


@register(Tags.security, deploy=True)
def check_background(**_: Any) -> Iterator[CheckMessage]:
    """Long work is done, once, by someone; limits count in one place."""
    broker = settings.CELERY_BROKER_URL
    is_eager = settings.TASK_MODE not in ("celery", "embedded")
    if is_eager or (settings.TASK_MODE == "celery") != bool(broker) or broker.startswith("memory:"):
        yield _warn(
            9,
            "Background work and broker do not fit together.",
            "Set CELERY_BROKER_URL (or REDIS_URL) and start workers, or unset both and TASK_MODE for one machine.",
        )
    backend = settings.CACHES["default"]["BACKEND"].rsplit(".", 2)[-2]
    if backend in CACHES_OF_ONE_PROCESS:
        yield _warn(
            10, "Each process has its own cache: limits on tries count separately.", "Set REDIS_URL, or leave it unset."
        )
    if settings.TASK_MODE == "celery" and settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield _warn(14, "Celery workers share a SQLite file.", "Set DATABASE_URL=postgres://…")


@register(Tags.security, deploy=True)
def check_rules_of_the_house(**_: Any) -> Iterator[CheckMessage]:
    """Deadlines are Beijing time; staff sign in with two factors; nobody reads tracebacks."""
    if not settings.USE_TZ or settings.TIME_ZONE != "Asia/Shanghai":
        yield _warn(11, "The time zone is not Asia/Shanghai: windows open and close at the wrong hour.", "Keep it.")
    if not settings.SECOND_FACTOR_REQUIRED:
        yield _warn(12, "Staff sign in without a second factor.", "Unset SECOND_FACTOR_REQUIRED.")
    if settings.DEBUG:
        yield _warn(13, "DEBUG shows settings and personal data to whoever meets an error.", "Unset DEBUG.")
