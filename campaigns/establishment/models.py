"""Envelopes, permits and one row per established post (编制); see the slot machine in domain."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.establishment.enums import SlotState, SlotType


class Envelope(models.Model):
    """A number of established posts set aside for one purpose, such as the 1,239 of the talent programme."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveIntegerField(_("established posts"))
    document = models.CharField(_("document number"), max_length=100, blank=True)
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="envelopes")

    class Meta:
        verbose_name = _("envelope")
        verbose_name_plural = _("envelopes")

    def __str__(self) -> str:
        return self.name


class Permit(models.Model):
    """The establishment office's permit to use n posts of a unit until a date (进人核编通知单)."""

    number = models.CharField(_("permit number"), max_length=60, unique=True)
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="permits")
    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, null=True, blank=True, related_name="permits")
    slot_type = models.CharField(_("type of post"), max_length=14, choices=SlotType, default=SlotType.INSTITUTION)
    slots = models.PositiveIntegerField(_("number of posts"))
    issued_on = models.DateField(_("issued on"))
    expires_on = models.DateField(_("valid until"))
    document = models.ForeignKey(
        "foundation.PrivateFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("permit")
        verbose_name_plural = _("permits")
        ordering = ["-issued_on", "number"]
        constraints = [
            models.CheckConstraint(condition=Q(slots__gt=0), name="permit_has_slots"),
            models.CheckConstraint(condition=Q(expires_on__gte=F("issued_on")), name="permit_ends_after_issue"),
        ]

    def __str__(self) -> str:
        return self.number


class EstablishedPost(models.Model):
    """One authorised post. Claims point down to it (PositionSlot, Appointment); its state says where it stands."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    unit = models.ForeignKey(
        "accounts.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="established_posts"
    )
    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, null=True, blank=True, related_name="posts")
    permit = models.ForeignKey(Permit, on_delete=models.PROTECT, null=True, blank=True, related_name="posts")
    slot_type = models.CharField(_("type of post"), max_length=14, choices=SlotType, default=SlotType.INSTITUTION)
    is_pool = models.BooleanField(_("lent from the county pool"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=SlotState, default=SlotState.FREE)
    state_since = models.DateTimeField(_("in this state since"), default=timezone.now)
    ledger_number = models.CharField(_("number in the real-name ledger"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("established post")
        verbose_name_plural = _("established posts")
        ordering = ["code"]
        indexes = [
            models.Index(fields=["unit", "state"], name="post_unit_state"),
            models.Index(fields=["envelope", "state"], name="post_envelope_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=SlotState.in_recruitment()) | Q(permit__isnull=False),
                name="post_in_recruitment_has_permit",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[SlotState.FREE, SlotState.POOL]) | Q(unit__isnull=False),
                name="post_out_of_the_pool_has_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class UnitStaffing(models.Model):
    """What the rows of a unit can't say: people above the authorised number, and posts promised to other channels."""

    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="staffing")
    slot_type = models.CharField(_("type of post"), max_length=14, choices=SlotType, default=SlotType.INSTITUTION)
    over_count = models.PositiveIntegerField(_("people above the authorised number"), default=0)
    committed_count = models.PositiveIntegerField(_("posts promised to other channels"), default=0)
    recorded_on = models.DateField(_("as of"))
    document = models.CharField(_("document"), max_length=200)

    class Meta:
        verbose_name = _("staffing of a unit")
        verbose_name_plural = _("staffing of units")
        constraints = [models.UniqueConstraint(fields=["unit", "slot_type"], name="staffing_once_per_unit")]

    def __str__(self) -> str:
        return f"{self.unit}: +{self.over_count}"


class SlotMovement(models.Model):
    """One move of one post; append-only."""

    post = models.ForeignKey(EstablishedPost, on_delete=models.PROTECT, related_name="movements")
    move = models.CharField(_("move"), max_length=20)
    from_state = models.CharField(_("from"), max_length=10, choices=SlotState, blank=True)
    to_state = models.CharField(_("to"), max_length=10, choices=SlotState)
    at = models.DateTimeField(_("time"), default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason_code = models.CharField(_("reason code"), max_length=40, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    document = models.CharField(_("document"), max_length=200)

    class Meta:
        verbose_name = _("post movement")
        verbose_name_plural = _("post movements")
        ordering = ["-id"]
        indexes = [models.Index(fields=["post", "at"], name="movement_post_at")]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.from_state} → {self.to_state}"
