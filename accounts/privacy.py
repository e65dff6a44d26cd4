"""The privacy notice that is shown before an account is made (PIPL Art. 17 and 35): versioned."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language

VERSION = "2026-11-01"
FOLDER = Path(__file__).parent / "texts"


@dataclass(frozen=True)
class Notice:
    """`digest` is the SHA-256 (hex) of the Chinese text, which is the one that counts."""

    version: str
    digest: str


@cache
def current_notice() -> Notice:
    return Notice(VERSION, hashlib.sha256(_text("zh-hans").encode()).hexdigest())


def notice_lines() -> list[tuple[str, str]]:
    """The notice in the reader's language as ("heading" | "item" | "text", words)."""
    kinds = {"# ": "heading", "- ": "item"}
    lines = [line for line in _text("en" if get_language() == "en" else "zh-hans").splitlines() if line]
    return [(kinds.get(line[:2], "text"), line[2:] if line[:2] in kinds else line) for line in lines]


def _text(language: str) -> str:
    county = settings.COUNTY_NAME_EN if language == "en" else settings.COUNTY_NAME
    return (FOLDER / f"privacy_notice.{language}.txt").read_text().replace("{county}", county)
