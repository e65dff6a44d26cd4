from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UserKind(models.TextChoices):
    CANDIDATE = "candidate", _("Candidate")
    STAFF = "staff", _("Staff")
    SYSTEM = "system", _("System")


class UnitKind(models.TextChoices):
    COUNTY = "county", _("County")
    DEPARTMENT = "department", _("Supervising department")
    UNIT = "unit", _("Recruiting unit")


class Role(models.TextChoices):
    UNIT_HR = "unit_hr", _("Unit HR")
    DEPARTMENT = "department", _("Supervising department")
    TALENT_OFFICE = "talent_office", _("Talent office")
    EXAM_CENTRE = "exam_centre", _("Exam centre")
    ESTABLISHMENT_OFFICE = "establishment_office", _("Establishment office")
    MEDICAL_RECORDER = "medical_recorder", _("Medical recorder")
    FINANCE = "finance", _("Finance")
    EVENT_STAFF = "event_staff", _("Event staff")
    EXPERT = "expert", _("Judge or expert")
    LEADER = "leader", _("Leader")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")


class TextKind(models.TextChoices):
    PRIVACY_NOTICE = "privacy_notice", _("Privacy notice")
    INTEGRITY_PLEDGE = "integrity_pledge", _("Integrity pledge")


class SignInResult(models.TextChoices):
    SUCCESS = "success", _("Signed in")
    FAILURE = "failure", pgettext_lazy("sign-in", "Refused")
    LOCKED = "locked", _("Refused after too many tries")
    SIGNED_OUT = "signed_out", _("Signed out")
