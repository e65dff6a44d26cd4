"""What the rooms above tell the press about lists of their kind: how to correct one, and what its release sets off."""

from collections.abc import Callable, Sequence

from accounts.models import User
from recruitment.publications.models import Publication

Correction = Callable[[User, Publication], Publication]
Effects = Callable[[Publication], Sequence[str]]
CORRECTIONS: dict[str, Correction] = {}
RELEASE_EFFECTS: dict[str, Effects] = {}
WITHDRAWAL_EFFECTS: dict[str, Effects] = {}


def register_correction(kind: str, prepare: Correction) -> None:
    """`prepare(actor, publication)` drafts the list anew from today's data; its release replaces `publication`."""
    CORRECTIONS[kind] = prepare


def register_effects(kind: str, *, release: Effects, withdrawal: Effects) -> None:
    """Sentences about what a release or a withdrawal of `publication` changes in that room."""
    RELEASE_EFFECTS[kind], WITHDRAWAL_EFFECTS[kind] = release, withdrawal
