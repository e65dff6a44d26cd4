"""From hand-over to the post: medical, inspection, notice, objections, approval, use of exactly one post."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recruitment.appointments.enums import (
    ENDED_STATES,
    AppointmentState,
    CheckKind,
    Conclusion,
    EndReason,
    HospitalGrade,
    Stage,
)


class Appointment(models.Model):
    """One person's way from proposal to an established post."""

    application = models.OneToOneField("applications.Application", on_delete=models.PROTECT, related_name="appointment")
    engagement = models.OneToOneField(
        "challenges.Engagement", on_delete=models.PROTECT, null=True, blank=True, related_name="appointment"
    )
    candidate = models.ForeignKey("candidates.Candidate", on_delete=models.PROTECT, related_name="appointments")
    position = models.ForeignKey("planning.Position", on_delete=models.PROTECT, related_name="appointments")
    post = models.ForeignKey(
        "establishment.EstablishedPost", on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    state = models.CharField(_("state"), max_length=16, choices=AppointmentState, default=AppointmentState.OPENED)
    notice = models.ForeignKey(
        "publications.Publication", on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    approval_number = models.CharField(_("approval number"), max_length=60, blank=True)
    late_document = models.CharField(_("number of the document that allows late filing"), max_length=100, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    entered_at = models.DateTimeField(_("entered the post at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_stage = models.CharField(_("ended at the stage"), max_length=10, choices=Stage, blank=True)
    ended_reason_code = models.CharField(_("reason code"), max_length=40, choices=EndReason, blank=True)
    ended_reason = models.TextField(_("reason"), blank=True)
    ended_explanation = models.JSONField(_("why, by the rules"), default=dict)
    recusal_decision = models.TextField(_("decision on relatives"), blank=True)
    recusal_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    report_agreed_until = models.DateField(_("agreed last day for reporting for duty"), null=True, blank=True)
    report_document = models.CharField(_("number of the consent to report later"), max_length=100, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate"], condition=~Q(state__in=ENDED_STATES), name="one_active_appointment_per_person"
            ),
            models.UniqueConstraint(
                fields=["post"],
                condition=~Q(state__in=ENDED_STATES) & Q(post__isnull=False),
                name="one_active_appointment_per_post",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate} → {self.position}"


class Check(models.Model):
    """A medical exam or an inspection: only its conclusion, who recorded it, and when."""

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="checks")
    kind = models.CharField(_("kind"), max_length=10, choices=CheckKind)
    conclusion = models.CharField(_("conclusion"), max_length=8, choices=Conclusion)
    performed_on = models.DateField(_("performed on"))
    institution = models.CharField(_("hospital or inspection team"), max_length=200)
    hospital_grade = models.CharField(_("grade of the hospital"), max_length=4, choices=HospitalGrade, blank=True)
    inspectors = models.JSONField(_("inspectors"), default=list, blank=True)
    reference = models.CharField(_("opinion of the university"), max_length=200, blank=True)
    may_recheck = models.BooleanField(_("a recheck may be asked for"), default=False)
    is_recheck = models.BooleanField(_("recheck"), default=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["recorded_at"]

    def __str__(self) -> str:
        return f"{self.appointment_id}: {self.kind} {self.conclusion}"


class Objection(models.Model):
    """An objection raised during the notice; it holds one person, not the list (R76)."""

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="objections")
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    summary = models.TextField(_("summary"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    is_upheld = models.BooleanField(_("upheld"), null=True, blank=True)
    decision = models.TextField(_("decision"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["received_at"]

    def __str__(self) -> str:
        return f"{self.appointment_id}"


class Originals(models.Model):
    """The dates on the certificates a person showed, and whether they are in time by the rules (R12)."""

    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="originals")
    diploma_on = models.DateField(_("date of the diploma"))
    degree_on = models.DateField(_("date of the degree"), null=True, blank=True)
    is_in_time = models.BooleanField(_("in time"))
    explanation = models.JSONField(_("why"), default=dict)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("originals")
        verbose_name_plural = _("originals")

    def __str__(self) -> str:
        return f"{self.appointment_id}: {self.diploma_on}"


class Service(models.Model):
    """Reporting for duty and what begins with it: contract, probation, least service (R78–R80).

    The last days are those the rules gave when it was recorded; `explanation` holds their words by language.
    """

    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="service")
    reported_on = models.DateField(_("reported for duty on"))
    starts_on = models.DateField(_("start of the contract or service"))
    is_first_job = models.BooleanField(_("first job"))
    probation_ends_on = models.DateField(_("last day of probation"))
    contract_ends_on = models.DateField(_("last day of the contract"), null=True, blank=True)
    service_ends_on = models.DateField(_("last day of the least service"), null=True, blank=True)
    explanation = models.JSONField(_("why"), default=dict)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(_("probation passed at"), null=True, blank=True)
    confirmed_document = models.CharField(_("number of the document"), max_length=100, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")

    def __str__(self) -> str:
        return f"{self.appointment_id}: {self.starts_on}"


class Replacement(models.Model):
    """What became of the place of an ended appointment: who was called to it by the rules, or nobody (R72, R73)."""

    place = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="replacement")
    application = models.OneToOneField(
        "applications.Application", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces"
    )
    stage = models.CharField(_("stage"), max_length=10, choices=Stage)
    explanation = models.JSONField(_("why"), default=dict)
    document = models.CharField(_("number of the document"), max_length=100, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("replacement")
        verbose_name_plural = _("replacements")
        ordering = ["decided_at"]

    def __str__(self) -> str:
        return f"{self.place_id} → {self.application_id or '—'}"
