"""The page on which a flexible engagement becomes a full-time post: which post, who decides what next, the document."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.models import User
from accounts.office.access import office_page
from accounts.policies import in_scope
from campaigns.establishment.domain.shortages import shortages_of
from campaigns.establishment.enums import SlotType
from campaigns.establishment.queries import permitted_now
from foundation.dates import day
from foundation.errors import DomainError
from recruitment.appointments import domain
from recruitment.appointments.office.forms import ConversionForm
from recruitment.appointments.policies import CONVERTERS, may_convert
from recruitment.challenges.models import Engagement


@never_cache
@office_page(may_convert)
def convert(request: HttpRequest, pk: int) -> HttpResponse:
    """First what will change, or the exact shortage; then the conversion. A converted one leads to its appointment."""
    assert isinstance(request.user, User)
    rows = Engagement.objects.filter(in_scope(request.user, *CONVERTERS, field="bid__challenge__unit"))
    row = get_object_or_404(rows.select_related("bid__challenge__unit", "bid__candidate", "appointment"), pk=pk)
    if getattr(row, "appointment", None) is not None:
        return redirect("appointment", row.appointment.pk)
    challenge = row.bid.challenge
    form = ConversionForm(request.POST or None, initial={"name": challenge.title})
    if form.is_valid():
        try:
            made = domain.convert_engagement(actor=request.user, engagement=row, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The post is held; the medical exam comes next."))
            return redirect("appointment", made.pk)
    back = reverse("challenges-challenge", args=[challenge.code])
    context = {
        "page_title": _("Convert to a full-time post"), "crumbs": [(challenge.title, back)], "form": form,
        "label": _("Convert"), "back": back, "effects": _effects(row),
        "lead": _("%(name)s, agreement %(number)s, %(unit)s")
        % {"name": row.bid.candidate.name, "number": row.number, "unit": challenge.unit},
    }  # fmt: skip
    return render(request, "appointments/office/act.html", context, status=422 if form.errors else 200)


def _effects(row: Engagement) -> list[str]:
    """What the conversion does, in the order in which it happens."""
    return [
        *_post(row),
        _("The person is called to the medical exam and goes the way of every hire: inspection, public notice, "
          "approval, entry in the ledger."),
        _("The talent office approves after the public notice; the establishment office enters the person on the "
          "post."),
        _("Until the approval the person counts as a flexible engagement, from then on as appointed."),
    ]  # fmt: skip


def _post(row: Engagement) -> list[str]:
    """The post that would be held, or why none would."""
    unit, today = row.bid.challenge.unit, timezone.localdate()
    if missing := shortages_of({unit: 1}, SlotType.INSTITUTION, today).get(unit.pk):
        return [missing, _("As it stands the conversion will be refused.")]
    post = permitted_now([unit.pk], SlotType.INSTITUTION, today).select_related("permit").first()
    assert post is not None
    assert post.permit is not None
    values = {"post": post.code, "unit": unit, "permit": post.permit, "until": day(post.permit.expires_on)}
    return [
        _("Post %(post)s of %(unit)s is held for the person, under permit %(permit)s valid until %(until)s.") % values
    ]
