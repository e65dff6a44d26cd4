"""Recruiting events for everyone: the tour, one event with its calendar file, registration and ticket."""

from io import BytesIO

import segno
from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from campaigns.events.calendar_file import calendar_file
from campaigns.events.domain import cancel_registration, register_for_event
from campaigns.events.models import EventRegistration, RecruitingEvent
from campaigns.events.queries import public_events
from cms import queries
from foundation.errors import DomainError


class RegistrationForm(forms.Form):
    """What the staff at the door need to know."""

    name = forms.CharField(label=gettext_lazy("Full name"), max_length=60)
    phone = forms.CharField(
        label=gettext_lazy("Mobile phone"), max_length=20, help_text=gettext_lazy("For notices about this event only.")
    )
    school = forms.CharField(label=gettext_lazy("School"), max_length=120, required=False)
    major = forms.CharField(label=gettext_lazy("Major"), max_length=120, required=False)


def event_list(request: HttpRequest) -> HttpResponse:
    return render(request, "cms/event_list.html", queries.tour_page(request.GET.get("city", "")))


def _event(code: str) -> RecruitingEvent:
    return get_object_or_404(public_events().select_related("university"), code=code)


def event_page(request: HttpRequest, code: str) -> HttpResponse:
    """One event; a signed-in candidate registers here."""
    event = _event(code)
    now = timezone.now()
    person = request.user if isinstance(request.user, User) and request.user.kind == "candidate" else None
    form = RegistrationForm(
        request.POST or None, initial={"name": person.name, "phone": person.phone} if person else {}
    )
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if person and form.is_valid():
            try:
                ticket = register_for_event(actor=person, event=event, **form.cleaned_data)
            except DomainError as refusal:
                form.add_error(None, refusal.message)
            else:
                return redirect("event-ticket", ticket.token)
    mine = event.registrations.filter(user=person, state="registered").first() if person else None
    context = {
        "event": event,
        "form": form,
        "mine": mine,
        "person": person,
        "stop": queries.stop_at(event, now),
        "steps": queries.event_steps(event, now),
        "campaigns": event.campaigns.filter(published_at__isnull=False).order_by("-published_at"),
    }
    return render(request, "cms/event.html", context)


def event_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """The event as an iCalendar file."""
    event = _event(code)
    text = calendar_file(event, request.build_absolute_uri(reverse("event", args=[event.code])))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{event.code}.ics"'
    return response


def _ticket(token: str) -> EventRegistration:
    rows = EventRegistration.objects.select_related("event__university")
    return get_object_or_404(rows, token=token)


def ticket(request: HttpRequest, token: str) -> HttpResponse:
    """A person's seat with number and QR code; whoever holds the secret link holds the ticket."""
    registration = _ticket(token)
    if request.method == "POST":
        if not isinstance(request.user, User) or request.user.pk != registration.user_id:
            raise Http404
        try:
            cancel_registration(actor=request.user, registration=registration)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Your seat was given back."))
        return redirect("event", registration.event.code)
    return render(request, "cms/ticket.html", {"registration": registration, "event": registration.event})


def ticket_code(request: HttpRequest, token: str) -> HttpResponse:
    """The QR code as a picture: it leads staff to the check-in of this person."""
    registration = _ticket(token)
    address = reverse("events-check-in", args=[registration.event.code]) + f"?t={registration.token}"
    code = segno.make(request.build_absolute_uri(address), micro=False, error="m")
    stream = BytesIO()
    code.save(stream, kind="svg", scale=6, border=4, dark="#1e1c1a", light="#ffffff")
    response = HttpResponse(stream.getvalue(), content_type="image/svg+xml")
    response["Cache-Control"] = "private, max-age=3600"
    return response
