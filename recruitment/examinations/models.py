"""Papers, marks entered under four eyes, written results, interviews, totals."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MarkStatus(models.TextChoices):
    NORMAL = "normal", _("Normal")
    ABSENT = "absent", _("Absent")
    ZERO = "zero", _("Zero")
    MISCONDUCT = "misconduct", _("Misconduct")
    DUPLICATE = "duplicate", _("Identical papers")


class MarkKind(models.TextChoices):
    WRITTEN = "written", _("Written exam")
    INTERVIEW = "interview", _("Interview")
    EXTRA_TEST = "extra_test", _("Extra test")


class MarkBatch(models.Model):
    """One import of marks; locked by a second person before anything is ranked.

    A batch with a ground (`correction`) corrects marks that were locked: those stay as they were, the newer ones count.
    """

    campaign = models.ForeignKey("planning.Campaign", on_delete=models.PROTECT, related_name="mark_batches")
    kind = models.CharField(_("kind"), max_length=10, choices=MarkKind, default=MarkKind.WRITTEN)
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    correction = models.CharField(_("ground of the correction"), max_length=100, blank=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(_("imported at"), default=timezone.now)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    locked_at = models.DateTimeField(_("locked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("batch of marks")
        verbose_name_plural = _("batches of marks")
        ordering = ["-imported_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(locked_by=None) | ~Q(locked_by=F("imported_by")), name="marks_locked_by_second_person"
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class Mark(models.Model):
    """One paper's raw mark of one application; absence, zero and misconduct are statuses, never numbers.

    Of several marks of one person in one paper the newest counts; the older ones are locked and were corrected.
    """

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="marks")
    paper = models.CharField(_("paper"), max_length=30)
    value = models.DecimalField(_("mark"), max_digits=6, decimal_places=2, null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=MarkStatus, default=MarkStatus.NORMAL)
    batch = models.ForeignKey(MarkBatch, on_delete=models.PROTECT, related_name="marks")

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "paper", "batch"], name="one_mark_per_paper_and_batch"),
            models.CheckConstraint(
                condition=(Q(status="normal") & Q(value__isnull=False)) | (~Q(status="normal") & Q(value__isnull=True)),
                name="mark_is_a_number_or_a_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.paper}"


class BonusState(models.TextChoices):
    OPEN = "open", pgettext_lazy("claim", "Waiting for a decision")
    ACCEPTED = "accepted", pgettext_lazy("claim", "Granted")
    REJECTED = "rejected", pgettext_lazy("claim", "Not granted")
    WITHDRAWN = "withdrawn", pgettext_lazy("claim", "Withdrawn")


class BonusReason(models.TextChoices):
    """Why a claim is not granted; words always go with the code."""

    NOT_PROVED = "not_proved", _("The document does not prove this ground")
    TOO_SHORT = "too_short", _("Less than a full year of service")
    UNREADABLE = "unreadable", _("A document cannot be read")
    USED = "used", _("The ground has led to a hire before and is used up")
    UNTRUE = "untrue", _("Untrue statements or forged documents")


class BonusClaim(models.Model):
    """A ground of bonus that an applicant claims with a document of their own (R42, R44); a person decides.

    Points are not kept here: they follow from the ground, the months proved and the rules of the ranking.
    """

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="bonus_claims")
    ground = models.CharField(_("ground of bonus"), max_length=60)
    months = models.PositiveSmallIntegerField(_("months of service"), default=0)
    document = models.ForeignKey(
        "candidates.CandidateDocument", on_delete=models.SET_NULL, null=True, blank=True, related_name="bonus_claims"
    )
    state = models.CharField(_("state"), max_length=10, choices=BonusState, default=BonusState.OPEN)
    months_proved = models.PositiveSmallIntegerField(_("months proved"), null=True, blank=True)
    reason_code = models.CharField(_("reason"), max_length=12, choices=BonusReason, blank=True)
    reason = models.CharField(_("in words"), max_length=500, blank=True)
    claimed_at = models.DateTimeField(_("claimed at"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("claim of bonus")
        verbose_name_plural = _("claims of bonus")
        ordering = ["claimed_at", "pk"]
        indexes = [models.Index(fields=["state", "claimed_at"], name="bonus_claim_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "ground"],
                condition=~Q(state="withdrawn"),
                name="one_claim_per_application_and_ground",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn") | Q(document__isnull=False), name="bonus_claim_rests_on_a_document"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "withdrawn"], decided_by=None, decided_at=None, months_proved=None)
                | Q(state__in=["accepted", "rejected"], decided_by__isnull=False, decided_at__isnull=False),
                name="bonus_claim_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", months_proved__isnull=False, reason_code="")
                | (Q(state="rejected", months_proved=None) & ~Q(reason_code="") & ~Q(reason=""))
                | Q(state__in=["open", "withdrawn"]),
                name="bonus_claim_months_or_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.ground}"


class WrittenResult(models.Model):
    """The folded written mark, its rank in the position, and whether the person is called to interview.

    `bonus` is what was granted; `carried_bonus` is that part of it which is not in the written mark but enters the
    total after weighting (R43): all of it or nothing, by the rules of the ranking.
    """

    application = models.OneToOneField(
        "applications.Application", on_delete=models.PROTECT, related_name="written_result"
    )
    value = models.DecimalField(_("written mark"), max_digits=7, decimal_places=3, null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=MarkStatus, default=MarkStatus.NORMAL)
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)
    bonus = models.DecimalField(_("bonus points"), max_digits=6, decimal_places=2, default=0)
    carried_bonus = models.DecimalField(_("bonus points for the total"), max_digits=6, decimal_places=2, default=0)
    is_called = models.BooleanField(_("called to interview"), default=False)
    explanation = models.JSONField(_("how it came about"), default=dict)
    rule_set = models.ForeignKey("planning.RuleSetVersion", on_delete=models.PROTECT, related_name="+")
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("written result")
        verbose_name_plural = _("written results")
        constraints = [
            models.CheckConstraint(
                condition=Q(bonus__gte=0) & (Q(carried_bonus=0) | Q(carried_bonus=F("bonus"))),
                name="bonus_enters_the_mark_or_the_total",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.value}"


class TotalResult(models.Model):
    """The total mark of one application and its place."""

    application = models.OneToOneField(
        "applications.Application", on_delete=models.PROTECT, related_name="total_result"
    )
    value = models.DecimalField(_("total mark"), max_digits=7, decimal_places=3, null=True, blank=True)
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)
    is_proposed = models.BooleanField(_("proposed for hire"), default=False)
    needs_extra_test = models.BooleanField(_("extra test required"), default=False)
    explanation = models.JSONField(_("how it came about"), default=dict)
    rule_set = models.ForeignKey("planning.RuleSetVersion", on_delete=models.PROTECT, related_name="+")
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("total result")
        verbose_name_plural = _("total results")

    def __str__(self) -> str:
        return f"{self.application_id}: {self.value}"
