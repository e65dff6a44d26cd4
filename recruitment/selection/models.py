"""Competitive selection (比选引才): material scores by panels, the ranking, the agreement."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.exact import ExactMarkField
from rulebook.explanation import number_text


class SelectionResult(models.Model):
    """Material, interview and total mark of one application and its place among those ranked in the same round."""

    application = models.OneToOneField(
        "applications.Application", on_delete=models.PROTECT, related_name="selection_result"
    )
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    material = ExactMarkField(_("material mark"), null=True, blank=True)
    interview = ExactMarkField(_("interview mark"), null=True, blank=True)
    total = ExactMarkField(_("total mark"), null=True, blank=True)
    extra_test = models.DecimalField(_("extra test mark"), max_digits=6, decimal_places=2, null=True, blank=True)
    extra_test_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)
    is_selected = models.BooleanField(_("selected"), default=False)
    needs_extra_test = models.BooleanField(_("extra test required"), default=False)
    explanation = models.JSONField(_("how it came about"), default=dict)
    rule_set = models.ForeignKey("planning.RuleSetVersion", on_delete=models.PROTECT, related_name="+")
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("selection result")
        verbose_name_plural = _("selection results")

    def __str__(self) -> str:
        return f"{self.application_id}: {self.total}"

    @property
    def marks_shown(self) -> dict[str, str]:
        """Each mark as it counts, never rounded anew (R45), or a dash."""
        marks = {"material": self.material, "interview": self.interview, "total": self.total}
        return {name: "—" if mark is None else number_text(mark) for name, mark in marks.items()}


class Agreement(models.Model):
    """The introduction agreement a selected person signed; it holds a post until the degree is shown."""

    application = models.OneToOneField("applications.Application", on_delete=models.PROTECT, related_name="agreement")
    number = models.CharField(_("agreement number"), max_length=60, unique=True)
    signed_on = models.DateField(_("signed on"))
    service_years = models.PositiveSmallIntegerField(_("agreed years of service"))
    degree_due_on = models.DateField(_("degree due by"), null=True, blank=True)
    degree_shown_on = models.DateField(_("degree shown on"), null=True, blank=True)
    document = models.ForeignKey(
        "foundation.PrivateFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")

    def __str__(self) -> str:
        return self.number
