from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ChallengeState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    CONFIRMED = "confirmed", _("Need confirmed")
    PUBLISHED = "published", _("On the board")
    UNDER_REVIEW = "under_review", _("Bids under review")
    AWARDED = "awarded", _("Awarded")
    FAILED = "failed", _("No award")


class BidState(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned for completion")
    ACCEPTED = "accepted", _("Formally accepted")
    REFUSED = "refused", _("Formally refused")
    AWARDED = "awarded", _("Awarded")
    NOT_AWARDED = "not_awarded", _("Not awarded")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class BidDeclaration(models.TextChoices):
    """What the lead of a bid declares (tracks, C5); each one is needed."""

    INDEPENDENT = "independent", _("My home organisation neither directs nor belongs to the unit that has the need.")
    STAYS_OUTSIDE = "stays_outside", _("My post, file and social insurance stay with my home organisation.")
    OWN_WORK = "own_work", _("Plan and quote are our own work, true, and agreed with nobody else who bids.")


class EngagementState(models.TextChoices):
    AGREED = "agreed", _("Agreement signed")
    IN_SERVICE = "in_service", _("In service")
    ACCEPTED = "accepted", _("Work accepted")
    TERMINATED = "terminated", _("Terminated")


class MilestoneState(models.TextChoices):
    PENDING = "pending", _("Not reviewed yet")
    PASSED = "passed", pgettext_lazy("milestone", "Passed")
    FAILED = "failed", pgettext_lazy("milestone", "Not passed")
