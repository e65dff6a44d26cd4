"""The chain that makes the audit trail provable (decision 17).

Entries are inserted without a lock. One sealer, holding the row of `AuditHead`, gives each committed entry a seal: a
keyed digest (HMAC-SHA256) over the digest before it and the whole entry, in the order of ids. Whoever can write to
the database but has not the audit key makes no seal, so any edit, deletion or insertion shows in `verify_audit`.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.append_only import missing_triggers
from accounts.audit_order import missing_announcement, settled_up_to
from accounts.models import AuditEntry, AuditHead, AuditSeal

logger = logging.getLogger(__name__)
BATCH = 1000
TABLES = ("accounts_auditentry", "accounts_auditseal")


@dataclass(frozen=True)
class Breach:
    """One place where the trail is not as it was written: `entry` is the id concerned, 0 for the whole trail."""

    entry: int
    kind: str
    message: str


@dataclass
class Verification:
    """What `verify` found: entries checked, entries not sealed yet, the digest at the end, every breach."""

    sealed: int = 0
    unsealed: int = 0
    head: str = ""
    breaches: list[Breach] = field(default_factory=list)


def _keyed(text: str) -> str:
    return hmac.new(settings.AUDIT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def digest_of(entry: AuditEntry, previous: str) -> str:
    """The seal of `entry` after `previous` (64 hex characters, empty for the first); times in UTC."""
    content = [
        entry.pk,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.object_name,
        entry.before,
        entry.after,
        entry.reason,
        entry.origin,
    ]
    return _keyed(f"{previous}\n{json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(',', ':'))}")


def _proof(length: int, digest: str) -> str:
    return _keyed(f"head {length} {digest}")


def _settled() -> QuerySet[AuditEntry]:
    """Unsealed entries in the order of ids, as far as no unfinished transaction can still come before one of them."""
    last = settled_up_to()
    entries = AuditEntry.objects.filter(seal=None).order_by("pk")
    return entries if last is None else entries.filter(pk__lte=last)


@transaction.atomic
def seal() -> int:
    """Seal every settled entry in id order; returns how many. Two sealers at once wait for each other."""
    AuditHead.objects.get_or_create(pk=1, defaults={"proof": _proof(0, "")})
    head = AuditHead.objects.select_for_update().get(pk=1)
    last = AuditSeal.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    sealed = 0
    for entries in _batches(_settled().filter(pk__gt=last)):
        seals = []
        for entry in entries:
            digest = digest_of(entry, head.digest)
            seals.append(AuditSeal(entry=entry, previous_digest=head.digest, digest=digest))
            head.digest = digest
        AuditSeal.objects.bulk_create(seals)
        sealed += len(seals)
    if sealed:
        head.length += sealed
        head.proof = _proof(head.length, head.digest)
        head.save()
        # The log leaves this machine: a head that was logged can't be rolled back unnoticed.
        logger.info("audit chain: %d entries sealed, length %d, head %s", sealed, head.length, head.digest)
    return sealed


def _batches(entries: QuerySet[AuditEntry]) -> Iterator[list[AuditEntry]]:
    after = 0
    while batch := list(entries.filter(pk__gt=after)[:BATCH]):
        yield batch
        after = batch[-1].pk


@transaction.atomic
def verify(*, anchor: str = "") -> Verification:
    """Recompute the whole chain. `anchor` is a head digest noted earlier, which must still be part of the chain.

    The sealer waits meanwhile, so that entries and head are those of one moment.
    """
    found = Verification()
    head = AuditHead.objects.select_for_update().filter(pk=1).first() or AuditHead(proof=_proof(0, ""))
    _verify_triggers(found)
    digests_missing = anchor
    previous, gap = "", []
    seals = AuditSeal.objects.order_by("pk").values_list("pk", "previous_digest", "digest")
    stored = {pk: (before, digest) for pk, before, digest in seals.iterator()}
    last_sealed = max(stored, default=0)
    for entry in AuditEntry.objects.order_by("pk").iterator(chunk_size=BATCH):
        if entry.pk not in stored:
            if entry.pk < last_sealed:
                gap.append(entry.pk)
            else:
                found.unsealed += 1
            continue
        before, digest = stored.pop(entry.pk)
        found.sealed += 1
        _verify_link(found, entry, previous, before, digest)
        previous = digest
        if digest == anchor:
            digests_missing = ""
    found.head = previous
    _verify_rest(found, head, gap, stored)
    if digests_missing:
        found.breaches.append(Breach(0, "anchor", _("The digest noted earlier is not part of the chain any more.")))
    return found


def _verify_link(found: Verification, entry: AuditEntry, previous: str, before: str, digest: str) -> None:
    if before != previous:
        message = _("The link before entry %(id)s is broken: entries before it were deleted or inserted.")
        found.breaches.append(Breach(entry.pk, "link", message % {"id": entry.pk}))
    if not hmac.compare_digest(digest_of(entry, before), digest):
        message = _("Entry %(id)s or its seal is not as it was written.")
        found.breaches.append(Breach(entry.pk, "edited", message % {"id": entry.pk}))


def _verify_rest(found: Verification, head: AuditHead, gap: Iterable[int], orphans: Iterable[int]) -> None:
    """Entries slipped in below the end, seals without an entry, and the keyed end of the chain."""
    for pk in gap:
        message = _("Entry %(id)s stands inside the sealed part but was never sealed: it was inserted.")
        found.breaches.append(Breach(pk, "inserted", message % {"id": pk}))
    for pk in orphans:
        found.breaches.append(Breach(pk, "deleted", _("Entry %(id)s was deleted; its seal is left.") % {"id": pk}))
    if head.proof != _proof(head.length, head.digest):
        found.breaches.append(Breach(0, "head", _("The end of the chain was not written by the sealer.")))
    elif (head.length, head.digest) != (found.sealed, found.head):
        message = _("The chain should have %(expected)s sealed entries but has %(found)s, or ends elsewhere.")
        values = {"expected": head.length, "found": found.sealed}
        found.breaches.append(Breach(0, "length", message % values))


def _verify_triggers(found: Verification) -> None:
    missing = [name for table in TABLES for name in missing_triggers(connection, table)]
    for name in (*missing, *missing_announcement()):
        message = _("The database no longer protects the table: the trigger %(name)s is missing.")
        found.breaches.append(Breach(0, "trigger", message % {"name": name}))
