"""The integrity pledge: a text file per version and language; a person accepts a version with its digest."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from foundation.language import rule_language

FOLDER = Path(__file__).resolve().parent / "pledges"
CURRENT_VERSION = "2026-1"


@dataclass(frozen=True)
class Pledge:
    """A version of the pledge; `digest` is the SHA-256 of the Chinese text, which is the binding one."""

    version: str
    title: str
    paragraphs: tuple[str, ...]
    digest: str


@cache
def _read(version: str, language: str) -> Pledge:
    lines = (FOLDER / f"{version}.{language}.txt").read_text(encoding="utf-8").strip().split("\n")
    binding = (FOLDER / f"{version}.zh.txt").read_bytes()
    paragraphs = tuple(line.strip() for line in lines[1:] if line.strip())
    return Pledge(version, lines[0].strip(), paragraphs, hashlib.sha256(binding).hexdigest())


def current_pledge() -> Pledge:
    """The pledge to accept now, in the reader's language."""
    return _read(CURRENT_VERSION, rule_language())
