"""Verbs of the establishment room. Locks are taken in the order envelope → unit → posts by id.

Over-hiring is impossible because a hire takes a row under lock, and there is no row left to take.
"""

from campaigns.establishment.domain.claims import (
    hold_post,
    release_posts,
    reserve_posts,
    unhold_post,
    use_post,
    vacate_post,
)
from campaigns.establishment.domain.envelopes import allocate_posts, create_envelope, register_unit_posts
from campaigns.establishment.domain.permit_import import import_permits
from campaigns.establishment.domain.permits import issue_permit

__all__ = [
    "allocate_posts",
    "create_envelope",
    "hold_post",
    "import_permits",
    "issue_permit",
    "register_unit_posts",
    "release_posts",
    "reserve_posts",
    "unhold_post",
    "use_post",
    "vacate_post",
]
