"""One candidate to one position, its review, and every change of state."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.fields import EncryptedTextField
from recruitment.applications.enums import CLOSED_STATES, ApplicationState, MachineVerdict, ReasonCode, Verdict


class Application(models.Model):
    """An application; `snapshot` is the encrypted JSON of the form as submitted, `clauses` the verdicts shown then."""

    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="applications")
    campaign = models.ForeignKey("planning.Campaign", on_delete=models.PROTECT, related_name="applications")
    position = models.ForeignKey("planning.Position", on_delete=models.PROTECT, related_name="applications")
    batch_group = models.CharField(max_length=40, editable=False)
    registration_no = models.CharField(_("registration number"), max_length=20, unique=True)
    ticket_no = models.CharField(_("ticket number"), max_length=20, null=True, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=ApplicationState, default=ApplicationState.DRAFT)
    draft = EncryptedTextField(_("draft"), blank=True, default="")
    snapshot = EncryptedTextField(_("data as submitted"), blank=True, default="")
    snapshot_digest = models.CharField(max_length=64, blank=True, editable=False)
    clauses = models.JSONField(_("conditions judged"), default=list)
    machine_verdict = models.CharField(_("check by computer"), max_length=12, choices=MachineVerdict, blank=True)
    pledge_version = models.CharField(_("version of the pledge"), max_length=20, blank=True)
    pledge_digest = models.CharField(max_length=64, blank=True, editable=False)
    rule_set = models.ForeignKey(
        "planning.RuleSetVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    event = models.ForeignKey(
        "events.RecruitingEvent", on_delete=models.PROTECT, null=True, blank=True, related_name="applications"
    )
    touched_at = models.DateTimeField(_("met the event at"), null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["registration_no"]
        indexes = [
            models.Index(fields=["campaign", "state"], name="application_campaign_state"),
            models.Index(fields=["position", "state"], name="application_position_state"),
            models.Index(fields=["state", "submitted_at"], name="application_queue"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "batch_group"],
                condition=~Q(state__in=CLOSED_STATES),
                name="one_live_application_per_batch",
            ),
            models.UniqueConstraint(
                fields=["campaign", "ticket_no"], condition=Q(ticket_no__isnull=False), name="ticket_once_per_campaign"
            ),
        ]

    def __str__(self) -> str:
        return self.registration_no


class Transition(models.Model):
    """One change of an application's state; append-only."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="transitions")
    move = models.CharField(_("move"), max_length=30)
    from_state = models.CharField(_("from"), max_length=16, choices=ApplicationState, blank=True)
    to_state = models.CharField(_("to"), max_length=16, choices=ApplicationState)
    at = models.DateTimeField(_("time"), default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason_code = models.CharField(_("reason code"), max_length=40, choices=ReasonCode, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")
        ordering = ["id"]
        indexes = [models.Index(fields=["application", "at"], name="transition_application_at")]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.from_state} → {self.to_state}"


class EligibilityReview(models.Model):
    """The first review of an application; a rejection carries a reason code and words."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="review")
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict, default=Verdict.PENDING)
    reason_code = models.CharField(_("reason code"), max_length=40, choices=ReasonCode, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("eligibility review")
        verbose_name_plural = _("eligibility reviews")
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict__in=["returned", "rejected"]) | (~Q(reason_code="") & ~Q(reason="")),
                name="review_refusal_has_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.verdict}"


class EmployerConsent(models.Model):
    """The employer's written consent of a person on an established post, seen by staff (R17)."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="consent")
    document = models.CharField(_("number of the consent"), max_length=100)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("employer's consent")
        verbose_name_plural = _("employers' consents")

    def __str__(self) -> str:
        return f"{self.application_id}"


class Recusal(models.Model):
    """A member of staff who may not decide on an application, with the relation they or others declared (R15)."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="recusals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("relation"), max_length=200)
    declared_at = models.DateTimeField(_("declared at"), default=timezone.now)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = [models.UniqueConstraint(fields=["application", "user"], name="recusal_once")]

    def __str__(self) -> str:
        return f"{self.application_id}"
