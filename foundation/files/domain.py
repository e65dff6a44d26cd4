"""Keeping and dropping private files."""

import hashlib
import re
import unicodedata
from collections.abc import Collection
from pathlib import PurePath
from typing import IO, Any

from django.core.files.base import ContentFile
from django.db import transaction

from foundation.files.kinds import KINDS, judge
from foundation.files.models import PrivateFile

_NAME_LENGTH = 150


def clean_name(name: str, suffix: str) -> str:
    """`name` without folders and control characters, at most 150 characters, ending in the suffix of its real kind."""
    base = PurePath(name.replace("\\", "/")).name
    printable = "".join(c for c in unicodedata.normalize("NFC", base) if unicodedata.category(c)[0] != "C")
    stem = re.sub(r'[/:*?"<>|]', "_", PurePath(printable).stem).strip(". ") or "file"
    return f"{stem[: _NAME_LENGTH - len(suffix)]}{suffix}"


def store_file(
    *, content: IO[bytes] | bytes, name: str, purpose: str, owner: Any, kinds: Collection[str]
) -> PrivateFile:
    """Judge `content` and keep it where only the check of `purpose` lets people open it.

    `kinds` are names of foundation.files.kinds.KINDS that are right here. Pictures are encoded anew, without their
    metadata. Raises Refused with a sentence for the person if the content is none of them, too large or damaged.
    """
    unknown = set(kinds) - KINDS.keys()
    if unknown:
        raise ValueError(f"unknown kinds: {sorted(unknown)}")
    limit = max(KINDS[kind].limit for kind in kinds)
    raw = content if isinstance(content, bytes) else content.read(limit + 1)
    kind, kept = judge(raw, kinds)
    file = PrivateFile(
        name=clean_name(name, kind.suffix),
        content_type=kind.content_type,
        size=len(kept),
        sha256=hashlib.sha256(kept).hexdigest(),
        purpose=purpose,
        owner=owner,
    )
    file.content.save(f"{file.id}{kind.suffix}", ContentFile(kept), save=False)
    file.save(force_insert=True)
    return file


def drop_file(*, file: PrivateFile) -> None:
    """Remove the row now and the content once the transaction is committed."""
    storage, stored = file.content.storage, str(file.content.name)
    file.delete()
    transaction.on_commit(lambda: storage.delete(stored))
