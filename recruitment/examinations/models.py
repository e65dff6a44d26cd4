"""Papers, marks entered under four eyes, written results, interviews, totals."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.exact import ExactMarkField


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


class WrittenResult(models.Model):
    """The folded written mark, its rank in the position, and whether the person is called to interview."""

    application = models.OneToOneField(
        "applications.Application", on_delete=models.PROTECT, related_name="written_result"
    )
    value = ExactMarkField(_("written mark"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=MarkStatus, default=MarkStatus.NORMAL)
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)
    is_called = models.BooleanField(_("called to interview"), default=False)
    explanation = models.JSONField(_("how it came about"), default=dict)
    call_explanation = models.JSONField(_("why called or not"), default=dict)
    rule_set = models.ForeignKey("planning.RuleSetVersion", on_delete=models.PROTECT, related_name="+")
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("written result")
        verbose_name_plural = _("written results")

    def __str__(self) -> str:
        return f"{self.application_id}: {self.value}"


class TotalResult(models.Model):
    """The total mark of one application and its place."""

    application = models.OneToOneField(
        "applications.Application", on_delete=models.PROTECT, related_name="total_result"
    )
    value = ExactMarkField(_("total mark"), null=True, blank=True)
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
