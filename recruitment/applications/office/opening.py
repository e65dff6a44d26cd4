"""The page on which the opening ratio is checked: first what it would do, then the decision."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from campaigns.planning.enums import CampaignState, Track
from campaigns.planning.models import Campaign
from campaigns.planning.queries import campaigns_visible_to, is_registration_open, rules_of
from campaigns.planning.rule_view import clauses_by_step
from foundation.language import rule_language
from foundation.ui.components import Figure
from foundation.ui.office import OfficePage
from foundation.ui.work import hand_over
from recruitment.applications.domain.opening import rechoosing_until
from recruitment.applications.effect import effective
from recruitment.applications.enums import ApplicationState
from recruitment.applications.models import Application
from recruitment.applications.opening import OpeningLine, opening_lines, remedy_of, undecided
from recruitment.applications.policies import may_check_opening
from recruitment.applications.tasks import extension, merger, opening_ratio

PAGE = 50
WORKS = {"extend": extension, "merge": merger}


class OpeningForm(forms.Form):
    document = forms.CharField(label=gettext_lazy("Number of the decision"), max_length=100)
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500)


class MergeForm(OpeningForm):
    """Which position goes into which other of its unit."""

    source = forms.TypedChoiceField(label=gettext_lazy("Position that is merged"), coerce=int)
    target = forms.TypedChoiceField(label=gettext_lazy("Into"), coerce=int)

    def __init__(self, *args: Any, lines: Sequence[OpeningLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        short = [line.position for line in lines if line.result.outcome == "merge"]
        units = {position.unit_id for position in short}
        others = [line.position for line in lines if line.position.unit_id in units]
        for name, positions in (("source", short), ("target", others)):
            choices = [(row.pk, f"{row.unit} {row}") for row in positions]
            self.fields[name].choices = choices  # type: ignore[attr-defined]


def due(user: User) -> QuerySet[Campaign]:
    """Exams of the person's units whose registration is over and whose ratio is not checked yet."""
    rows = campaigns_visible_to(user).filter(state=CampaignState.PUBLISHED, track=Track.PUBLIC_EXAM)
    return rows.filter(registration_closes_at__lte=timezone.now()).order_by("registration_closes_at", "pk")


class OpeningRatio(OfficePage):
    """Positions with their valid applicants and what the rules make of them; the act asks for its document."""

    rule = may_check_opening
    page_title = gettext_lazy("Opening ratio")
    template_name = "applications/office/opening.html"

    def find(self, request: HttpRequest, **kwargs: Any) -> Campaign:
        user = request.user
        if not isinstance(user, User) or not may_check_opening(user):
            raise Http404
        rows = campaigns_visible_to(user).filter(published_at__isnull=False).exclude(track=Track.OPEN_CHALLENGE)
        return get_object_or_404(rows.select_related("unit"), code=kwargs["code"])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(self.subject.name, f"/admin/planning/campaigns/{self.subject.code}/")]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        act = request.POST.get("act", "")
        form = (
            MergeForm(request.POST, lines=opening_lines(self.subject)) if act == "merge" else OpeningForm(request.POST)
        )
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        work = WORKS.get(act, opening_ratio)
        return hand_over(request, work, self.subject, what=self.page_title, told=form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        campaign, lines = self.subject, opening_lines(self.subject)
        short = [line for line in lines if line.result.outcome not in ("kept",)]
        gone = [line for line in lines if line.result.outcome == "cancelled"]
        in_force = rules_of(campaign)
        told = Application.objects.filter(
            position__in=[line.position for line in gone], state=ApplicationState.EFFECTIVE
        )
        told = effective(told, in_force.registration)
        rules, until = in_force.opening_ratio, rechoosing_until(campaign)
        remedy = remedy_of(lines, rules)
        may_merge = any(line.result.outcome == "merge" for line in lines)
        kwargs.setdefault("form", MergeForm(lines=lines) if may_merge else OpeningForm())
        return super().get_context_data(
            figures=[
                Figure(_("Positions"), len(lines)),
                Figure(_("Reduced"), sum(line.result.outcome == "reduced" for line in lines)),
                Figure(_("Cancelled"), len(gone)),
                Figure(_("Posts released"), sum(line.lost for line in lines)),
            ],
            page=Paginator(short, PAGE).get_page(self.request.GET.get("page")),
            remedy=remedy.text(rule_language()) if remedy else "",
            may_merge=may_merge,
            may_extend=any(line.result.outcome == "extend_registration" for line in lines),
            affected=told.count(),
            rules=rules,
            clauses=[clause.text for clause in clauses_by_step(in_force).get("opening_ratio", ())],
            until=until,
            waiting=undecided(campaign),
            is_open=is_registration_open(campaign, timezone.now()),
            is_due=campaign.state == CampaignState.PUBLISHED,
            **kwargs,
        )
