"""The unit tree, people who sign in, their staff roles, and the audit trail."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.append_only import AppendOnlyModel
from accounts.enums import Role, SignInResult, TextKind, UnitKind, UserKind
from foundation.fields import EncryptedTextField


class UnitQuerySet(models.QuerySet["Unit"]):
    def under(self, unit: "Unit") -> "UnitQuerySet":
        """`unit` and everything below it."""
        return self.filter(path__startswith=unit.path)


class Unit(models.Model):
    """A body in the county's tree: county → supervising department → recruiting unit.

    `path` is the codes from the root down, each followed by a slash; it makes a subtree one prefix query.
    """

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    code = models.CharField(_("code"), max_length=40, unique=True, validators=[RegexValidator(r"^[0-9A-Za-z_-]+$")])
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=UnitKind, default=UnitKind.UNIT)
    sector = models.CharField(_("sector"), max_length=40, blank=True)
    path = models.CharField(max_length=400, unique=True, editable=False)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["parent", "name"], name="unit_name_once_under_parent")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.path = self.path_below(self.parent)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def path_below(self, parent: "Unit | None") -> str:
        """The path this unit has under `parent`; bulk creation sets it by this."""
        return f"{parent.path if parent else ''}{self.code}/"


class User(AbstractUser):
    """Someone who signs in: a candidate by phone or e-mail, staff by user name and second factor."""

    # A person has one name; the office's frame asks for a first name.
    first_name = property(lambda self: self.name)
    last_name = None
    kind = models.CharField(_("kind"), max_length=10, choices=UserKind, default=UserKind.CANDIDATE)
    name = models.CharField(_("name"), max_length=100, blank=True)
    phone = EncryptedTextField(_("mobile phone"), blank=True, default="")
    phone_index = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    phone_verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    must_change_password = models.BooleanField(_("must choose a new password"), default=False, editable=False)
    is_demo = models.BooleanField(_("demo account"), default=False, editable=False)

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    @property
    def is_staff_member(self) -> bool:
        return self.is_active and self.kind == UserKind.STAFF


class StaffRoleQuerySet(models.QuerySet["StaffRole"]):
    def current(self) -> "StaffRoleQuerySet":
        now = timezone.now()
        return self.filter(models.Q(ends_at=None) | models.Q(ends_at__gt=now), starts_at__lte=now)


class StaffRole(models.Model):
    """A duty a person holds for a unit and everything below it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="staff_roles")
    role = models.CharField(_("role"), max_length=24, choices=Role)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="staff_roles")
    starts_at = models.DateTimeField(pgettext_lazy("period", "from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = StaffRoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff role")
        verbose_name_plural = _("staff roles")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "unit"], condition=models.Q(ends_at=None), name="one_open_role_per_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.unit}"


class Acceptance(models.Model):
    """A text a person accepted: privacy notice or integrity pledge, with its version and digest."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="acceptances")
    kind = models.CharField(_("text"), max_length=30, choices=TextKind)
    version = models.CharField(_("version"), max_length=20)
    digest = models.CharField(_("digest"), max_length=64)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("acceptance")
        verbose_name_plural = _("acceptances")
        constraints = [models.UniqueConstraint(fields=["user", "kind", "version"], name="acceptance_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class LoginEvent(models.Model):
    """One sign-in, failed try or sign-out; kept for at least six months (law.md 7.3), without what was typed.

    `identity_index` is the blind index of the name, e-mail or phone that was tried, so that tries against one
    account can be counted without storing it.
    """

    at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="login_events"
    )
    result = models.CharField(_("result"), max_length=12, choices=SignInResult)
    method = models.CharField(_("method"), max_length=20, blank=True)
    identity_index = models.CharField(max_length=64, blank=True, editable=False)
    origin = models.CharField(_("origin"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("sign-in event")
        verbose_name_plural = _("sign-in events")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_result_display()} {self.user or ''}".strip()


class AuditEntry(AppendOnlyModel):
    """What someone did, never changed and never deleted; chained by `AuditSeal` within a minute (decision 17)."""

    at = models.DateTimeField(_("time"), default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(_("action"), max_length=80)
    object_type = models.CharField(_("kind of object"), max_length=80)
    object_id = models.CharField(_("object"), max_length=64)
    object_name = models.CharField(_("name of the object"), max_length=200, blank=True)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    reason = models.TextField(_("reason"), blank=True)
    origin = models.CharField(_("origin"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        ordering = ["-id"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"


class AuditSeal(AppendOnlyModel):
    """The link that binds one entry to the one before it."""

    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, primary_key=True, related_name="seal")
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("audit seal")
        verbose_name_plural = _("audit seals")

    def __str__(self) -> str:
        return self.digest


class AuditHead(models.Model):
    """How long the sealed chain is and where it ends, under a keyed digest; the row the sealer locks.

    Without it, cutting entries off the end of the chain would leave a shorter chain that is whole in itself.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    length = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    proof = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("end of the audit chain")
        verbose_name_plural = _("end of the audit chain")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_audit_head")]

    def __str__(self) -> str:
        return self.digest
