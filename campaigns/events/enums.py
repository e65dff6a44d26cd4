from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EventState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    HELD = "held", pgettext_lazy("event", "Held")
    CLOSED = "closed", _("Closed")
    POSTPONED = "postponed", _("Postponed")
    CANCELLED = "cancelled", _("Cancelled")


class RegistrationState(models.TextChoices):
    REGISTERED = "registered", _("Registered")
    CANCELLED = "cancelled", _("Cancelled")


class Admission(models.TextChoices):
    """Whether a person can get a seat now, and if not, why."""

    NOT_YET = "not_yet", _("Registration not open yet")
    OPEN = "open", _("Open for registration")
    FULL = "full", _("All seats are taken")
    ENDED = "ended", _("Registration has ended")
    OVER = "over", _("Over")
    POSTPONED = "postponed", _("Postponed")
    CANCELLED = "cancelled", _("Cancelled")
