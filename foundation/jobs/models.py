import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    REFUSED = "refused", _("Refused")


LIVE = (JobState.WAITING, JobState.RUNNING)
STOPPED = (JobState.FAILED, JobState.REFUSED)


class Job(models.Model):
    """One piece of long work a person started: its progress, result and error sheet, the same in every task mode."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="jobs")
    arguments = models.JSONField(_("arguments"), default=dict)
    # At most one live job in a lane: say one verb on one campaign. None: any number at once.
    lane = models.CharField(_("lane"), max_length=120, null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.WAITING)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("total"), default=0)
    result = models.JSONField(_("result"), default=dict)
    problem = models.TextField(_("problem"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claim = models.UUIDField(null=True, blank=True, editable=False)
    source_file = models.ForeignKey(
        "foundation.PrivateFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    error_sheet = models.ForeignKey(
        "foundation.PrivateFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "heartbeat_at"], name="job_state_heartbeat")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=JobState.RUNNING) | models.Q(claim__isnull=False),
                name="job_running_is_claimed",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[*LIVE], finished_at=None)
                | models.Q(state__in=[JobState.DONE, *STOPPED], finished_at__isnull=False),
                name="job_finished_has_time",
            ),
            models.UniqueConstraint(
                fields=["lane"], condition=models.Q(state__in=[*LIVE]), name="job_one_live_in_a_lane"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_finished(self) -> bool:
        return self.state not in LIVE


class Lease(models.Model):
    """Who runs the background work of an embedded installation; a new holder may take it once it has expired."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=80)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}"
