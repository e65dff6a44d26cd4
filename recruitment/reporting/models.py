"""What leaders' figures need that no other room knows: who was high-level in which year."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class HighLevelYear(models.Model):
    """What “high-level” means in one year, so that years stay comparable (R92).

    `tiers` are lists of degrees and titles, the highest tier first. `counted_before` are people of that year who were
    brought in before this system and are in none of its lists.
    """

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    tiers = models.JSONField(_("tiers"))
    document = models.CharField(_("number of the document"), max_length=100)
    counted_before = models.PositiveIntegerField(_("counted outside this system"), default=0)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("definition of high-level")
        verbose_name_plural = _("definitions of high-level")
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)
