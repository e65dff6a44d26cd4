from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SlotType(models.TextChoices):
    INSTITUTION = "institution", _("Public institution")
    CIVIL_SERVICE = "civil_service", _("Civil service")


class SlotState(models.TextChoices):
    FREE = "free", _("Free")
    POOL = "pool", _("County pool")
    ALLOCATED = "allocated", _("Allocated")
    PERMITTED = "permitted", _("Permitted")
    RESERVED = "reserved", _("Reserved")
    HELD = "held", _("Held")
    USED = "used", _("Used")
    VACATED = "vacated", _("Vacated")

    @classmethod
    def in_recruitment(cls) -> list["SlotState"]:
        """The states in which a post is bound to a permit."""
        return [cls.PERMITTED, cls.RESERVED, cls.HELD]

    @classmethod
    def without_unit(cls) -> list["SlotState"]:
        """The states in which a post lies with the county and no unit has it."""
        return [cls.FREE, cls.POOL]


class SlotMove(models.TextChoices):
    """Names of the moves in the log (quota.md 5.2)."""

    CREATE = "create", _("Entered in the ledger")
    ALLOCATE = "allocate", _("Allocated to the unit")
    GIVE_BACK = "give_back", _("Allocation given back")
    GIVE_BACK_TO_POOL = "give_back_to_pool", _("Taken back into the pool")
    TO_POOL = "to_pool", _("Moved to the pool")
    FROM_POOL = "from_pool", _("Taken from the pool")
    TRANSFER = "transfer", _("Moved to another unit")
    PERMIT = "permit", _("Permitted")
    WITHDRAW_PERMIT = "withdraw_permit", _("Permit withdrawn")
    RESERVE = "reserve", _("Reserved by publication")
    HOLD = "hold", pgettext_lazy("move of a post", "Held for a person")
    UNHOLD = "unhold", _("Waits for a replacement")
    BIND = "bind", _("Bound to a unit")
    RELEASE = "release", pgettext_lazy("move of a post", "Released")
    RELEASE_EXPIRED = "release_expired", _("Released, permit ended")
    USE = "use", _("Person entered")
    ENTER = "enter", _("Person entered from another channel")
    VACATE = "vacate", _("Person left")
    RETURN_TO_POOL = "return_to_pool", _("Returned to the pool")
    REFILL = "refill", _("Open to be filled again")


class ReleaseReason(models.TextChoices):
    """Why a reserved or held post goes back (quota.md 5.2)."""

    OPENING_RATIO = "opening_ratio", _("Opening ratio not reached")
    POSITION_CANCELLED = "position_cancelled", _("Position cancelled")
    ANNOUNCEMENT_VOIDED = "announcement_voided", _("Announcement voided")
    NOBODY_PASSED = "nobody_passed", _("Nobody passed")
    NO_REPLACEMENT = "no_replacement", _("Place not filled by a replacement")
    WITHDREW = "withdrew", _("Person withdrew")
    MEDICAL = "medical", _("Medical exam not passed")
    INSPECTION = "inspection", _("Inspection not passed")
    DEGREE_MISSING = "degree_missing", _("Diploma or degree not shown in time")
    OBJECTION_UPHELD = "objection_upheld", _("Objection upheld")
    PERMIT_EXPIRED = "permit_expired", _("Permit expired")
    PERMIT_REVOKED = "permit_revoked", _("Permit revoked")


class ExitReason(models.TextChoices):
    """Why a person leaves a post (quota.md 5.2, used → vacated)."""

    RETIRED = "retired", _("Retirement")
    RESIGNED = "resigned", _("Resignation")
    TRANSFERRED_OUT = "transferred_out", _("Transfer out")
    PROBATION_FAILED = "probation_failed", _("Probation not passed")
    DISMISSED = "dismissed", _("Dismissal")
    DIED = "died", _("Death")
    NOT_IN_LEDGER = "not_in_ledger", _("Not in the real-name ledger")


class AdjustReason(models.TextChoices):
    """Why posts change hands without a person."""

    COUNTY_DECISION = "county_decision", _("Decision of the county's establishment committee")
    PLAN_CHANGED = "plan_changed", _("The unit's plan changed")
    REORGANISED = "reorganised", _("Units reorganised")
    ENTRY_ERROR = "entry_error", _("Correction of an entry")


class Channel(models.TextChoices):
    """Ways to a post beside open recruitment (C in quota.md 5.1)."""

    VETERAN = "veteran", _("Placement of demobilised officers")
    TRANSFER_IN = "transfer_in", _("Transfer in")
    SELECTED = "selected", _("Selected graduates")
    OTHER = "other", _("Another approved channel")


class StaffingPart(models.TextChoices):
    """What is kept as a count since no row stands for it."""

    EXTRA = "extra", _("people without a post")
    COMMITTED = "committed", _("posts promised to other channels")


class ExitEnd(models.TextChoices):
    """What became of a planned exit."""

    OPEN = "", _("still to come")
    HAPPENED = "happened", _("happened")
    WITHDRAWN = "withdrawn", _("withdrawn")


class RowKind(models.TextChoices):
    """How a person of the official real-name ledger compares with ours."""

    MATCH = "match", _("Match")
    MISSING = "missing", _("Missing here")
    EXTRA = "extra", _("Only here")
    DIFFERENT = "different", _("Different")


class Decision(models.TextChoices):
    """What a person decided about a row of a reconciliation."""

    OPEN = "open", _("Undecided")
    THEIRS = "theirs", _("Official ledger followed")
    OURS = "ours", _("Our entry kept")
    NOTED = "noted", _("Noted")
