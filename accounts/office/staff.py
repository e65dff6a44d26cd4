"""One member of staff with their roles, for system administrators."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import domain
from accounts.enums import Role
from accounts.models import StaffRole, Unit, User
from accounts.office.access import attempt, office_page
from accounts.office.forms import ReasonForm, RoleForm, StaffForm
from accounts.policies import in_scope, may_manage_staff
from accounts.queries import staff_in_scope, units_in_scope

ACTS = {
    "password": (domain.issue_password, gettext_lazy("A new one-time password was made.")),
    "factor": (domain.reset_second_factor, gettext_lazy("The second factor was removed.")),
    "close": (domain.deactivate_staff, gettext_lazy("The account was closed.")),
    "open": (domain.activate_staff, gettext_lazy("The account was opened again.")),
}


def _units(request: HttpRequest) -> QuerySet[Unit]:
    assert isinstance(request.user, User)
    return units_in_scope(request.user, Role.SYSTEM_ADMINISTRATOR)


def _mine(request: HttpRequest) -> QuerySet[User]:
    assert isinstance(request.user, User)
    return staff_in_scope(request.user)


@office_page(may_manage_staff)
def staff_add(request: HttpRequest) -> HttpResponse:
    form = StaffForm(request.POST or None, units=_units(request))
    if form.is_valid():
        user = attempt(request, domain.create_staff, _("The account was made."), **form.cleaned_data)
        if user is not None:
            return redirect("office-staff-member", pk=user.pk)
    return render(request, "accounts/office/form.html", {"form": form, "page_title": _("Add a member of staff")})


@office_page(may_manage_staff)
def staff_member(request: HttpRequest, pk: int, password: str = "") -> HttpResponse:
    user = get_object_or_404(_mine(request), pk=pk)
    now = set(StaffRole.objects.current().filter(user=user).values_list("pk", flat=True))
    roles = user.staff_roles.select_related("unit").order_by("-starts_at")
    context = {
        "member": user,
        "page_title": user.name or user.username,
        "roles": [(role, role.pk in now) for role in roles],
        "role_form": RoleForm(units=_units(request)),
        "reason_form": ReasonForm(auto_id="account_%s"),
        "password": password,
        "has_factor": user.authenticator_set.exists(),
    }
    return render(request, "accounts/office/staff_member.html", context)


@require_POST
@office_page(may_manage_staff)
def role_grant(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(_mine(request), pk=pk)
    form = RoleForm(request.POST, units=_units(request))
    if form.is_valid():
        attempt(request, domain.grant_role, _("The role was granted."), user=user, **form.cleaned_data)
    return redirect("office-staff-member", pk=pk)


@require_POST
@office_page(may_manage_staff)
def role_end(request: HttpRequest, pk: int) -> HttpResponse:
    assert isinstance(request.user, User)
    roles = StaffRole.objects.filter(in_scope(request.user, Role.SYSTEM_ADMINISTRATOR))
    staff_role = get_object_or_404(roles.select_related("user", "unit"), pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(request, domain.end_role, _("The role was ended."), staff_role=staff_role, reason=reason)
    return redirect("office-staff-member", pk=staff_role.user_id)


@require_POST
@office_page(may_manage_staff)
def staff_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One of `ACTS` on the account; a new password is shown on this one page and nowhere else."""
    user = get_object_or_404(_mine(request), pk=pk)
    verb, done = ACTS[act]
    form = ReasonForm(request.POST)
    if form.is_valid():
        result = attempt(request, verb, str(done), user=user, reason=form.cleaned_data["reason"])
        if act == "password" and result:
            return staff_member(request, pk, password=result)
    return redirect("office-staff-member", pk=pk)
