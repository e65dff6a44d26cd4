"""Open challenges (揭榜挂帅): boards, bids, expert review, award, engagement without a post."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.fields import EncryptedTextField
from recruitment.challenges.enums import BidState, ChallengeState, EngagementState


class Challenge(models.Model):
    """A problem a unit puts on the board, with measurable results and a window for bids."""

    campaign = models.ForeignKey("planning.Campaign", on_delete=models.PROTECT, related_name="challenges")
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="challenges")
    code = models.CharField(_("board number"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    problem = models.TextField(_("problem"))
    indicators = models.TextField(_("acceptance indicators"))
    field_name = models.CharField(_("field"), max_length=60, blank=True)
    budget = models.DecimalField(_("amount, yuan"), max_digits=12, decimal_places=2)
    days_per_year = models.PositiveSmallIntegerField(_("days on site a year"), default=0)
    ends_on = models.DateField(_("result due on"))
    bids_open_at = models.DateTimeField(_("bids open"), null=True, blank=True)
    bids_close_at = models.DateTimeField(_("bids close"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=ChallengeState, default=ChallengeState.DRAFT)
    panel = models.OneToOneField(
        "panels.Panel", on_delete=models.PROTECT, null=True, blank=True, related_name="challenge"
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    decision = models.TextField(_("decision of the leading group"), blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(budget__gte=0), name="challenge_budget_not_negative"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("created_by")), name="challenge_needs_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(bids_open_at=None) | Q(bids_close_at=None) | Q(bids_close_at__gt=F("bids_open_at")),
                name="challenge_window_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Bid(models.Model):
    """One lead's answer to a challenge (decision 10); its plan and quote stay encrypted until the window closes."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="bids")
    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="bids")
    number = models.CharField(_("bid number"), max_length=20, unique=True)
    home_unit = models.CharField(_("home organisation"), max_length=200)
    team = models.TextField(_("team"), blank=True)
    plan = EncryptedTextField(_("plan"))
    quote = EncryptedTextField(_("quote, yuan"))
    state = models.CharField(_("state"), max_length=12, choices=BidState, default=BidState.SUBMITTED)
    reason = models.TextField(_("reason"), blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    subject = models.OneToOneField(
        "panels.Subject", on_delete=models.PROTECT, null=True, blank=True, related_name="bid"
    )
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=3, null=True, blank=True)
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)
    explanation = models.JSONField(_("how it came about"), default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("bid")
        verbose_name_plural = _("bids")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["challenge", "candidate"], condition=~Q(state="withdrawn"), name="one_bid_per_lead"
            ),
            models.UniqueConstraint(fields=["challenge"], condition=Q(state="awarded"), name="one_award_per_challenge"),
        ]

    def __str__(self) -> str:
        return self.number


class Engagement(models.Model):
    """A flexible engagement made by an award; it uses no established post."""

    bid = models.OneToOneField(Bid, on_delete=models.PROTECT, related_name="engagement")
    number = models.CharField(_("agreement number"), max_length=60, unique=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    days_per_year = models.PositiveSmallIntegerField(_("days on site a year"))
    amount = models.DecimalField(_("amount, yuan"), max_digits=12, decimal_places=2)
    state = models.CharField(_("state"), max_length=12, choices=EngagementState, default=EngagementState.AGREED)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="engagement_dates_in_order")
        ]

    def __str__(self) -> str:
        return self.number
