"""The desk of appointments: who waits for what, one person's way, the acts on it, several at once, taking over."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.models import User
from accounts.office.access import attempt, office_page
from accounts.policies import in_scope
from campaigns.planning.models import Campaign
from foundation.errors import DomainError
from foundation.ui.office import OfficeList
from foundation.ui.work import hand_over
from recruitment.appointments import domain, tasks
from recruitment.appointments.models import Appointment, Objection
from recruitment.appointments.office.acts import BY_NAME, acts_of
from recruitment.appointments.office.forms import DecisionForm, Filter
from recruitment.appointments.office.rows import TONES, page_rows
from recruitment.appointments.policies import (
    may_open,
    may_read,
    may_read_names,
    may_read_objections,
    may_record_objections,
)
from recruitment.appointments.queries import (
    appointments_visible_to,
    campaigns_to_notice,
    campaigns_to_take_over,
    waiting_to_open,
)
from recruitment.appointments.queue import BY_KEY
from recruitment.appointments.told import words
from rulebook.notice_period import objection_words


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _crumbs(row: Appointment | None = None) -> list[tuple[str, str]]:
    above = [(_("Appointments"), reverse("appointments"))]
    if row is None:
        return above
    return [*above, (row.application.registration_no, reverse("appointment", args=[row.pk]))]


def _found(request: HttpRequest, pk: int) -> Appointment:
    return get_object_or_404(appointments_visible_to(user_of(request)).select_related("notice", "service"), pk=pk)


class AppointmentList(OfficeList):
    """Everyone on the way to a post, by what they wait for."""

    rule = may_read
    template_name = "appointments/office/list.html"

    def rows(self) -> QuerySet[Appointment]:
        user = user_of(self.request)
        rows = appointments_visible_to(user).order_by("position__campaign", "position__code", "pk")
        self.filter = Filter(self.request.GET or None)
        campaigns = Campaign.objects.filter(positions__appointments__in=rows).distinct()
        self.filter.fields["campaign"].queryset = campaigns.order_by("-created_at")  # type: ignore[attr-defined]
        if not self.filter.is_valid():
            return rows
        told = self.filter.cleaned_data
        if told["campaign"]:
            rows = rows.filter(position__campaign=told["campaign"])
        if told["queue"]:
            rows = BY_KEY[told["queue"]].narrow(rows)
        for word in told["q"].split()[:6]:
            rows = rows.filter(
                Q(application__registration_no=word)
                | Q(application__ticket_no=word)
                | Q(position__code__istartswith=word)
                | Q(position__unit__name__icontains=word)
            )
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = user_of(self.request)
        context = super().get_context_data(**kwargs)
        context["page"].object_list = [
            (row, TONES.get(row.state, ""), bool(may_read_names(user, row))) for row in context["page"]
        ]
        context.update(
            page_title=_("Appointments"),
            filter=self.filter,
            several=self.filter.is_bound
            and self.filter.cleaned_data.get("queue") in ("medical", "inspection", "approval"),
            to_take_over=campaigns_to_take_over(user) if may_open(user) else [],
            to_notice=campaigns_to_notice(user) if may_open(user) else [],
        )
        return context


@never_cache
@office_page(may_read)
def appointment_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's way to the post, with what may be read of it by this reader, and what can be done."""
    row, user = _found(request, pk), user_of(request)
    acts = acts_of(user, row)
    context = {
        "page_title": row.application.registration_no,
        "crumbs": _crumbs(),
        "appointment": row,
        "tone": TONES.get(row.state, ""),
        "allowed": [act for act, decision in acts if decision],
        "denied": [(act, decision.reason) for act, decision in acts if not decision],
        "may_decide": bool(may_record_objections(user, row)),
        **page_rows(user, row),
    }
    return render(request, "appointments/office/appointment.html", context)


@never_cache
@office_page(may_read)
def appointment_act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """First what will change; done once confirmed. Whoever may read but not do it is told why (403)."""
    row, act = _found(request, pk), BY_NAME.get(name)
    if act is None:
        raise Http404
    decision = act.rule(user_of(request), row)
    if not decision:
        raise PermissionDenied(decision.reason)
    if not act.fits(row):
        state = {"state": row.get_state_display()}
        messages.error(request, _("The appointment is in the state “%(state)s”, which does not allow this.") % state)
        return redirect("appointment", pk)
    form = act.form(request.POST if request.method == "POST" else None, appointment=row)
    if form.is_valid():
        try:
            act.run(user_of(request), row, form)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, str(act.done))
            return redirect("appointment", pk)
    context = {
        "page_title": act.label, "crumbs": _crumbs(row), "appointment": row, "label": act.label,
        "effects": act.effects(row), "form": form, "back": reverse("appointment", args=[pk]),
    }  # fmt: skip
    return render(request, "appointments/office/act.html", context, status=422 if form.errors else 200)


@never_cache
@office_page(may_read_objections)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide an objection with its grounds."""
    user = user_of(request)
    rows = Objection.objects.filter(appointment__in=appointments_visible_to(user), decided_at=None)
    row = get_object_or_404(rows.select_related("appointment__application"), pk=pk)
    if not may_record_objections(user, row.appointment):
        raise PermissionDenied(may_record_objections(user, row.appointment).reason)
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        done = _("The objection was decided.")
        if attempt(request, domain.decide_objection, done, objection=row, **form.values()) is not None:
            return redirect("appointment", row.appointment_id)
    context = {
        "page_title": _("Decide the objection"), "crumbs": _crumbs(row.appointment), "form": form,
        "label": _("Decide"), "lead": row.summary, "back": reverse("appointment", args=[row.appointment_id]),
        "effects": [
            _("Not upheld: the person is under notice again, and can be approved when the notice is over."),
            _("Upheld: %(why)s") % {"why": " ".join(words(objection_words("upheld")))},
            _("The post is then kept for the next person by the rules."),
        ],
    }  # fmt: skip
    return render(request, "appointments/office/act.html", context)


@office_page(may_open)
def take_over(request: HttpRequest, code: str) -> HttpResponse:
    """Everyone proposed or agreed in a campaign is handed over; first who."""
    campaign = get_object_or_404(Campaign.objects.filter(in_scope(user_of(request), "talent_office")), code=code)
    rows = waiting_to_open(campaign)
    if request.method == "POST":
        return hand_over(request, tasks.take_over, campaign, what=_("Take over"))
    context = {"page_title": _("Take over: %(campaign)s") % {"campaign": campaign}, "crumbs": _crumbs(), "rows": rows,
               "campaign": campaign}  # fmt: skip
    return render(request, "appointments/office/take_over.html", context)


@office_page(may_open)
def to_notice(request: HttpRequest, code: str) -> HttpResponse:
    """Draft the list of proposed hires of a campaign; first who is on it."""
    campaign = get_object_or_404(Campaign.objects.filter(in_scope(user_of(request), "talent_office")), code=code)
    rows = BY_KEY["to-notice"].narrow(appointments_visible_to(user_of(request)).filter(position__campaign=campaign))
    if request.method == "POST":
        return hand_over(request, tasks.notice, campaign, what=_("List of proposed hires"))
    context = {"page_title": _("List of proposed hires"), "crumbs": _crumbs(), "rows": rows.order_by("position__code"),
               "campaign": campaign}  # fmt: skip
    return render(request, "appointments/office/to_notice.html", context)
