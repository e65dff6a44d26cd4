"""The working-day calendar: list, one day by hand, a sheet of days."""

import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.office.access import attempt, office_page
from campaigns.planning import domain
from campaigns.planning.models import CalendarDay
from campaigns.planning.office.forms import DayForm, ReasonForm
from campaigns.planning.office.programmes import user_of
from campaigns.planning.policies import may_keep_calendar
from foundation.errors import DomainError
from foundation.ui.imports import TableForm


@office_page(may_keep_calendar)
def calendar_list(request: HttpRequest) -> HttpResponse:
    form = DayForm(request.POST or None)
    if form.is_valid() and attempt(request, domain.set_calendar_day, _("The day was set."), **form.cleaned_data):
        return redirect("planning-calendar")
    days = list(CalendarDay.objects.all())
    context = {
        "days": days,
        "assumed": sum(day.is_assumed for day in days),
        "form": form,
        "file_form": TableForm(),
        "page_title": _("Working-day calendar"),
    }
    return render(request, "planning/office/calendar.html", context)


@require_POST
@office_page(may_keep_calendar)
def calendar_import(request: HttpRequest) -> HttpResponse:
    """Take a sheet of days; refused rows are shown and then nothing is saved."""
    form = TableForm(request.POST, request.FILES)
    report = None
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            report = domain.import_calendar(actor=user_of(request), content=upload.read(), file_name=upload.name)
        except DomainError as refusal:
            messages.error(request, refusal.message)
    if report and not report.refused:
        counts = {"new": report.new, "changed": report.changed, "unchanged": report.unchanged}
        messages.success(request, _("%(new)s new days, %(changed)s changed, %(unchanged)s unchanged.") % counts)
        return redirect("planning-calendar")
    context = {"report": report, "file_form": form, "page_title": _("Import of the calendar")}
    return render(request, "planning/office/calendar_import.html", context)


@require_POST
@office_page(may_keep_calendar)
def calendar_remove(request: HttpRequest, date: str) -> HttpResponse:
    day = get_object_or_404(CalendarDay, date=datetime.date.fromisoformat(date))
    form = ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(request, domain.remove_calendar_day, _("The day follows the week again."), day=day, reason=reason)
    return redirect("planning-calendar")
