"""The seal of a released list: the digest of its canonical content, chained to the list released before."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from django.db import connection

from accounts.models import AuditEntry
from foundation.row_guards import missing_guards
from recruitment.publications.models import Publication

GENESIS = "0" * 64
GUARDED = (
    ("publications_publication", "update", "delete"),
    ("publications_publicationentry", "insert", "update", "delete"),
)


def canonical(publication: Publication) -> str:
    """What the seal covers, byte for byte the same for the same list (R96)."""
    content = {
        "campaign": publication.campaign.code,
        "kind": publication.kind,
        "title": publication.title,
        "intro": publication.intro,
        "columns": publication.columns,
        "rows": publication.rows,
        "rules": publication.rule_set.digest if publication.rule_set else "",
        "released_at": publication.released_at.astimezone(UTC).isoformat() if publication.released_at else "",
        "sequence": publication.sequence,
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(publication: Publication, previous: str) -> str:
    """SHA-256 over the previous digest and the canonical content."""
    return hashlib.sha256(f"{previous}\n{canonical(publication)}".encode()).hexdigest()


@dataclass(frozen=True)
class Breach:
    """A sealed list that is no longer what was released, or a gap in the chain."""

    sequence: int
    title: str
    problem: str


def breaches() -> Iterator[Breach]:
    """Walk the chain from the first release and report each edit, gap or exchange, and guards that are off."""
    previous, expected = GENESIS, 1
    rows = Publication.objects.filter(sequence__isnull=False).order_by("sequence")
    for publication in rows.select_related("campaign", "rule_set").iterator(chunk_size=200):
        number = publication.sequence or 0
        if number != expected:
            yield Breach(number, publication.title, f"numbers {expected} to {number - 1} are missing")
        if publication.previous_digest != previous:
            yield Breach(number, publication.title, "does not follow the list before it")
        if digest_of(publication, publication.previous_digest) != publication.digest:
            yield Breach(number, publication.title, "content was changed after release")
        previous, expected = publication.digest, number + 1
    yield from _cut_off(expected - 1)
    for table, *verbs in GUARDED:
        for name in missing_guards(connection, table, *verbs):
            yield Breach(0, "", f"the database no longer guards released lists: {name} is missing")


def _cut_off(last: int) -> Iterator[Breach]:
    """Lists at the end of the chain that only the audit trail still knows of."""
    releases = AuditEntry.objects.filter(action="publications.release")
    for number, title in releases.filter(after__sequence__gt=last).values_list("after__sequence", "object_name"):
        yield Breach(number, title, "was released by the audit trail and is missing")
