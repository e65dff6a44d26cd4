"""Writing the audit trail. Every verb that changes something calls `record` in its own transaction."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model

from accounts.models import AuditEntry, User
from foundation.origin import origin


def record(
    *,
    actor: User,
    action: str,
    subject: Model,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Write one entry. `action` is "room.verb"; `before` and `after` hold only changed, non-personal values.

    Bulk verbs write one entry for the batch, with its count and digest in `after` (decision 17).
    """
    return AuditEntry.objects.create(
        actor=actor,
        action=action,
        object_type=subject._meta.label_lower,
        object_id=str(subject.pk),
        object_name=str(subject)[:200],
        before=dict(before or {}),
        after=dict(after or {}),
        reason=reason,
        origin=origin.get(),
    )


def digest_of(keys: Iterable[int]) -> str:
    """SHA-256 over sorted primary keys: which rows a verb for many touched (decision 17)."""
    return hashlib.sha256(",".join(str(key) for key in sorted(keys)).encode()).hexdigest()
