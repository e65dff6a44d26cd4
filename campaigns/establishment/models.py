"""Envelopes, permits and one row per established post (编制); see the slot machine in domain."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.append_only import AppendOnlyModel
from campaigns.establishment.enums import (
    Channel,
    Decision,
    ExitEnd,
    ExitReason,
    RowKind,
    SlotMove,
    SlotState,
    SlotType,
    StaffingPart,
)
from foundation.dates import day


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
            models.CheckConstraint(
                condition=Q(slot_type=SlotType.INSTITUTION) | Q(envelope=None), name="permit_civil_outside_envelope"
            ),
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
    permit = models.ForeignKey(
        Permit, on_delete=models.PROTECT, null=True, blank=True, related_name="posts", db_index=False
    )
    slot_type = models.CharField(_("type of post"), max_length=14, choices=SlotType, default=SlotType.INSTITUTION)
    is_pool = models.BooleanField(_("lent from the county pool"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=SlotState, default=SlotState.FREE)
    state_since = models.DateTimeField(_("in this state since"), default=timezone.now)
    purpose = models.CharField(_("reserved for"), max_length=200, blank=True)
    ledger_number = models.CharField(_("number in the real-name ledger"), max_length=60, blank=True)
    reconciled_on = models.DateField(_("compared with the real-name ledger on"), null=True, blank=True)

    class Meta:
        verbose_name = _("established post")
        verbose_name_plural = _("established posts")
        ordering = ["code"]
        indexes = [
            models.Index(fields=["slot_type", "unit", "state"], name="post_type_unit_state"),
            models.Index(fields=["slot_type", "code"], name="post_type_code"),
            models.Index(fields=["envelope", "state"], name="post_envelope_state"),
            models.Index(fields=["permit", "state"], name="post_permit_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=SlotState.in_recruitment()) | Q(permit__isnull=False),
                name="post_in_recruitment_has_permit",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SlotState.without_unit(), unit=None)
                | (~Q(state__in=SlotState.without_unit()) & Q(unit__isnull=False)),
                name="post_has_unit_unless_free_or_pool",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*SlotState.in_recruitment(), SlotState.USED]) | Q(permit=None),
                name="post_out_of_recruitment_has_no_permit",
            ),
            models.CheckConstraint(
                condition=~Q(state=SlotState.FREE) | Q(envelope__isnull=False, is_pool=False),
                name="post_free_is_of_an_envelope",
            ),
            models.CheckConstraint(condition=~Q(state=SlotState.POOL) | Q(is_pool=True), name="post_in_pool_is_marked"),
            models.CheckConstraint(
                condition=Q(slot_type=SlotType.INSTITUTION) | Q(envelope=None, is_pool=False),
                name="post_civil_outside_envelope",
            ),
            models.CheckConstraint(
                condition=Q(state=SlotState.USED) | Q(ledger_number=""), name="post_ledger_number_only_when_used"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[SlotState.RESERVED, SlotState.HELD, SlotState.USED]) | Q(purpose=""),
                name="post_purpose_only_when_bound",
            ),
            models.UniqueConstraint(
                fields=["ledger_number"], condition=~Q(ledger_number=""), name="ledger_number_on_one_post"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class UnitStaffing(models.Model):
    """What the rows of a unit can't say: people who have no row, and posts promised to other channels.

    The sum of the unit's `StaffingChange` entries; kept beside them so that it can be locked and never fall below 0.
    """

    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="staffing")
    slot_type = models.CharField(_("type of post"), max_length=14, choices=SlotType, default=SlotType.INSTITUTION)
    extra_count = models.PositiveIntegerField(_("people without a post"), default=0)
    committed_count = models.PositiveIntegerField(_("posts promised to other channels"), default=0)
    reconciled_on = models.DateField(_("compared with the real-name ledger on"), null=True, blank=True)

    class Meta:
        verbose_name = _("staffing of a unit")
        verbose_name_plural = _("staffing of units")
        constraints = [models.UniqueConstraint(fields=["unit", "slot_type"], name="staffing_once_per_unit")]

    def __str__(self) -> str:
        return f"{self.unit}: +{self.extra_count}"


class StaffingChange(AppendOnlyModel):
    """One change of a unit's counts, with its sign; append-only."""

    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="staffing_changes")
    slot_type = models.CharField(_("type of post"), max_length=14, choices=SlotType)
    part = models.CharField(_("count"), max_length=10, choices=StaffingPart)
    change = models.IntegerField(_("change"))
    channel = models.CharField(_("channel"), max_length=12, choices=Channel, blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    document = models.CharField(_("document"), max_length=200)

    class Meta:
        verbose_name = _("change of a unit's counts")
        verbose_name_plural = _("changes of units' counts")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(change=0), name="staffing_change_changes"),
            models.CheckConstraint(condition=~Q(document=""), name="staffing_change_has_document"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.part} {self.change:+}"


