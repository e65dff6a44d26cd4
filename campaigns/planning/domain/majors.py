"""Catalogues of majors: a published table in, whole or not at all (R10)."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import BroadGroup, Major, MajorCatalogue, RuleSetVersion
from campaigns.planning.policies import may_keep_catalogues
from campaigns.planning.queries import SEPARATOR, split_names
from foundation.errors import Refused
from foundation.tables.cells import cell_text
from foundation.tables.workbook import open_workbook
from rulebook.conditions.catalogue import MajorCatalogue as ReadCatalogue
from rulebook.conditions.catalogue import catalogue_from_rows

BATCH = 1000
FIRST_EDITION, LAST_EDITION = 1990, 2100
LONGEST = 100

# (level, code) → (name, old names)
Entries = dict[tuple[str, str], tuple[str, tuple[str, ...]]]


@dataclass
class MajorsReport:
    """What an import did or would do, in entries; `levels` holds (level, categories, classes, majors)."""

    key: str
    new: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    groups: int = 0
    old_names: int = 0
    levels: list[tuple[str, int, int, int]] = field(default_factory=list)
    saved: bool = False

    @property
    def has_work(self) -> bool:
        return bool(self.new or self.changed or self.removed)


def import_majors(
    *, actor: User, content: bytes, file_name: str, name: str, edition: int, dry_run: bool = False
) -> MajorsReport:
    """Take a published catalogue with its levels, classes, majors, old names and broad groups.

    The same table again changes nothing; a corrected one of the same name and edition replaces what differs, unless
    published rules stand on it. Raises TableError where the file can't be read; Refused (`name`, `edition`,
    `no_majors`, `in_use`). With `dry_run` nothing is saved.
    """
    require(may_keep_catalogues, actor)
    name = " ".join(name.split())
    check_catalogue(name, edition)
    read = _read(content, file_name, name, edition)
    digest = _digest(read)
    with transaction.atomic():
        known = MajorCatalogue.objects.select_for_update().filter(name=name, edition=edition).first()
        report = _compared(read, known)
        if known and known.digest != digest:
            _refuse_in_use(known)
        if dry_run or (known and known.digest == digest):
            return report
        row = known or MajorCatalogue(name=name, edition=edition)
        row.source, row.digest, row.imported_by, row.imported_at = file_name, digest, actor, timezone.now()
        row.save()
        _write(row, read)
        report.saved = True
        counts = {"new": report.new, "changed": report.changed, "removed": report.removed, "groups": report.groups}
        audit.record(
            actor=actor, action="planning.import_majors", subject=row,
            after={"file": file_name, "digest": digest, **counts},
        )  # fmt: skip
    return report


def check_catalogue(name: str, edition: int) -> None:
    """Raises Refused (`name`, `edition`) where a catalogue can't be called so."""
    if not name or len(name) > LONGEST or name == "national":
        raise Refused(
            _("A catalogue needs a name of at most %(most)s characters, such as the province and who issued it. "
              "Nothing was saved.") % {"most": LONGEST},
            code="name",
        )  # fmt: skip
    if not FIRST_EDITION <= edition <= LAST_EDITION:
        raise Refused(
            _("“%(edition)s” is no year of an edition; four digits such as 2026 are needed. Nothing was saved.")
            % {"edition": edition},
            code="edition",
        )


def _read(content: bytes, file_name: str, name: str, edition: int) -> ReadCatalogue:
    book = open_workbook(content, file_name)
    sheets = [[[cell_text(cell) for cell in row.values] for row in sheet.rows()] for sheet in book.sheets]
    try:
        return catalogue_from_rows(name, str(edition), sheets)
    except ValueError as problem:
        raise Refused(
            _("No major was found in the sheets of %(file)s: a code such as A010101 (graduate), B020101K (bachelor) or "
              "C0101 (college) is needed, with the name in the next column. Nothing was saved.") % {"file": file_name},
            code="no_majors",
        ) from problem  # fmt: skip


def _entries(read: ReadCatalogue) -> Entries:
    return {(entry.level, entry.code): (entry.name, entry.old_names) for entry in read.entries}


def _digest(read: ReadCatalogue) -> str:
    said = [sorted(_entries(read).items()), sorted((group, list(ms)) for group, ms in read.broad_groups.items())]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _compared(read: ReadCatalogue, known: MajorCatalogue | None) -> MajorsReport:
    wanted = _entries(read)
    rows = known.majors.values_list("level", "code", "name", "old_names") if known else ()
    old: Entries = {(level, code): (name, split_names(text)) for level, code, name, text in rows}
    both = wanted.keys() & old.keys()
    changed = sum(wanted[key] != old[key] for key in both)
    report = MajorsReport(
        f"{read.name} {read.edition}",
        new=len(wanted) - len(both), changed=changed, removed=len(old) - len(both), unchanged=len(both) - changed,
        groups=len(read.broad_groups), old_names=sum(bool(names) for _name, names in wanted.values()),
    )  # fmt: skip
    counted = Counter((level, min(len(code), 6) // 2) for level, code in wanted)
    report.levels = [
        (level, counted[level, 1], counted[level, 2], counted[level, 3])
        for level in ("graduate", "bachelor", "college")
        if any(counted[level, size] for size in (1, 2, 3))
    ]
    return report


def _refuse_in_use(known: MajorCatalogue) -> None:
    used = RuleSetVersion.objects.filter(
        frozen_at__isnull=False, document__eligibility__major_catalogue=known.key
    ).select_related("campaign")
    if codes := sorted({version.campaign.code for version in used}):
        raise Refused(
            _("Published rules stand on “%(catalogue)s” (%(campaigns)s): import the corrected table under another name "
              "and amend the rules. Nothing was saved.")
            % {"catalogue": known.key, "campaigns": ", ".join(codes)},
            code="in_use",
        )  # fmt: skip


def _write(row: MajorCatalogue, read: ReadCatalogue) -> None:
    row.groups.all().delete()
    row.majors.all().delete()
    majors = [
        Major(catalogue=row, level=level, code=code, name=name, old_names=SEPARATOR.join(old_names))
        for (level, code), (name, old_names) in _entries(read).items()
    ]
    Major.objects.bulk_create(majors, batch_size=BATCH)
    by_code = {(major.level, major.code): major.pk for major in row.majors.all()}
    for name, members in read.broad_groups.items():
        group = BroadGroup.objects.create(catalogue=row, name=name)
        group.majors.set([by_code[member] for member in members if member in by_code])
