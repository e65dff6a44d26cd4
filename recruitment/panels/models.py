"""Judges and experts, panels, recusal, and the score sheets shared by the three tracks."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from recruitment.panels.enums import Purpose


class Panel(models.Model):
    """A group of judges who score subjects of one campaign by the same criteria.

    `criteria` is a list of {"code", "name", "full_mark", "weight"} with decimals as strings.
    """

    campaign = models.ForeignKey("planning.Campaign", on_delete=models.PROTECT, related_name="panels")
    name = models.CharField(_("name"), max_length=120)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    criteria = models.JSONField(_("criteria"), default=list)
    locked_at = models.DateTimeField(_("locked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("panel")
        verbose_name_plural = _("panels")

    def __str__(self) -> str:
        return self.name


class PanelMember(models.Model):
    """A judge or expert on a panel; a substitute marks only the numbers that lack marks after others withdrew."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="panel_memberships")
    is_chair = models.BooleanField(_("chair"), default=False)
    is_external = models.BooleanField(_("from outside"), default=False)
    is_substitute = models.BooleanField(_("substitute"), default=False)

    class Meta:
        verbose_name = _("panel member")
        verbose_name_plural = _("panel members")
        constraints = [
            models.UniqueConstraint(fields=["panel", "user"], name="judge_once_per_panel"),
            models.UniqueConstraint(fields=["panel"], condition=Q(is_chair=True), name="one_chair_per_panel"),
        ]

    def __str__(self) -> str:
        return f"{self.panel} · {self.user}"


class Subject(models.Model):
    """Who or what a panel scores, known to the judges by its draw number only."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="subjects")
    draw_no = models.PositiveIntegerField(_("draw number"))
    application = models.ForeignKey(
        "applications.Application", on_delete=models.PROTECT, null=True, blank=True, related_name="panel_subjects"
    )
    votes = models.PositiveSmallIntegerField(_("votes in favour"), null=True, blank=True)
    is_signed = models.BooleanField(_("signed by the candidate"), default=False)
    refusal_noted_by = models.CharField(_("refusal to sign noted by"), max_length=40, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("panel", "subject")
        verbose_name_plural = _("subjects")
        ordering = ["panel", "draw_no"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "draw_no"], name="draw_number_once"),
            models.UniqueConstraint(fields=["panel", "application"], name="application_once_per_panel"),
        ]

    def __str__(self) -> str:
        return f"{self.panel} {self.draw_no}"


class ScoreSheet(models.Model):
    """One member's marks for one subject: {criterion code: decimal as string}; final once submitted."""

    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="sheets")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="sheets")
    marks = models.JSONField(_("marks"), default=dict)
    total = models.DecimalField(pgettext_lazy("marks", "total"), max_digits=7, decimal_places=3, null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    is_recused = models.BooleanField(_("recused"), default=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("score sheet")
        verbose_name_plural = _("score sheets")
        constraints = [
            models.UniqueConstraint(fields=["member", "subject"], name="one_sheet_per_judge_and_subject"),
            models.CheckConstraint(
                condition=Q(is_recused=False) | Q(total__isnull=True), name="recused_judge_gives_no_mark"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} · {self.member_id}"
