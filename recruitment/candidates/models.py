"""A candidate is a person once, whatever tracks they enter; what they tell us, encrypted where it identifies them."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.fields import EncryptedTextField


class Sex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class EducationLevel(models.TextChoices):
    COLLEGE = "college", _("Junior college")
    BACHELOR = "bachelor", _("Undergraduate")
    GRADUATE = "graduate", _("Postgraduate")


class Degree(models.TextChoices):
    NONE = "none", _("No degree")
    BACHELOR = "bachelor", _("Bachelor")
    MASTER = "master", _("Master")
    DOCTOR = "doctor", _("Doctor")


class PoliticalStatus(models.TextChoices):
    PARTY_MEMBER = "party_member", _("Member of the Communist Party")
    PROBATIONARY = "probationary", _("Probationary Party member")
    LEAGUE_MEMBER = "league_member", _("Member of the Youth League")
    DEMOCRATIC = "democratic", _("Member of a democratic party")
    NONE = "none", _("No affiliation")


class Candidate(models.Model):
    """A natural person who applies; ticket-only people of old result files have no account (decision 25)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="candidate"
    )
    name = models.CharField(_("name"), max_length=60, blank=True)
    id_number = EncryptedTextField(_("ID number"), blank=True, default="")
    id_index = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    ethnicity = models.CharField(_("ethnic group"), max_length=20, blank=True)
    political_status = models.CharField(_("political status"), max_length=14, choices=PoliticalStatus, blank=True)
    household = models.CharField(_("household registration"), max_length=100, blank=True)
    student_origin = models.CharField(_("origin as student"), max_length=100, blank=True)
    graduate_kind = models.CharField(_("kind of candidate"), max_length=20, blank=True)
    first_work_on = models.DateField(_("first job since"), null=True, blank=True)
    work_years = models.DecimalField(_("years of work"), max_digits=4, decimal_places=1, null=True, blank=True)
    titles = models.JSONField(_("professional titles and certificates"), default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class Education(models.Model):
    """One level of schooling with its degree and major."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="educations")
    level = models.CharField(_("level of education"), max_length=10, choices=EducationLevel)
    degree = models.CharField(_("degree"), max_length=10, choices=Degree, default=Degree.NONE)
    school = models.CharField(_("school"), max_length=120)
    major = models.CharField(_("major"), max_length=120)
    major_code = models.CharField(_("major code"), max_length=12, blank=True)
    is_full_time = models.BooleanField(_("full time"), default=True)
    graduated_on = models.DateField(_("graduated on"))

    class Meta:
        verbose_name = _("education")
        verbose_name_plural = _("educations")
        ordering = ["-graduated_on"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "level", "degree", "major"], name="education_once"),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.major}"


class CandidateDocument(models.Model):
    """A file a candidate handed in, such as a photo or a diploma."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(_("kind"), max_length=30)
    file = models.OneToOneField("foundation.PrivateFile", on_delete=models.PROTECT, related_name="candidate_document")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["kind", "-added_at"]

    def __str__(self) -> str:
        return self.kind


class Acceptance(models.Model):
    """A text a person accepted: privacy notice or integrity pledge, with its version and digest."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="acceptances")
    kind = models.CharField(_("text"), max_length=30)
    version = models.CharField(_("version"), max_length=20)
    digest = models.CharField(_("digest"), max_length=64)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("acceptance")
        verbose_name_plural = _("acceptances")
        constraints = [models.UniqueConstraint(fields=["user", "kind", "version"], name="acceptance_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"
