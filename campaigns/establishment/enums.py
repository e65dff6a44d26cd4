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
    RELEASED = "released", _("Released")
