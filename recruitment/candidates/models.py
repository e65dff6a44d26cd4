"""A candidate is a person once, whatever tracks they enter; what they tell us, encrypted where it identifies them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.fields import EncryptedTextField
from recruitment.candidates.enums import (
    Degree,
    DocumentKind,
    EducationLevel,
    EmploymentKind,
    GraduateKind,
    PoliticalStatus,
    RecordKind,
    Relation,
    ServiceProject,
    Sex,
    StudyKind,
    TitleLevel,
)


class Candidate(models.Model):
    """A natural person who applies; ticket-only people of old result files have no account (decision 25).

    Marital status, blood type and family income are not kept: no decision needs them (PIPL Art. 6).
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="candidate"
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60, blank=True)
    id_number = EncryptedTextField(_("ID number"), blank=True, default="")
    id_index = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    ethnicity = models.CharField(_("ethnic group"), max_length=20, blank=True)
    political_status = models.CharField(_("political status"), max_length=14, choices=PoliticalStatus, blank=True)
    household = models.CharField(_("household registration"), max_length=100, blank=True)
    student_origin = models.CharField(_("origin as student"), max_length=100, blank=True)
    graduate_kind = models.CharField(_("situation"), max_length=20, choices=GraduateKind, blank=True)
    service_project = models.CharField(
        _("grassroots or military service"), max_length=20, choices=ServiceProject, blank=True
    )
    first_work_on = models.DateField(_("first job since"), null=True, blank=True)
    title_level = models.CharField(_("professional title"), max_length=12, choices=TitleLevel, blank=True)
    title_series = models.CharField(_("name of the title"), max_length=60, blank=True)
    certificates = models.JSONField(_("certificates"), default=list, blank=True)
    unsaved_answers = EncryptedTextField(_("answers not yet checked"), blank=True, default="")
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")

    def __str__(self) -> str:
        """The number of the record, never the name: this text is kept in the audit trail."""
        return f"#{self.pk}"


class Education(models.Model):
    """One level of schooling with its degree and major."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="educations")
    level = models.CharField(_("level of education"), max_length=10, choices=EducationLevel)
    degree = models.CharField(_("degree"), max_length=10, choices=Degree, default=Degree.NONE)
    school = models.CharField(_("school"), max_length=120)
    major = models.CharField(_("major"), max_length=120)
    major_code = models.CharField(_("major code"), max_length=12, blank=True)
    is_full_time = models.BooleanField(_("full time"), default=True)
    kind = models.CharField(_("kind of study"), max_length=12, choices=StudyKind, default=StudyKind.REGULAR)
    graduated_on = models.DateField(_("graduated on"))

    class Meta:
        verbose_name = _("education")
        verbose_name_plural = _("educations")
        ordering = ["-graduated_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "level", "degree", "major"], name="education_once"),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.major}"


class WorkPeriod(models.Model):
    """A stretch of work at one employer; months count once where stretches overlap (R13)."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="work_periods")
    employer = models.CharField(_("employer"), max_length=120)
    duty = models.CharField(_("work done"), max_length=120, blank=True)
    kind = models.CharField(_("kind of employment"), max_length=14, choices=EmploymentKind)
    started_on = models.DateField(pgettext_lazy("period", "from"))
    ended_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("period of work")
        verbose_name_plural = _("periods of work")
        ordering = ["-started_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")), name="work_period_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.employer


class Relative(models.Model):
    """A relative in public service, told for the recusal check only (R15); the name is encrypted."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="relatives")
    relation = models.CharField(_("relation"), max_length=12, choices=Relation)
    name = EncryptedTextField(pgettext_lazy("person", "name"))
    employer = models.CharField(_("employer"), max_length=120)
    duty = models.CharField(_("duty"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("relative")
        verbose_name_plural = _("relatives")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_relation_display()} · {self.employer}"


class CandidateDocument(models.Model):
    """A file a candidate handed in, such as a photo or a diploma."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(_("kind"), max_length=30, choices=DocumentKind)
    file = models.OneToOneField("foundation.PrivateFile", on_delete=models.PROTECT, related_name="candidate_document")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["kind", "-added_at"]

    def __str__(self) -> str:
        return self.get_kind_display()


class IntegrityRecord(models.Model):
    """A record of misconduct or a local ban: who issued it, of which kind, where it counts, from and to (R39, R40).

    It is kept under the blind index of the ID number, so that it finds the person whatever name or account they use;
    people known by ticket number only have their candidate row alone. `scope` is the code of the unit whose
    recruitments a ban bars; a record of the national rules has none and counts everywhere. `ends` is the last day.
    """

    identity = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    candidate = models.ForeignKey(
        Candidate, on_delete=models.PROTECT, null=True, blank=True, related_name="integrity_records"
    )
    issuer = models.CharField(_("issued by"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=RecordKind)
    scope = models.CharField(_("scope"), max_length=40, blank=True)
    starts = models.DateField(pgettext_lazy("period", "from"))
    ends = models.DateField(_("until"), null=True, blank=True)
    ground = models.CharField(_("ground"), max_length=200)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    class Meta:
        verbose_name = _("integrity record")
        verbose_name_plural = _("integrity records")
        ordering = ["-starts", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(identity="") | Q(candidate__isnull=False), name="integrity_record_of_somebody"
            ),
            models.CheckConstraint(
                condition=Q(kind="long_term", ends=None)
                | (~Q(kind="long_term") & Q(ends__isnull=False, ends__gte=F("starts"))),
                name="integrity_record_ends_unless_long",
            ),
            models.CheckConstraint(
                condition=Q(kind="ban") & ~Q(scope="") | ~Q(kind="ban") & Q(scope=""),
                name="integrity_record_scope_of_bans",
            ),
            models.CheckConstraint(condition=~Q(issuer="") & ~Q(ground=""), name="integrity_record_has_its_ground"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.issuer}"
