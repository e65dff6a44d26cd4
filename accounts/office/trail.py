"""The audit trail and the sign-in events: reading, filtering, taking a copy out."""

import csv
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import AuditEntry, LoginEvent, User
from accounts.office.access import office_page
from accounts.office.forms import AuditFilterForm, SignInFilterForm
from accounts.policies import may_read_audit, may_read_sign_ins

PAGE = 50
MOST_EXPORTED = 100_000


def _filtered(rows: QuerySet[Any], form: forms.Form, actor: str) -> QuerySet[Any]:
    if not form.is_valid():
        return rows.none()
    day = {
        "at__gte": form.cleaned_data["since"],
        "at__lt": form.cleaned_data["until"] and form.cleaned_data["until"] + timedelta(days=1),
    }
    midnight = {key: timezone.make_aware(datetime.combine(value, time())) for key, value in day.items() if value}
    words = {
        f"{actor}__username": form.cleaned_data["actor"],
        "action__startswith": form.cleaned_data.get("action"),
        "object_type": form.cleaned_data.get("object_type"),
        "object_id": form.cleaned_data.get("object_id"),
        "result": form.cleaned_data.get("result"),
    }
    return rows.filter(**midnight, **{key: value for key, value in words.items() if value})


@office_page(may_read_audit)
def audit_trail(request: HttpRequest) -> HttpResponse:
    form = AuditFilterForm(request.GET)
    entries = _filtered(AuditEntry.objects.select_related("actor", "seal"), form, "actor")
    if "export" in request.GET:
        return _export(request, entries.select_related("actor", "seal"))
    query = request.GET.copy()
    query.pop("page", None)
    page = Paginator(entries, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "query": query.urlencode(), "page_title": _("Audit trail")}
    return render(request, "accounts/office/audit.html", context)


@office_page(may_read_sign_ins)
def sign_ins(request: HttpRequest) -> HttpResponse:
    form = SignInFilterForm(request.GET)
    events = _filtered(LoginEvent.objects.select_related("user"), form, "user")
    query = request.GET.copy()
    query.pop("page", None)
    page = Paginator(events, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "query": query.urlencode(), "page_title": _("Sign-in events")}
    return render(request, "accounts/office/sign_ins.html", context)


class _Line:
    """A file that hands each written line back."""

    def write(self, text: str) -> str:
        return text


def _export(request: HttpRequest, entries: QuerySet[AuditEntry]) -> StreamingHttpResponse:
    """The filtered trail as CSV with the seals; taking it out is itself an entry."""
    assert isinstance(request.user, User)
    count = min(entries.count(), MOST_EXPORTED)
    audit.record(
        actor=request.user,
        action="accounts.export_audit",
        subject=request.user,
        after={"rows": count, "filters": request.GET.urlencode()},
    )
    writer = csv.writer(_Line())
    names = (_("time"), _("user name"), _("action"), _("kind of object"), _("object"), _("name of the object"))
    head = (*names, _("before"), _("after"), _("reason"), _("origin"), _("seal"))

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow(head)
        for entry in entries.order_by("pk")[:MOST_EXPORTED].iterator(chunk_size=1000):
            yield writer.writerow([_safe(value) for value in _cells(entry)])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{timezone.localdate()}.csv"'
    return response


def _cells(entry: AuditEntry) -> list[str]:
    seal = getattr(entry, "seal", None)
    return [
        timezone.localtime(entry.at).isoformat(timespec="seconds"),
        entry.actor.username,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.object_name,
        str(entry.before or ""),
        str(entry.after or ""),
        entry.reason,
        entry.origin,
        seal.digest if seal else "",
    ]


def _safe(text: str) -> str:
    """A cell that a spreadsheet does not run as a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
