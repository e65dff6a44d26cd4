"""The press: every list that goes public, sealed, chained and never edited."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PublicationKind(models.TextChoices):
    BONUS = "bonus", _("Bonus points")
    SCORES = "scores", _("Written marks")
    SHORTLIST = "shortlist", _("Shortlist")
    CALL_UPS = "call_ups", _("Called up to the interview")
    TOTALS = "totals", _("Total marks")
    PROPOSED_HIRES = "proposed_hires", _("Proposed hires")
    SELECTION = "selection", _("Selection result")
    AWARD = "award", _("Award of a challenge")
    OTHER = "other", _("Other notice")


# The step of the campaign's timeline that a list of each kind completes.
MILESTONES = {
    PublicationKind.SCORES: "scores",
    PublicationKind.SHORTLIST: "shortlist",
    PublicationKind.TOTALS: "totals",
    PublicationKind.SELECTION: "totals",
    PublicationKind.PROPOSED_HIRES: "notice",
    PublicationKind.AWARD: "award",
}


class PublicationState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEWED = "reviewed", _("Reviewed")
    RELEASED = "released", _("Released")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Publication(models.Model):
    """A public list: `columns` are codes with labels, `rows` lists of printed cells; sealed by a digest at release."""

    campaign = models.ForeignKey("planning.Campaign", on_delete=models.PROTECT, related_name="publications")
    kind = models.CharField(_("kind"), max_length=16, choices=PublicationKind)
    title = models.CharField(_("title"), max_length=200)
    intro = models.TextField(_("introduction"), blank=True)
    columns = models.JSONField(_("columns"), default=list)
    rows = models.JSONField(_("rows"), default=list)
    rule_set = models.ForeignKey(
        "planning.RuleSetVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=PublicationState, default=PublicationState.DRAFT)
    release_at = models.DateTimeField(_("release at"), null=True, blank=True)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    release_problem = models.TextField(_("why the scheduled release failed"), blank=True)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    notice_ends_at = models.DateTimeField(_("notice period ends"), null=True, blank=True)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(default=timezone.now)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawal_reason = models.TextField(_("reason of the withdrawal"), blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    sequence = models.PositiveIntegerField(null=True, blank=True, unique=True, editable=False)
    previous_digest = models.CharField(max_length=64, blank=True, editable=False)
    digest = models.CharField(_("digest"), max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-released_at", "-prepared_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("prepared_by")), name="publication_needs_two_persons"
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | (Q(released_at__isnull=False) & ~Q(digest="")),
                name="publication_released_is_sealed",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at__isnull=True)),
                name="publication_withdrawn_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PublicationEntry(models.Model):
    """Which application a printed row speaks of, so that every list can be traced to the one before (R82)."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="entries")
    application = models.ForeignKey(
        "applications.Application", on_delete=models.PROTECT, related_name="publication_entries"
    )
    row = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("printed row")
        verbose_name_plural = _("printed rows")
        constraints = [
            models.UniqueConstraint(fields=["publication", "application"], name="printed_once_per_publication")
        ]

    def __str__(self) -> str:
        return f"{self.publication_id}/{self.row}"
