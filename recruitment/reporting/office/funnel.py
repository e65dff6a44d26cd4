"""From event to hire: one table by event, one by city, each figure with its share of the stage before."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.policies import in_scope
from campaigns.planning.models import Campaign, Programme
from foundation.ui.office import OfficePage
from recruitment.reporting.dashboard import list_url
from recruitment.reporting.funnel import funnel, terms_of
from recruitment.reporting.metrics import Scope
from recruitment.reporting.policies import FUNNEL_READERS, may_read_funnel


class FunnelPage(OfficePage):
    """The events of one programme and what became of the people they brought."""

    rule = may_read_funnel
    page_title = _("From event to hire")
    template_name = "reporting/funnel.html"

    def find(self, request: HttpRequest, **kwargs: Any) -> Programme:
        if not isinstance(request.user, User):
            raise Http404
        rows = Programme.objects.filter(in_scope(request.user, *FUNNEL_READERS)).select_related("unit")
        return get_object_or_404(rows, code=kwargs["code"])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Figures"), f"{reverse('figures')}?programme={self.subject.code}")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert isinstance(self.request.user, User)
        found = funnel(Scope(self.subject, self.request.user))
        stages = [(stage, list_url(stage.key, self.subject)) for stage in found.stages]
        campaigns = Campaign.objects.filter(programme=self.subject, events__isnull=False).distinct()
        return super().get_context_data(funnel=found, stages=stages, terms=terms_of(campaigns), **kwargs)
