"""One envelope: where its posts are, by state and by unit, and its way to and from the pool."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit
from campaigns.establishment import domain
from campaigns.establishment.models import Envelope
from campaigns.establishment.office import forms
from campaigns.establishment.office.acts import Act, ActPage
from campaigns.establishment.office.common import (
    POSTS_HOME,
    day_asked,
    moment_asked,
    segments,
    sheet_response,
    small_bar,
    user_of,
)
from campaigns.establishment.policies import may_manage_posts, may_read_posts
from campaigns.establishment.queries import balances, in_scope_of_county, total
from foundation.ui.office import OfficePage


def find_envelope(request: HttpRequest, code: str) -> Envelope:
    """An envelope, for those whose duty covers the county; raises Http404."""
    if not may_read_posts(request.user) or not in_scope_of_county(user_of(request)):
        raise Http404
    return get_object_or_404(Envelope.objects.select_related("unit"), code=code)


class EnvelopePage(OfficePage):
    """One envelope, today or on a past day."""

    rule = may_read_posts
    template_name = "establishment/envelope.html"

    def find(self, request: HttpRequest, **kwargs: Any) -> Envelope:
        return find_envelope(request, kwargs["code"])

    def crumbs(self) -> list[tuple[Any, str]]:
        return POSTS_HOME

    def _lines(self) -> list[tuple[Unit, Any]]:
        self.found = balances(envelope=self.subject, at=moment_asked(self.request))
        units = Unit.objects.filter(pk__in=[pk for pk in self.found if pk]).order_by("path")
        return [(unit, self.found[unit.pk]) for unit in units]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("export") != "xlsx":
            return super().get(request, *args, **kwargs)
        heads = [
            _("Unit"), _("Code"), _("Posts"), _("Used"), _("Held"), _("Published"), _("Permitted"), _("Allocated"),
            _("Vacated"),
        ]  # fmt: skip
        rows = [
            [unit.name, unit.code, b.authorised, b.used, b.held, b.reserved, b.permitted, b.allocated, b.vacated]
            for unit, b in self._lines()
        ]
        day = day_asked(request) or timezone.localdate()
        return sheet_response(request, f"{self.subject.code} {day}", heads, rows, subject=self.subject)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = self._lines()
        sums = total(self.found.values())
        manages = bool(may_manage_posts(user_of(self.request), self.subject))
        return super().get_context_data(
            lines=[(unit, balance, small_bar(balance)) for unit, balance in lines],
            sums=sums,
            bar_parts=segments(sums),
            as_of=day_asked(self.request),
            acts=list(ENVELOPE_ACTS.values()) if manages else [],
            **kwargs,
        )


ENVELOPE_ACTS = {
    act.name: act
    for act in (
        Act("to-pool", gettext_lazy("Move to the pool"), gettext_lazy("The posts lie in the pool."), forms.AdjustForm,
            lambda user, envelope, values: domain.move_to_pool(actor=user, envelope=envelope, **values),
            hint=gettext_lazy("They stay posts of this envelope and may be lent to any unit.")),
        Act("from-pool", gettext_lazy("Take from the pool"), gettext_lazy("The posts are free again."),
            forms.AdjustForm,
            lambda user, envelope, values: domain.take_from_pool(actor=user, envelope=envelope, **values)),
    )
}  # fmt: skip


class EnvelopeAct(ActPage):
    """One act on an envelope."""

    acts = ENVELOPE_ACTS

    def find(self, request: HttpRequest, **kwargs: Any) -> Envelope:
        return find_envelope(request, kwargs["code"])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*POSTS_HOME, (self.subject.name, self.back())]

    def back(self) -> str:
        return reverse("posts-envelope", args=[self.subject.code])
