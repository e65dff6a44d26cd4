"""The registers of this room: audit trail, sign-ins, units, staff accounts, roles."""

from functools import cache
from typing import Any

import django_filters
from django.apps import apps
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.views.generic.models import InspectView

from accounts import audit, domain
from accounts.audit_names import ACTIONS, action_name, lines_of
from accounts.enums import Role, SignInResult, UnitKind
from accounts.models import AuditEntry, LoginEvent, StaffRole, Unit, User
from accounts.office.forms import ReasonForm
from accounts.policies import (
    ELSEWHERE,
    in_scope,
    managed_accounts,
    may_manage_account,
    may_manage_staff,
    may_manage_units,
    may_read_audit,
    may_read_sign_ins,
)
from accounts.queries import staff_in_scope, units_in_scope
from foundation.dates import day, moment
from foundation.ui.registers import Cell, Link, ScopedBulkAction, ScopedModelViewSet, Title

MOST_EXPORTED = 100_000


def _moment(row: Any) -> str:
    return moment(row.at, "s")


def _day() -> django_filters.DateFromToRangeFilter:
    return django_filters.DateFromToRangeFilter(
        field_name="at", label=gettext_lazy("Day"), widget=DateRangePickerWidget
    )


class _Recorded(ScopedModelViewSet):
    """A register whose taking out is itself an entry of the trail."""

    export_action = ""

    def exporting(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        assert isinstance(request.user, User)
        after = {"rows": min(rows.count(), MOST_EXPORTED), "filters": request.GET.urlencode()}
        audit.record(actor=request.user, action=self.export_action, subject=request.user, after=after)
        return rows[:MOST_EXPORTED]


@cache
def _kinds() -> dict[str, str | Promise]:
    """Label of a model → its name; lazy, so that one table serves every language."""
    rooms = ("accounts", "campaigns", "recruitment", "foundation", "cms")
    models = [model for model in apps.get_models() if model.__module__.split(".")[0] in rooms]
    return {model._meta.label_lower: model._meta.verbose_name for model in models}  # type: ignore[misc]


def _kind_choices() -> list[tuple[str, str]]:
    return sorted(((key, str(name)) for key, name in _kinds().items()), key=lambda pair: pair[1])


def _kind(entry: AuditEntry) -> str:
    return str(_kinds().get(entry.object_type, entry.object_type))


def _object(entry: AuditEntry) -> str:
    return f"{entry.object_name or entry.object_id}"


def _action(entry: AuditEntry) -> str:
    return action_name(entry.action)


def _change(entry: AuditEntry) -> str:
    arrow = " → " if entry.before and entry.after else ""
    return f"{lines_of(entry, entry.before)}{arrow}{lines_of(entry, entry.after)}"


def _seal(entry: AuditEntry) -> str:
    seal = getattr(entry, "seal", None)
    return seal.digest[:8] if seal else _("within a minute")


def _action_choices() -> list[tuple[str, str]]:
    return sorted(((code, str(name)) for code, name in ACTIONS.items()), key=lambda pair: pair[1])


class AuditFilter(WagtailFilterSet):
    actor = django_filters.CharFilter(field_name="actor__username", label=gettext_lazy("User name"))
    action = django_filters.ChoiceFilter(choices=_action_choices, label=gettext_lazy("Action"))
    object_type = django_filters.ChoiceFilter(choices=_kind_choices, label=gettext_lazy("Kind of object"))
    object_id = django_filters.CharFilter(label=gettext_lazy("Object"))
    day = _day()

    class Meta:
        model = AuditEntry
        fields: list[str] = []


class AuditEntryView(InspectView):
    """One entry in full."""

    def get_object_type_display_value(self) -> str:
        return _kind(self.object)

    def get_page_subtitle(self) -> str:
        return f"{_action(self.object)} {_object(self.object)}"

    def get_action_display_value(self) -> str:
        return f"{_action(self.object)}\n{self.object.action}"

    def get_before_display_value(self) -> str:
        return lines_of(self.object, self.object.before)

    def get_after_display_value(self) -> str:
        return lines_of(self.object, self.object.after)

    def get_seal_display_value(self) -> str:
        seal = getattr(self.object, "seal", None)
        return seal.digest if seal else _("within a minute")


class AuditTrail(_Recorded):
    """Every entry of the county, for its auditors."""

    model = AuditEntry
    name = "office_audit"
    url_prefix = "accounts/audit"
    icon = "history"
    menu_order = 820
    menu_label = page_title = gettext_lazy("Audit trail")
    add_to_admin_menu = True
    view_rule = may_read_audit
    export_action = "accounts.export_audit"
    export_filename = "audit"
    list_related = ("actor", "seal")
    list_per_page = 50
    search_fields = ["object_name", "object_id", "reason"]
    filterset_class = AuditFilter
    ordering = "-id"
    list_display = [
        Title("at", label=gettext_lazy("Time"), accessor=_moment, url_name="office_audit:inspect", classname="brief"),
        Cell("actor", label=gettext_lazy("Who"), classname="brief"),
        Cell("action", label=gettext_lazy("Action"), accessor=_action),
        Cell("object_type", label=gettext_lazy("Kind of object"), accessor=_kind, classname="brief"),
        Cell("object", label=gettext_lazy("Object"), accessor=_object),
        Cell("change", label=gettext_lazy("Before and after"), accessor=_change, classname="lines"),
        Cell("reason", label=gettext_lazy("Reason")),
        Cell("seal", label=gettext_lazy("Seal"), accessor=_seal, classname="brief"),
    ]
    list_export = [
        "at", "actor.username", "action", "object_type", "object_id", "object_name", "before", "after", "reason",
        "origin", "seal.digest",
    ]  # fmt: skip
    export_headings = {
        "at": gettext_lazy("Time"), "actor.username": gettext_lazy("User name"), "seal.digest": gettext_lazy("Seal"),
    }  # fmt: skip
    inspect_view_class = AuditEntryView
    inspect_view_fields = [
        "at", "actor", "action", "object_type", "object_id", "object_name", "before", "after", "reason", "origin",
        "seal",
    ]  # fmt: skip

    def scope_of(self, user: Any) -> QuerySet[AuditEntry]:
        return AuditEntry.objects.all() if may_read_audit(user) else AuditEntry.objects.none()


METHODS = {
    "sign_up": gettext_lazy("at sign-up"), "password": gettext_lazy("password"), "code": gettext_lazy("code"),
    "mfa": gettext_lazy("second factor"), "recovery_codes": gettext_lazy("recovery code"),
    "webauthn": gettext_lazy("passkey"),
}  # fmt: skip


def _method(event: LoginEvent) -> str:
    return " + ".join(str(METHODS.get(part, part)) for part in event.method.split("+"))


class SignInView(InspectView):
    """One event in full."""

    def get_method_display_value(self) -> str:
        return _method(self.object)


class SignInFilter(WagtailFilterSet):
    user = django_filters.CharFilter(field_name="user__username", label=gettext_lazy("User name"))
    result = django_filters.ChoiceFilter(choices=SignInResult.choices, label=gettext_lazy("Result"))
    day = _day()

    class Meta:
        model = LoginEvent
        fields: list[str] = []


class SignIns(_Recorded):
    """Sign-ins, failed tries and sign-outs of the county."""

    model = LoginEvent
    name = "office_sign_ins"
    url_prefix = "accounts/sign-ins"
    icon = "key"
    menu_order = 830
    menu_label = page_title = gettext_lazy("Sign-in events")
    add_to_admin_menu = True
    view_rule = may_read_sign_ins
    export_action = "accounts.export_sign_ins"
    export_filename = "sign-ins"
    list_related = ("user",)
    list_per_page = 50
    filterset_class = SignInFilter
    ordering = "-id"
    list_display = [
        Title("at", label=gettext_lazy("Time"), accessor=_moment, url_name="office_sign_ins:inspect"),
        Cell("user", label=gettext_lazy("Who"), accessor=lambda event: event.user.username if event.user else ""),
        Cell("get_result_display", label=gettext_lazy("Result")),
        Cell("method", label=gettext_lazy("Method"), accessor=_method),
        Cell("origin", label=gettext_lazy("Origin")),
    ]
    list_export = ["at", "user", "get_result_display", "method", "origin"]
    export_headings = {"user": gettext_lazy("Who"), "get_result_display": gettext_lazy("Result")}
    inspect_view_class = SignInView
    inspect_view_fields = ["at", "user", "result", "method", "origin"]

    def scope_of(self, user: Any) -> QuerySet[LoginEvent]:
        return LoginEvent.objects.all() if may_read_sign_ins(user) else LoginEvent.objects.none()


class UnitFilter(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(choices=UnitKind.choices, label=gettext_lazy("Kind"))
    is_active = django_filters.ChoiceFilter(
        choices=[("True", gettext_lazy("in use")), ("False", gettext_lazy("out of use"))], label=gettext_lazy("State")
    )

    class Meta:
        model = Unit
        fields: list[str] = []


def _in_tree(unit: Unit) -> str:
    return f"{'　' * (unit.path.count('/') - 1)}{unit.name}"


def _use(unit: Unit) -> str:
    return _("in use") if unit.is_active else _("out of use")


class Units(ScopedModelViewSet):
    """The part of the tree a person keeps, in its order."""

    model = Unit
    name = "office_units"
    url_prefix = "accounts/units"
    icon = "site"
    menu_order = 800
    menu_label = page_title = gettext_lazy("Units")
    add_to_admin_menu = True
    view_rule = may_manage_units
    inspect_view_enabled = False
    links = (
        Link(gettext_lazy("Add a unit"), "office-unit-add", "plus"),
        Link(gettext_lazy("Import units"), "office-unit-import", "upload"),
    )
    list_related = ("parent",)
    list_per_page = 100
    search_fields = ["name", "code"]
    filterset_class = UnitFilter
    ordering = "path"
    list_display = [
        Title("name", label=gettext_lazy("Name"), accessor=_in_tree, url_name="office-unit", classname="tree"),
        Cell("code", label=gettext_lazy("Code"), classname="mono"),
        Cell("get_kind_display", label=gettext_lazy("Kind")),
        Cell("staff", label=gettext_lazy("Roles held"), classname="num"),
        Cell("is_active", label=gettext_lazy("State"), accessor=_use),
    ]
    list_export = ["code", "name", "name_en", "get_kind_display", "parent.code", "sector", "phone", "is_active"]
    export_headings = {"get_kind_display": gettext_lazy("Kind"), "parent.code": gettext_lazy("Code of the parent")}

    def scope_of(self, user: Any) -> QuerySet[Unit]:
        return units_in_scope(user, Role.SYSTEM_ADMINISTRATOR, Role.TALENT_OFFICE)

    def listed(self, rows: QuerySet[Unit]) -> QuerySet[Unit]:
        return rows.annotate(staff=Count("staff_roles", filter=Q(staff_roles__ends_at=None)))


class EndRoles(ScopedBulkAction):
    """End the roles ticked."""

    rule = may_manage_staff
    action_type = "end"
    display_name = gettext_lazy("End these roles")
    aria_label = gettext_lazy("End the roles chosen")
    form_class = ReasonForm

    def refusals(self, user: Any, rows: list[StaffRole]) -> dict[int, str]:
        current = set(StaffRole.objects.current().filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
        reasons = {row.pk: _("This role is not current.") for row in rows if row.pk not in current}
        own = {row.pk: _("Nobody ends their own role.") for row in rows if row.user_id == user.pk}
        return {**super().refusals(user, rows), **reasons, **own}

    @classmethod
    def run(cls, *, actor: User, rows: list[StaffRole], **values: Any) -> int:
        return domain.end_roles(actor=actor, roles=rows, **values)

    @staticmethod
    def done(number: int) -> str:
        return ngettext("%(n)s role was ended.", "%(n)s roles were ended.", number) % {"n": number}


class CloseAccounts(ScopedBulkAction):
    """Close the accounts ticked."""

    rule = may_manage_account
    action_type = "close"
    display_name = gettext_lazy("Close these accounts")
    aria_label = gettext_lazy("Close the accounts chosen")
    form_class = ReasonForm

    def refusals(self, user: Any, rows: list[User]) -> dict[int, str]:
        able = set(managed_accounts(user).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
        closed = {row.pk: _("This account is closed already.") for row in rows if not row.is_active}
        elsewhere = {row.pk: str(ELSEWHERE) for row in rows if row.pk not in able}
        own = {row.pk: _("Nobody closes their own account.") for row in rows if row.pk == user.pk}
        return {**elsewhere, **closed, **own}

    @classmethod
    def run(cls, *, actor: User, rows: list[User], **values: Any) -> int:
        return domain.close_accounts(actor=actor, users=rows, **values)

    @staticmethod
    def done(number: int) -> str:
        return ngettext("%(n)s account was closed.", "%(n)s accounts were closed.", number) % {"n": number}


def _now_holding(**which: Any) -> QuerySet[Any]:
    return StaffRole.objects.current().filter(**which).values("user")


class StaffFilter(WagtailFilterSet):
    role = django_filters.ChoiceFilter(choices=Role.choices, method="holding", label=gettext_lazy("Current role"))
    unit = django_filters.CharFilter(method="of_unit", label=gettext_lazy("Unit"))
    is_active = django_filters.ChoiceFilter(
        choices=[("True", gettext_lazy("account open")), ("False", gettext_lazy("account closed"))],
        label=gettext_lazy("State"),
    )

    class Meta:
        model = User
        fields: list[str] = []

    def holding(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return rows.filter(pk__in=_now_holding(role=value))

    def of_unit(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return rows.filter(pk__in=_now_holding(unit__name__icontains=value))


def _roles(member: User) -> str:
    roles: list[StaffRole] = getattr(member, "current_roles", [])
    return "\n".join(f"{role.get_role_display()} · {role.unit}" for role in roles)


def _last(member: User) -> str:
    return moment(member.last_login)


def _open(member: User) -> str:
    return _("account open") if member.is_active else _("account closed")


class Staff(ScopedModelViewSet):
    """Staff accounts with their current roles."""

    model = User
    name = "office_staff"
    url_prefix = "accounts/staff"
    icon = "user"
    menu_order = 810
    menu_label = page_title = gettext_lazy("Staff and roles")
    add_to_admin_menu = True
    view_rule = may_manage_staff
    inspect_view_enabled = False
    bulk_actions = (CloseAccounts,)
    links = (
        Link(gettext_lazy("Add a member of staff"), "office-staff-add", "plus"),
        Link(gettext_lazy("Roles given"), "office_roles:index", "group"),
    )
    list_per_page = 50
    search_fields = ["name", "username"]
    filterset_class = StaffFilter
    ordering = "username"
    export_filename = "staff"
    list_display = [
        Title("name", label=gettext_lazy("Full name"), accessor=str, url_name="office-staff-member"),
        Cell("username", label=gettext_lazy("User name")),
        Cell("roles", label=gettext_lazy("Current roles"), accessor=_roles, classname="lines"),
        Cell("last_login", label=gettext_lazy("Last sign-in"), accessor=_last, classname="brief"),
        Cell("is_active", label=gettext_lazy("State"), accessor=_open),
    ]
    list_export = ["username", "name", "is_active", "last_login"]
    export_headings = {"is_active": gettext_lazy("account open"), "last_login": gettext_lazy("Last sign-in")}

    def scope_of(self, user: Any) -> QuerySet[User]:
        return staff_in_scope(user)

    def listed(self, rows: QuerySet[User]) -> QuerySet[User]:
        current = StaffRole.objects.current().select_related("unit").order_by("unit__path", "role")
        return rows.prefetch_related(Prefetch("staff_roles", current, to_attr="current_roles"))


class RoleFilter(WagtailFilterSet):
    role = django_filters.ChoiceFilter(choices=Role.choices, label=gettext_lazy("Role"))
    unit = django_filters.CharFilter(field_name="unit__name", lookup_expr="icontains", label=gettext_lazy("Unit"))
    ended = django_filters.ChoiceFilter(
        choices=[("no", gettext_lazy("current")), ("yes", gettext_lazy("not current"))],
        method="by_end", label=gettext_lazy("State"),
    )  # fmt: skip

    class Meta:
        model = StaffRole
        fields: list[str] = []

    def by_end(self, rows: QuerySet[StaffRole], name: str, value: str) -> QuerySet[StaffRole]:
        current = StaffRole.objects.current().values("pk")
        return rows.filter(pk__in=current) if value == "no" else rows.exclude(pk__in=current)


class Roles(ScopedModelViewSet):
    """Every role given in the units one administers, current and past."""

    model = StaffRole
    name = "office_roles"
    url_prefix = "accounts/roles"
    icon = "group"
    page_title = gettext_lazy("Roles given")
    view_rule = may_manage_staff
    inspect_view_enabled = False
    bulk_actions = (EndRoles,)
    links = (Link(gettext_lazy("Staff and roles"), "office_staff:index", "user"),)
    list_related = ("user", "unit")
    list_per_page = 50
    search_fields = ["user__name", "user__username", "unit__name"]
    filterset_class = RoleFilter
    ordering = ("unit__path", "role", "pk")
    export_filename = "roles"
    list_display = [
        Title("user", label=gettext_lazy("Full name"), url_name="office-staff-member", id_accessor="user_id"),
        Cell("user.username", label=gettext_lazy("User name")),
        Cell("get_role_display", label=gettext_lazy("Role")),
        Cell("unit", label=gettext_lazy("Unit")),
        Cell("starts_at", label=gettext_lazy("From"), accessor=lambda role: day(role.starts_at)),
        Cell("ends_at", label=gettext_lazy("Until"),
             accessor=lambda role: day(role.ends_at)),
    ]  # fmt: skip
    list_export = ["user.username", "user", "get_role_display", "unit", "starts_at", "ends_at"]
    export_headings = {
        "user.username": gettext_lazy("User name"), "user": gettext_lazy("Full name"),
        "get_role_display": gettext_lazy("Role"),
    }  # fmt: skip

    def scope_of(self, user: Any) -> QuerySet[StaffRole]:
        return StaffRole.objects.filter(in_scope(user, Role.SYSTEM_ADMINISTRATOR))


REGISTERS = (AuditTrail(), SignIns(), Units(), Staff(), Roles())
