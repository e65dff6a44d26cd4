from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
BEFORE_NOTICE = (AppointmentState.OPENED, AppointmentState.MEDICAL_PASSED, AppointmentState.INSPECTED)
BEFORE_APPROVAL = (*BEFORE_NOTICE, AppointmentState.NOTICED, AppointmentState.ON_HOLD)


class CheckKind(models.TextChoices):
    MEDICAL = "medical", _("Medical exam")
    INSPECTION = "inspection", _("Inspection")


class Conclusion(models.TextChoices):
    PASSED = "passed", pgettext_lazy("check", "Passed")
    FAILED = "failed", _("Not passed")
    ABSENT = "absent", _("Absent")
    DEFERRED = "deferred", _("Deferred")


class HospitalGrade(models.TextChoices):
    """The grades of hospitals by which the rules set the least one (R70), the highest first."""

    G3A = "三级甲等", _("Tertiary, grade A")
    G3B = "三级乙等", _("Tertiary, grade B")
    G3C = "三级丙等", _("Tertiary, grade C")
    G2A = "二级甲等", _("Secondary, grade A")
    G2B = "二级乙等", _("Secondary, grade B")
    G2C = "二级丙等", _("Secondary, grade C")
    G1A = "一级甲等", _("Primary, grade A")
    G1B = "一级乙等", _("Primary, grade B")
    G1C = "一级丙等", _("Primary, grade C")


class EndReason(models.TextChoices):
    """Why an appointment ended; those that give a post back bear the names of the ledger's reasons."""

    WITHDREW = "withdrew", _("Person withdrew")
    MEDICAL = "medical", _("Medical exam not passed")
    INSPECTION = "inspection", _("Inspection not passed")
    OBJECTION_UPHELD = "objection_upheld", _("Objection upheld")
    DEGREE_MISSING = "degree_missing", _("Diploma or degree not shown in time")
    UNTRUE = "untrue", _("Untrue statements or forged documents")
    NOT_REPORTED = "not_reported", _("Did not report for duty in time")
    LEFT_POST = "left_post", _("Left the post")


# What one chooses by hand; the others follow from a check, a decided objection or the last day for reporting.
CHOSEN_REASONS = (
    EndReason.WITHDREW,
    EndReason.MEDICAL,
    EndReason.DEGREE_MISSING,
    EndReason.UNTRUE,
)
LEAVING_REASONS = (EndReason.LEFT_POST, EndReason.UNTRUE)  # of a person on the post


class Stage(models.TextChoices):
    """The stages of the replacement rules at which an appointment can end (R72)."""

    MEDICAL = "medical", _("Medical exam")
    INSPECTION = "inspection", _("Inspection")
    NOTICE = "notice", _("Public notice")
    AFTER = "after", _("After the notice")
