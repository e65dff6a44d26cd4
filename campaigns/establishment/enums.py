from django.db import models
from django.utils.translation import gettext_lazy as _


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
