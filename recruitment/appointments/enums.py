from django.db import models
from django.utils.translation import gettext_lazy as _


class AppointmentState(models.TextChoices):
    OPENED = "opened", _("Opened")
    MEDICAL_PASSED = "medical_passed", _("Medical passed")
    INSPECTED = "inspected", _("Inspection passed")
    NOTICED = "noticed", _("Under public notice")
    ON_HOLD = "on_hold", _("Held for an objection")
    APPROVED = "approved", _("Approved")
    ON_POST = "on_post", _("On post")
    CONFIRMED = "confirmed", _("Probation passed")
    ENDED = "ended", _("Ended")


ENDED_STATES = ("ended",)


class CheckKind(models.TextChoices):
    MEDICAL = "medical", _("Medical exam")
    INSPECTION = "inspection", _("Inspection")


class Conclusion(models.TextChoices):
    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Not passed")
    ABSENT = "absent", _("Absent")
