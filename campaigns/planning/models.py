"""Programmes and targets, campaigns with their rules and dates, announcements, positions."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.establishment.enums import SlotType
from campaigns.planning.enums import (
    AnnouncementState,
    CampaignState,
    PositionCategory,
    PositionState,
    Track,
)


class Programme(models.Model):
    """What the county wants: a number of people by a date, out of one envelope of posts (引才计划)."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="programmes")
    envelope = models.ForeignKey(
        "establishment.Envelope", on_delete=models.PROTECT, null=True, blank=True, related_name="programmes"
    )
    target_people = models.PositiveIntegerField(_("target, people"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="programme_dates_in_order")
        ]

    def __str__(self) -> str:
        return self.name


class Target(models.Model):
    """A part of a programme's target: one track, in people and in posts."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="targets")
    track = models.CharField(_("track"), max_length=24, choices=Track)
    people = models.PositiveIntegerField(_("people"))
    slots = models.PositiveIntegerField(_("established posts"), default=0)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [models.UniqueConstraint(fields=["programme", "track"], name="one_target_per_track")]

    def __str__(self) -> str:
        return f"{self.programme} · {self.get_track_display()}"


class Campaign(models.Model):
    """One round of recruitment on one track, with its positions, dates and rules (招聘批次)."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="campaigns")
    code = models.CharField(_("code"), max_length=40, unique=True, validators=[RegexValidator(r"^[0-9A-Za-z_-]+$")])
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    track = models.CharField(_("track"), max_length=24, choices=Track)
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="campaigns")
    slot_type = models.CharField(_("type of post"), max_length=14, choices=SlotType, default=SlotType.INSTITUTION)
    batch_group = models.CharField(_("batch group"), max_length=40)
    state = models.CharField(_("state"), max_length=24, choices=CampaignState, default=CampaignState.PLAN_DRAFTING)
    profile = models.CharField(_("rules started from"), max_length=40, blank=True)
    plan_submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    plan_document = models.CharField(_("plan approval number"), max_length=100, blank=True)
    plan_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    registration_opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    registration_extended_at = models.DateTimeField(_("registration extended at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    suspended_from = models.CharField(max_length=24, choices=CampaignState, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(registration_closes_at=None)
                | Q(registration_opens_at=None)
                | Q(registration_closes_at__gt=F("registration_opens_at")),
                name="campaign_window_in_order",
            ),
            models.CheckConstraint(
                condition=Q(plan_approved_by=None) | ~Q(plan_approved_by=F("plan_submitted_by")),
                name="plan_needs_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(plan_approved_by=None) | ~Q(plan_document=""), name="plan_approval_has_document"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Milestone(models.Model):
    """A dated step of a campaign's timeline: what is planned and when it happened."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="milestones")
    key = models.CharField(_("step"), max_length=30)
    starts_at = models.DateTimeField(_("planned start"), null=True, blank=True)
    ends_at = models.DateTimeField(_("planned end"), null=True, blank=True)
    happened_at = models.DateTimeField(_("happened at"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="milestone_once_per_campaign")]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.key}"


class RuleSetVersion(models.Model):
    """The rules of a campaign as typed data; frozen at publication, changed only by a new version with a reason."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="rule_sets")
    version = models.PositiveIntegerField(_("version"), default=1)
    document = models.JSONField(_("rules"))
    digest = models.CharField(_("digest"), max_length=64)
    reason = models.TextField(_("reason of the change"), blank=True)
    frozen_at = models.DateTimeField(_("frozen at"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("rule set")
        verbose_name_plural = _("rule sets")
        ordering = ["campaign", "-version"]
        constraints = [models.UniqueConstraint(fields=["campaign", "version"], name="rule_set_version_once")]

    def __str__(self) -> str:
        return f"{self.campaign} v{self.version}"


class Announcement(models.Model):
    """The text that fixes all rules of a campaign; the public page shows the published version (decision 5)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="announcements")
    version = models.PositiveIntegerField(_("version"), default=1)
    rule_set = models.ForeignKey(RuleSetVersion, on_delete=models.PROTECT, related_name="announcements")
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    state = models.CharField(_("state"), max_length=12, choices=AnnouncementState, default=AnnouncementState.DRAFT)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(pgettext_lazy("plan", "approved at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    reason = models.TextField(_("reason of the amendment"), blank=True)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "version"], name="announcement_version_once"),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(state="published"), name="one_published_announcement_per_campaign"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("drafted_by")), name="announcement_needs_two_persons"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Position(models.Model):
    """One row of a position table: printed texts as printed, and the conditions read from them."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="positions")
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="positions")
    code = models.CharField(_("position code"), max_length=40)
    name = models.CharField(_("position"), max_length=200)
    category = models.CharField(_("category"), max_length=14, choices=PositionCategory, default=PositionCategory.OTHER)
    grade = models.CharField(_("grade"), max_length=60, blank=True)
    duty = models.TextField(_("duties"), blank=True)
    headcount_planned = models.PositiveIntegerField(_("planned headcount"))
    headcount_effective = models.PositiveIntegerField(_("effective headcount"))
    printed = models.JSONField(_("columns as printed"), default=dict)
    conditions = models.JSONField(_("conditions"), default=dict)
    needs_person = models.BooleanField(_("has conditions a person must judge"), default=False)
    exam_category = models.CharField(_("exam category"), max_length=60, blank=True)
    opening_ratio = models.PositiveSmallIntegerField(_("opening ratio"), null=True, blank=True)
    shortlist_ratio = models.DecimalField(_("shortlist ratio"), max_digits=4, decimal_places=2, null=True, blank=True)
    opening_result = models.JSONField(_("result of the opening ratio"), default=dict, editable=False)
    is_kept_with_line = models.BooleanField(_("kept below the opening ratio, with a line"), default=False)
    state = models.CharField(_("state"), max_length=14, choices=PositionState, default=PositionState.DRAFT)
    row_digest = models.CharField(max_length=64, blank=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    source = models.CharField(_("imported from"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["campaign", "code"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "code"], name="position_code_once_per_campaign"),
            models.CheckConstraint(condition=Q(headcount_planned__gt=0), name="position_plans_someone"),
            models.CheckConstraint(
                condition=Q(headcount_effective__lte=F("headcount_planned")), name="position_effective_within_plan"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class PositionSlot(models.Model):
    """A position's claim on an established post, from publication until release or use."""

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="slots")
    post = models.ForeignKey("establishment.EstablishedPost", on_delete=models.PROTECT, related_name="claims")
    claimed_at = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("claim on a post")
        verbose_name_plural = _("claims on posts")
        constraints = [
            models.UniqueConstraint(fields=["post"], condition=Q(released_at=None), name="post_claimed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position_id} → {self.post_id}"


class CalendarDay(models.Model):
    """A day that differs from the plain week: a public holiday, or a weekend day that is worked."""

    date = models.DateField(_("date"), primary_key=True)
    is_working = models.BooleanField(_("working day"))
    name = models.CharField(_("name"), max_length=60)
    is_assumed = models.BooleanField(_("assumed, not yet checked against the official notice"), default=False)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("working-day calendar")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class StudyLevel(models.TextChoices):
    GRADUATE = "graduate", _("graduate")
    BACHELOR = "bachelor", _("bachelor")
    COLLEGE = "college", _("college")


class MajorCatalogue(models.Model):
    """A published catalogue of majors of one edition (专业目录, R10); rule sets name it by its `key`."""

    name = models.CharField(_("name"), max_length=100)
    edition = models.PositiveSmallIntegerField(_("edition, year"))
    source = models.CharField(_("imported from"), max_length=200)
    digest = models.CharField(max_length=64, editable=False)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(_("imported at"), default=timezone.now)

    class Meta:
        verbose_name = _("catalogue of majors")
        verbose_name_plural = _("catalogues of majors")
        ordering = ["name", "-edition"]
        constraints = [models.UniqueConstraint(fields=["name", "edition"], name="major_catalogue_edition_once")]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """What a rule set calls it, and what its announcement prints."""
        return f"{self.name} {self.edition}"


class Major(models.Model):
    """An entry of a catalogue at one level of study: a category (2 digits), a class (4) or a major (6 and more)."""

    catalogue = models.ForeignKey(MajorCatalogue, on_delete=models.CASCADE, related_name="majors")
    level = models.CharField(_("level"), max_length=10, choices=StudyLevel)
    code = models.CharField(_("code"), max_length=12)
    name = models.CharField(_("name"), max_length=100)
    old_names = models.TextField(_("old names"), blank=True, help_text=_("Separated by 、"))

    class Meta:
        verbose_name = _("major")
        verbose_name_plural = _("majors")
        ordering = ["catalogue", "level", "code"]
        constraints = [models.UniqueConstraint(fields=["catalogue", "level", "code"], name="major_code_once_a_level")]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class BroadGroup(models.Model):
    """A catalogue's own wide group of classes and majors (专业大类)."""

    catalogue = models.ForeignKey(MajorCatalogue, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(_("name"), max_length=100)
    majors = models.ManyToManyField(Major, related_name="groups", verbose_name=_("majors"))

    class Meta:
        verbose_name = _("broad group of majors")
        verbose_name_plural = _("broad groups of majors")
        ordering = ["catalogue", "pk"]
        constraints = [models.UniqueConstraint(fields=["catalogue", "name"], name="broad_group_once")]

    def __str__(self) -> str:
        return self.name
