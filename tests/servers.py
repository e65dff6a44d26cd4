"""Which servers and programs this machine offers to tests."""

import os
import shutil
import socket
from functools import cache
from urllib.parse import urlsplit


def _answers(url: str) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 6379), timeout=1):
            return True
    except OSError:
        return False


@cache
def redis_url() -> str:
    """The address of a Redis that answers: REDIS_URL, or database 9 of a local one; empty if there is none."""
    url = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/9"
    return url if _answers(url) else ""


@cache
def chromium() -> str:
    """The path of Chromium or Chrome; empty if it is not installed."""
    given = os.environ.get("CHROMIUM", "")
    return given or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
        "",
    )