class PlannedExit(models.Model):
    """A person who will leave a used post (X in quota.md 5.1), and the pool post lent against it, if any."""

    post = models.ForeignKey(EstablishedPost, on_delete=models.PROTECT, related_name="planned_exits")
    expected_on = models.DateField(_("expected on"))
    reason_code = models.CharField(_("reason code"), max_length=40, choices=ExitReason, default=ExitReason.RETIRED)
    document = models.CharField(_("document"), max_length=200)
    registered_at = models.DateTimeField(default=timezone.now)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    end = models.CharField(_("outcome"), max_length=10, choices=ExitEnd, default=ExitEnd.OPEN, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    lent_post = models.ForeignKey(
        EstablishedPost, on_delete=models.PROTECT, null=True, blank=True, related_name="lent_for"
    )

    class Meta:
        verbose_name = _("planned exit")
        verbose_name_plural = _("planned exits")
        ordering = ["expected_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["post"], condition=Q(end=ExitEnd.OPEN), name="one_open_exit_per_post"),
            models.UniqueConstraint(fields=["lent_post"], condition=Q(end=ExitEnd.OPEN), name="post_lent_once"),
            models.CheckConstraint(
                condition=Q(end=ExitEnd.OPEN, ended_at=None) | (~Q(end=ExitEnd.OPEN) & Q(ended_at__isnull=False)),
                name="exit_ends_with_its_time",
            ),
            models.CheckConstraint(condition=~Q(document=""), name="exit_has_document"),
        ]

    def __str__(self) -> str:
        return f"{self.post}: {self.expected_on}"


class SlotMovement(AppendOnlyModel):
    """One move of one post; append-only.

    It says where the post came from and where it went, unit and state, so that the sum of movements up to a moment is
    the ledger of that moment.
    """

    post = models.ForeignKey(EstablishedPost, on_delete=models.PROTECT, related_name="movements")
    move = models.CharField(_("move"), max_length=20, choices=SlotMove)
    from_state = models.CharField(_("from"), max_length=10, choices=SlotState, blank=True)
    to_state = models.CharField(_("to"), max_length=10, choices=SlotState)
    from_unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to_unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    slot_type = models.CharField(_("type of post"), max_length=14, choices=SlotType)
    permit = models.ForeignKey(
        Permit, on_delete=models.PROTECT, null=True, blank=True, related_name="movements", db_index=False
    )
    purpose = models.CharField(_("reserved for"), max_length=200, blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason_code = models.CharField(_("reason code"), max_length=40, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    document = models.CharField(_("document"), max_length=200)

    class Meta:
        verbose_name = _("post movement")
        verbose_name_plural = _("post movements")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["post", "at"], name="movement_post_at"),
            # All that the sum of a past moment reads, in the order of its groups: no row is opened, nothing is sorted.
            models.Index(
                fields=["slot_type", "from_unit", "from_state", "to_unit", "to_state", "at"], name="movement_between"
            ),
            models.Index(fields=["permit", "move", "post"], name="movement_permit_move"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(document=""), name="movement_has_document"),
            models.CheckConstraint(condition=Q(reason="") | ~Q(reason_code=""), name="movement_reason_has_code"),
            models.CheckConstraint(
                condition=Q(move=SlotMove.CREATE, from_state="") | (~Q(move=SlotMove.CREATE) & ~Q(from_state="")),
                name="movement_comes_from_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.get_move_display()}"


class Reconciliation(models.Model):
    """One comparison with the official real-name ledger as it stood on a day."""

    as_on = models.DateField(_("state of the official ledger on"))
    file_name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("digest"), max_length=64)
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="reconciliations")
    problems = models.JSONField(_("rows that could not be read"), default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["digest", "as_on", "unit"], name="reconciliation_once_per_file")]

    def __str__(self) -> str:
        return f"{day(self.as_on)} {self.file_name}"


class ReconciliationRow(models.Model):
    """One person's entry, here and there, by ledger number and unit; never by name."""

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="rows", db_index=False)
    number = models.PositiveIntegerField(_("row in the file"), default=0)
    kind = models.CharField(_("comparison"), max_length=10, choices=RowKind)
    ledger_number = models.CharField(_("number in the real-name ledger"), max_length=60, blank=True)
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(EstablishedPost, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.CharField(_("decision"), max_length=8, choices=Decision, default=Decision.OPEN)
    reason = models.TextField(_("reason"), blank=True)
    document = models.CharField(_("document"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("row of a reconciliation")
        verbose_name_plural = _("rows of reconciliations")
        ordering = ["kind", "unit__path", "ledger_number", "pk"]
        indexes = [models.Index(fields=["reconciliation", "kind", "decision"], name="row_kind_decision")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision=Decision.OPEN, decided_by=None) | ~Q(decision=Decision.OPEN) & ~Q(decided_by=None),
                name="decided_row_has_a_person",
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.OPEN) | Q(kind=RowKind.MATCH) | ~Q(reason=""), name="decision_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ledger_number or self.post}: {self.kind}"
