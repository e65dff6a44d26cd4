from django.db import models
from django.utils.translation import gettext_lazy as _


class ApplicationState(models.TextChoices):
    """The life of an application, which ends at hand-over to the appointment (decision 8)."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned for correction")
    REJECTED = "rejected", _("Not eligible")
    EFFECTIVE = "effective", _("Effective")
    ABSENT = "absent", _("Absent from a paper")
    SCORED = "scored", _("Marked")
    SHORTLISTED = "shortlisted", _("Shortlisted")
    NOT_SHORTLISTED = "not_shortlisted", _("Not shortlisted")
    INTERVIEWED = "interviewed", _("Interviewed")
    RANKED = "ranked", _("Ranked")
    PROPOSED = "proposed", _("Proposed for hire")
    NOT_SELECTED = "not_selected", _("Not selected")
    AGREED = "agreed", _("Agreement signed")
    HANDED_OVER = "handed_over", _("Handed over to appointment")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DISQUALIFIED = "disqualified", _("Disqualified")


# An application in one of these states no longer stands for its person in the batch group.
CLOSED_STATES = ("rejected", "withdrawn", "disqualified")


class Verdict(models.TextChoices):
    PENDING = "pending", _("Pending")
    PASSED = "passed", _("Passed")
    RETURNED = "returned", _("Returned for correction")
    REJECTED = "rejected", _("Rejected")
