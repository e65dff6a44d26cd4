"""Reads over established posts."""

from campaigns.establishment.queries.attention import described, permits_ending, renewers_of, stuck_posts
from campaigns.establishment.queries.balances import (
    Balance,
    Part,
    balance_of_envelope,
    balance_of_subtree,
    balance_of_unit,
    balances,
    end_of,
    total,
)
from campaigns.establishment.queries.posts import (
    in_scope_of_county,
    permit_use,
    permits_valid_on,
    permits_visible_to,
    permitted_now,
    posts_as_of,
    posts_visible_to,
    readable_paths,
    readable_units,
    reconciliations_visible_to,
    reserved_for,
    with_open_rows,
)

__all__ = [
    "Balance",
    "Part",
    "balance_of_envelope",
    "balance_of_subtree",
    "balance_of_unit",
    "balances",
    "described",
    "end_of",
    "in_scope_of_county",
    "permit_use",
    "permits_ending",
    "permits_valid_on",
    "permits_visible_to",
    "permitted_now",
    "posts_as_of",
    "posts_visible_to",
    "readable_paths",
    "readable_units",
    "reconciliations_visible_to",
    "renewers_of",
    "reserved_for",
    "stuck_posts",
    "total",
    "with_open_rows",
]
