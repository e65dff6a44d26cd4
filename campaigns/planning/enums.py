from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Track(models.TextChoices):
    PUBLIC_EXAM = "public_exam", _("Public exam")
    COMPETITIVE_SELECTION = "competitive_selection", _("Competitive selection")
    OPEN_CHALLENGE = "open_challenge", _("Open challenge")


class CampaignState(models.TextChoices):
    """Stored steps of a campaign; whether a window is open is computed from its dates, never stored."""

    PLAN_DRAFTING = "plan_drafting", _("Plan being drafted")
    QUOTA_REVIEW = "quota_review", _("Posts under review")
    PLAN_APPROVAL = "plan_approval", _("Plan under approval")
    APPROVED = "approved", pgettext_lazy("plan", "Approved")
    PUBLISHED = "published", _("Published")
    RATIO_CHECKED = "ratio_checked", _("Opening ratio checked")
    SCORING = "scoring", _("Marks being entered")
    SCORE_PUBLISHED = "score_published", _("Marks published")
    SHORTLIST_PUBLISHED = "shortlist_published", _("Shortlist published")
    INTERVIEWING = "interviewing", _("Interviews")
    TOTAL_PUBLISHED = "total_published", _("Totals published")
    CHECKING = "checking", _("Medical and inspection")
    NOTICE = "notice", _("Proposed hires published")
    FILING = "filing", _("Approval of hires")
    CLOSED = "closed", _("Closed")
    SUSPENDED = "suspended", _("Suspended")
    VOIDED = "voided", _("Voided")


class PositionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    CANCELLED = "cancelled", _("Cancelled")
    FILLED = "filled", _("Filled")
    PARTLY_FILLED = "partly_filled", _("Partly filled")
    UNFILLED = "unfilled", _("Unfilled")
    CONVERTED = "converted", _("Made for a conversion")


class PositionCategory(models.TextChoices):
    MANAGEMENT = "management", _("Management")
    PROFESSIONAL = "professional", _("Professional and technical")
    WORKER = "worker", _("Skilled worker")
    OTHER = "other", _("Other")


class AnnouncementState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    APPROVED = "approved", pgettext_lazy("plan", "Approved")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")
