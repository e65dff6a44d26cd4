"""The same step for several people at once: first who it takes and who it can't, then all or none."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.office.access import office_page
from accounts.policies import Predicate
from foundation.errors import DomainError, Refused
from foundation.ui.office import chosen_keys
from recruitment.appointments import domain, policies
from recruitment.appointments.enums import CheckKind
from recruitment.appointments.office.forms import ApprovalForm, EmptyForm, InspectionPassedForm, MedicalPassedForm
from recruitment.appointments.office.views import user_of
from recruitment.appointments.queries import appointments_visible_to
from recruitment.appointments.queue import BY_KEY


@dataclass(frozen=True)
class Bulk:
    """One step done for everyone chosen who waits for it."""

    queue: str
    label: Promise
    rule: Predicate
    form: type[EmptyForm]
    run: Callable[..., int]


def _checks(kind: CheckKind) -> Callable[..., int]:
    return lambda **values: domain.record_passed_checks(kind=kind, **values)


BULKS = {
    "medical": Bulk("medical", gettext_lazy("Record the medical exam as passed"), policies.may_record_medical,
                    MedicalPassedForm, _checks(CheckKind.MEDICAL)),
    "inspection": Bulk("inspection", gettext_lazy("Record the inspection as passed"), policies.may_record_inspection,
                       InspectionPassedForm, _checks(CheckKind.INSPECTION)),
    "approval": Bulk("approval", gettext_lazy("Approve"), policies.may_approve, ApprovalForm,
                     domain.approve_appointments),
}  # fmt: skip


@require_POST
@office_page(policies.may_read)
def several(request: HttpRequest, name: str) -> HttpResponse:
    """The chosen people: who waits for this step and may be taken by this person, and who not; with `confirm`, done."""
    bulk, user = BULKS.get(name), user_of(request)
    if bulk is None or not bulk.rule(user):
        raise Http404
    try:
        keys = chosen_keys(request, "appointment")
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("appointments")
    chosen = appointments_visible_to(user).filter(pk__in=keys).select_related("notice").order_by("position__code", "pk")
    waiting = set(BY_KEY[bulk.queue].narrow(chosen).values_list("pk", flat=True))
    able = [row for row in chosen if row.pk in waiting and bulk.rule(user, row)]
    unable = [row for row in chosen if row not in able]
    form = bulk.form(request.POST if request.POST.get("confirm") else None)
    if able and form.is_valid():
        try:
            count = bulk.run(actor=user, appointments=able, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Done for %(n)s people.") % {"n": count})
            return redirect("appointments")
    context: dict[str, Any] = {
        "page_title": bulk.label, "crumbs": [(_("Appointments"), reverse("appointments"))], "name": name,
        "able": able, "unable": unable, "form": form,
    }  # fmt: skip
    return render(request, "appointments/office/several.html", context, status=422 if form.errors else 200)
