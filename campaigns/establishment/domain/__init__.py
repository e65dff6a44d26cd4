"""Verbs of the establishment room. Locks are taken in the order envelope → units → permit → posts by id.

Over-hiring is impossible because a hire takes a row under lock, and there is no row left to take.
"""

from campaigns.establishment.domain.claims import (
    bind_post,
    hold_post,
    release_posts,
    reserve_posts,
    take_post_for_conversion,
    unhold_post,
    use_post,
)
from campaigns.establishment.domain.envelopes import (
    allocate_from_pool,
    allocate_posts,
    create_envelope,
    give_back_posts,
    move_to_pool,
    take_from_pool,
)
from campaigns.establishment.domain.exits import (
    lend_against_exits,
    plan_exit,
    refill_posts,
    return_lent_post,
    vacate_post,
    withdraw_exit,
)
from campaigns.establishment.domain.permit_import import import_permits
from campaigns.establishment.domain.permits import expire_permits, issue_permit, renew_permit, revoke_permit
from campaigns.establishment.domain.reconciliation import (
    close_reconciliation,
    compare_ledgers,
    decide_rows,
)
from campaigns.establishment.domain.retention import forget_ledger_sheets
from campaigns.establishment.domain.units import (
    commit_posts,
    enter_from_channel,
    register_unit_posts,
    seat_extra_person,
    transfer_posts,
    withdraw_commitment,
)

__all__ = [
    "allocate_from_pool",
    "allocate_posts",
    "bind_post",
    "close_reconciliation",
    "commit_posts",
    "compare_ledgers",
    "create_envelope",
    "decide_rows",
    "enter_from_channel",
    "expire_permits",
    "forget_ledger_sheets",
    "give_back_posts",
    "hold_post",
    "import_permits",
    "issue_permit",
    "lend_against_exits",
    "move_to_pool",
    "plan_exit",
    "refill_posts",
    "register_unit_posts",
    "release_posts",
    "renew_permit",
    "reserve_posts",
    "return_lent_post",
    "revoke_permit",
    "seat_extra_person",
    "take_from_pool",
    "take_post_for_conversion",
    "transfer_posts",
    "unhold_post",
    "use_post",
    "vacate_post",
    "withdraw_commitment",
    "withdraw_exit",
]
