"""Where an established post may go from where (quota rules, section 5.2)."""

from campaigns.establishment.enums import SlotState
from foundation.states import Machine, move

S = SlotState

SLOTS = Machine(
    move("allocate", [S.FREE, S.POOL], S.ALLOCATED),
    move("give_back", S.ALLOCATED, S.FREE, needs_reason=True),
    move("give_back_to_pool", S.ALLOCATED, S.POOL, needs_reason=True),
    move("to_pool", S.FREE, S.POOL, needs_reason=True),
    move("from_pool", S.POOL, S.FREE, needs_reason=True),
    move("transfer", [S.ALLOCATED, S.PERMITTED], S.ALLOCATED, needs_reason=True),
    move("permit", S.ALLOCATED, S.PERMITTED),
    move("withdraw_permit", S.PERMITTED, S.ALLOCATED, needs_reason=True),
    move("reserve", S.PERMITTED, S.RESERVED),
    move("hold", S.RESERVED, S.HELD),
    move("unhold", S.HELD, S.RESERVED, needs_reason=True),
    move("bind", S.HELD, S.HELD),
    move("release", [S.RESERVED, S.HELD], S.PERMITTED, needs_reason=True),
    move("release_expired", [S.RESERVED, S.HELD], S.ALLOCATED, needs_reason=True),
    move("use", S.HELD, S.USED),
    move("enter", S.ALLOCATED, S.USED),
    move("vacate", S.USED, S.VACATED, needs_reason=True),
    move("return_to_pool", S.VACATED, S.POOL, needs_reason=True),
    move("refill", S.VACATED, S.ALLOCATED),
)
