"""Programmes with their targets, for the talent office; read by those who answer for them."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.enums import Role
from accounts.models import User
from accounts.office.access import attempt, office_page
from accounts.policies import in_scope
from campaigns.planning import domain
from campaigns.planning.models import Programme
from campaigns.planning.office.forms import ProgrammeForm, TargetForm
from campaigns.planning.policies import may_plan, may_read_programmes
from campaigns.planning.queries import programmes_visible_to, with_targets


def user_of(request: HttpRequest) -> User:
    """The signed-in member of staff; the page's guard has let nobody else through."""
    assert isinstance(request.user, User)
    return request.user


def planned_by(user: User) -> QuerySet[Programme]:
    """Programmes that `user` may plan for."""
    return Programme.objects.filter(in_scope(user, Role.TALENT_OFFICE)).order_by("-starts_on", "code")


@office_page(may_read_programmes)
def programme_list(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    programmes = with_targets(programmes_visible_to(user).select_related("unit", "envelope").order_by("-starts_on"))
    context = {"programmes": programmes, "may_plan": may_plan(user), "page_title": _("Programmes")}
    return render(request, "planning/office/programmes.html", context)


@office_page(may_plan)
def programme_add(request: HttpRequest) -> HttpResponse:
    form = ProgrammeForm(request.POST or None, user=user_of(request))
    if form.is_valid():
        programme = attempt(request, domain.create_programme, _("The programme was created."), **form.cleaned_data)
        if programme:
            return redirect("planning-programme", programme.code)
    return _form(request, form, _("New programme"))


def _form(request: HttpRequest, form: Any, title: str) -> HttpResponse:
    return render(request, "planning/office/form.html", {"form": form, "page_title": title})


@office_page(may_read_programmes)
def programme_page(request: HttpRequest, code: str) -> HttpResponse:
    user = user_of(request)
    programme = get_object_or_404(
        with_targets(programmes_visible_to(user).select_related("unit", "envelope")), code=code
    )
    context = {
        "programme": programme,
        "target_form": TargetForm(),
        "may_plan": may_plan(user, programme),
        "page_title": programme.name,
    }
    return render(request, "planning/office/programme.html", context)


@office_page(may_plan)
def programme_edit(request: HttpRequest, code: str) -> HttpResponse:
    user = user_of(request)
    programme = get_object_or_404(planned_by(user), code=code)
    names = ("name", "name_en", "target_people", "envelope", "starts_on", "ends_on")
    initial = {name: getattr(programme, name) for name in names}
    form = ProgrammeForm(request.POST or None, user=user, programme=programme, initial=initial)
    if form.is_valid() and attempt(
        request, domain.edit_programme, _("The programme was changed."), programme=programme, **form.cleaned_data
    ):
        return redirect("planning-programme", code)
    return _form(request, form, programme.name)


@require_POST
@office_page(may_plan)
def target_set(request: HttpRequest, code: str) -> HttpResponse:
    programme = get_object_or_404(planned_by(user_of(request)), code=code)
    form = TargetForm(request.POST)
    if form.is_valid():
        attempt(request, domain.set_target, _("The target was set."), programme=programme, **form.cleaned_data)
    return redirect("planning-programme", code)
