"""Small numbers in tables that everyone reads: a count of one or two people can name them to those who were there."""

from collections.abc import Sequence

LEAST_SHOWN = 5


def veiled(counts: Sequence[int]) -> list[int | None]:
    """One column of counts with each of 1 to 4 replaced by None, so that the total tells none of them either.

    Zeros are shown. Where the hidden counts together stay below 5 or one stands alone, the next smallest is hidden too;
    if none is left to hide, the column's total must not be shown (`shows_total`).
    """
    hidden = {place for place, count in enumerate(counts) if 0 < count < LEAST_SHOWN}
    others = sorted((count, place) for place, count in enumerate(counts) if count >= LEAST_SHOWN)
    while hidden and others and not _covers(counts, hidden):
        hidden.add(others.pop(0)[1])
    return [None if place in hidden else count for place, count in enumerate(counts)]


def shows_total(counts: Sequence[int], shown: Sequence[int | None]) -> bool:
    """Whether the sum of `counts` may stand under the column that `veiled` gave."""
    hidden = {place for place, count in enumerate(shown) if count is None}
    return not hidden or _covers(counts, hidden)


def _covers(counts: Sequence[int], hidden: set[int]) -> bool:
    return len(hidden) > 1 and sum(counts[place] for place in hidden) >= LEAST_SHOWN
