"""Translation catalogues: where they are, compiling them without gettext, and what is missing in them."""

import gettext
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib
from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.translation import trans_real

_NOT_COPIED = (".*", "var", "node_modules", "site", "venv", "__pycache__", "*.mo", "tests")
_PLACE = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


def rooms() -> list[Path]:
    """The folders of our own rooms."""
    paths = [Path(app.path) for app in apps.get_app_configs()]
    return [path for path in paths if path.is_relative_to(settings.BASE_DIR) and "site-packages" not in path.parts]


def catalogues() -> list[Path]:
    """Every django.po and djangojs.po of ours, sorted."""
    folders = [Path(folder) for folder in settings.LOCALE_PATHS] + [room / "locale" for room in rooms()]
    return sorted({found for folder in folders for found in folder.glob("*/LC_MESSAGES/django*.po")})


def compile_catalogue(path: Path) -> bool:
    """Write the .mo beside `path` unless it is newer already; True if it was written."""
    target = path.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
        return False
    partial = target.with_suffix(f".{os.getpid()}")
    polib.pofile(str(path)).save_as_mofile(str(partial))
    partial.replace(target)
    return True


def forget_loaded() -> None:
    """Let this process read the catalogues anew: what it looked up before they were compiled it took from the source.

    The same as Django's own reloader does when a catalogue changes; the language in use stays.
    """
    language = translation.get_language()
    gettext._translations.clear()  # type: ignore[attr-defined]
    trans_real._translations = {}  # type: ignore[attr-defined]
    trans_real._default = None  # type: ignore[attr-defined]
    if language:
        translation.activate(language)


def _fits(entry: polib.POEntry) -> bool:
    """The translation has the same places to fill as its source; plural forms may leave out the number."""
    source = set(_PLACE.findall(entry.msgid)) | set(_PLACE.findall(entry.msgid_plural or ""))
    texts = list(entry.msgstr_plural.values()) or [entry.msgstr]
    found = [set(_PLACE.findall(text)) for text in texts]
    return all(places <= source if entry.msgid_plural else places == source for places in found)


def problems_of(path: Path) -> Iterator[str]:
    """Sentences "file: text: what is wrong" for entries that are fuzzy, untranslated or would lose a value."""
    for entry in polib.pofile(str(path)):
        if entry.obsolete:
            continue
        if entry.fuzzy:
            yield f"{path}: {entry.msgid!r} is marked as fuzzy"
        elif not entry.translated():
            yield f"{path}: {entry.msgid!r} is not translated"
        elif not _fits(entry):
            yield f"{path}: the translation of {entry.msgid!r} has other places to fill"


def disagreements(paths: Iterable[Path]) -> Iterator[str]:
    """Sentences for texts that several catalogues translate in different ways: readers would see only one of them."""
    found: dict[tuple[str | None, str], dict[str, list[Path]]] = {}
    for path in paths:
        for entry in polib.pofile(str(path)):
            if entry.translated() and not entry.obsolete:
                words = entry.msgstr or str(entry.msgstr_plural)
                found.setdefault((entry.msgctxt, entry.msgid), {}).setdefault(words, []).append(path)
    for (_context, text), ways in found.items():
        if len(ways) > 1:
            said = "; ".join(f"{words!r} in {', '.join(map(str, places))}" for words, places in ways.items())
            yield f"{text!r} is translated in {len(ways)} ways ({said}); agree on one, or give it a context"


def missing_in(language: str) -> list[str]:
    """Texts of the code and templates that no catalogue holds; needs gettext's xgettext.

    The extraction runs on a copy of the tree, so that no catalogue is touched.
    """
    base = Path(settings.BASE_DIR)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(base, copy, ignore=shutil.ignore_patterns(*_NOT_COPIED), symlinks=True)
        before = _texts(copy, language)
        for room in rooms():
            (copy / room.relative_to(base) / "locale" / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
        subprocess.run(  # noqa: S603 (our own command, no input from outside)
            [sys.executable, "manage.py", "makemessages", "-l", language, "--no-obsolete", "-v0"],
            cwd=copy,
            check=True,
            env={**os.environ, "DATA_DIR": str(Path(folder) / "data")},
        )
        return sorted(_texts(copy, language) - before)


def _texts(base: Path, language: str) -> set[str]:
    found = set()
    for path in base.glob(f"**/locale/{language}/LC_MESSAGES/django.po"):
        room = path.parents[3].relative_to(base)
        found |= {f"{room}: {entry.msgid!r}" for entry in polib.pofile(str(path)) if not entry.obsolete}
    return found
