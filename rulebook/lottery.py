"""Orders drawn by a recorded seed that anyone can recompute (R34, R55)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def shuffled(keys: Iterable[str], seed: str) -> list[str]:
    """The keys in the order of the SHA-256 of seed and key: random to anyone before the seed is known.

    The order depends on nothing else: neither on the order given nor on the machine.
    """
    return sorted(keys, key=lambda key: (hashlib.sha256(f"{seed}\x1f{key}".encode()).digest(), key))
