"""Campaigns: the list, the home of each one, its dates and the acts on it."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.office.access import attempt, office_page
from campaigns.planning import domain
from campaigns.planning.domain.announcements import newest_announcement
from campaigns.planning.domain.plans import shortages
from campaigns.planning.enums import CampaignState, Track
from campaigns.planning.milestones import LABELS
from campaigns.planning.models import Campaign
from campaigns.planning.office.acts import BY_NAME, acts_of, leading_act
from campaigns.planning.office.forms import CampaignEditForm, CampaignForm, CloneForm, MilestoneForm
from campaigns.planning.office.programmes import planned_by, user_of
from campaigns.planning.policies import may_advance, may_plan, may_read_campaigns
from campaigns.planning.queries import (
    campaigns_visible_to,
    is_registration_open,
    positions_visible_to,
    rule_set_in_force,
    timeline_of,
    with_counts,
)
from campaigns.planning.rule_view import summary_of
from foundation.jobs.work import Work
from foundation.ui.work import hand_over
from rulebook.ruleset import profiles

PAGE = 30
SUMMARY = {
    Track.PUBLIC_EXAM: (
        "registration.open_days", "opening_ratio.k", "written.papers", "shortlist.ratio", "shortlist.ties",
        "interview.panel_size", "interview.pass_line", "total.parts", "notice.days", "notice.unit",
        "service.min_service_years",
    ),
    Track.COMPETITIVE_SELECTION: (
        "selection.material_items", "interview.panel_size", "interview.pass_line", "total.parts", "slots.hold_point",
        "notice.days", "notice.unit", "service.min_service_years",
    ),
    Track.OPEN_CHALLENGE: (
        "challenge.window_days", "challenge.threshold", "challenge.criteria", "challenge.milestones",
        "challenge.single_bid",
    ),
}  # fmt: skip


def visible(request: HttpRequest) -> QuerySet[Campaign]:
    """Campaigns the person may know of, with what every page of one shows."""
    return campaigns_visible_to(user_of(request)).select_related("programme", "unit")


def plannable(request: HttpRequest, code: str) -> Campaign:
    """The campaign, if the person may plan it; 404 otherwise."""
    campaign = get_object_or_404(visible(request), code=code)
    if not may_plan(user_of(request), campaign):
        raise Http404
    return campaign


@office_page(may_read_campaigns)
def campaign_list(request: HttpRequest) -> HttpResponse:
    words, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    rows = with_counts(visible(request)).order_by("-created_at")
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(code__icontains=words))
    if state in CampaignState.values:
        rows = rows.filter(state=state)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "words": words,
        "state": state,
        "states": CampaignState.choices,
        "query": f"q={words}&state={state}",
        "may_plan": may_plan(user_of(request)),
        "page_title": _("Campaigns"),
    }
    return render(request, "planning/office/campaigns.html", context)


@office_page(may_plan)
def campaign_add(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    form = CampaignForm(request.POST or None, user=user, programmes=planned_by(user))
    if form.is_valid():
        track = profiles.get(form.cleaned_data["profile"]).track
        campaign = attempt(
            request, domain.create_campaign, _("The campaign was created."), track=track, **form.cleaned_data
        )
        if campaign:
            return redirect("planning-campaign", campaign.code)
    return _form(request, form, _("New campaign"))


def _form(request: HttpRequest, form: Any, title: str, campaign: Campaign | None = None) -> HttpResponse:
    context = {"form": form, "page_title": title, "campaign": campaign}
    return render(request, "planning/office/form.html", context)


@office_page(may_read_campaigns)
def campaign_page(request: HttpRequest, code: str) -> HttpResponse:
    user = user_of(request)
    campaign = get_object_or_404(visible(request), code=code)
    now = timezone.now()
    version = rule_set_in_force(campaign)
    leading = leading_act(campaign)
    acts = acts_of(user, campaign)
    context = {
        "campaign": campaign,
        "steps": timeline_of(campaign, now),
        "counts": positions_visible_to(user)
        .filter(campaign=campaign)
        .aggregate(
            positions=Count("pk"),
            heads=Sum("headcount_effective", default=0),
            units=Count("unit", distinct=True),
            ask=Count("pk", filter=Q(needs_person=True)),
        ),
        "version": version,
        "rules": summary_of(version.document, SUMMARY[Track(campaign.track)]) if version else [],
        "announcement": newest_announcement(campaign),
        "leading": leading,
        "may_lead": leading in acts,
        "others": [act for act in acts if act is not leading],
        "shortages": shortages(campaign) if campaign.published_at is None else [],
        "is_open": is_registration_open(campaign, now),
        "may_plan": bool(may_plan(user, campaign)),
        "may_advance": bool(may_advance(user, campaign)) and campaign.published_at is not None,
        "page_title": campaign.name,
    }
    return render(request, "planning/office/campaign.html", context)


@office_page(may_plan)
def campaign_edit(request: HttpRequest, code: str) -> HttpResponse:
    campaign = plannable(request, code)
    initial = {name: getattr(campaign, name) for name in ("name", "name_en", "batch_group")}
    form = CampaignEditForm(request.POST or None, initial=initial)
    if form.is_valid() and attempt(
        request, domain.edit_campaign, _("The campaign was changed."), campaign=campaign, **form.cleaned_data
    ):
        return redirect("planning-campaign", code)
    return _form(request, form, campaign.name, campaign)


@office_page(may_plan)
def campaign_clone(request: HttpRequest, code: str) -> HttpResponse:
    campaign = plannable(request, code)
    form = CloneForm(
        request.POST or None, programmes=planned_by(user_of(request)), initial={"programme": campaign.programme_id}
    )
    if form.is_valid():
        clone = attempt(
            request, domain.clone_campaign, _("The campaign was created."), campaign=campaign, **form.cleaned_data
        )
        if clone:
            return redirect("planning-campaign", clone.code)
    return _form(request, form, _("New campaign from “%(name)s”") % {"name": campaign}, campaign)


@office_page(may_plan)
def milestone_edit(request: HttpRequest, code: str, key: str) -> HttpResponse:
    campaign = plannable(request, code)
    milestone = get_object_or_404(campaign.milestones, key=key)
    initial = {"starts_at": milestone.starts_at, "ends_at": milestone.ends_at}
    form = MilestoneForm(request.POST or None, initial=initial)
    if form.is_valid() and attempt(
        request, domain.set_milestone, _("The date was set."), campaign=campaign, key=key, **form.cleaned_data
    ):
        return redirect("planning-campaign", code)
    return _form(request, form, str(LABELS[key]), campaign)


@require_POST
@office_page(may_advance)
def milestone_happened(request: HttpRequest, code: str, key: str) -> HttpResponse:
    campaign = get_object_or_404(visible(request), code=code)
    attempt(request, domain.mark_happened, _("The step was recorded."), campaign=campaign, key=key)
    return redirect("planning-campaign", code)


@office_page(may_read_campaigns)
def campaign_act(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Show what an act will change and do it once confirmed; 404 for an act the person may not do."""
    campaign = get_object_or_404(visible(request), code=code)
    act = BY_NAME.get(name)
    if act is None or not act.rule(user_of(request), campaign):
        raise Http404
    form = act.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if isinstance(act.verb, Work):
            return hand_over(request, act.verb, campaign, what=act.label, told=form.cleaned_data)
        if attempt(request, act.verb, str(act.done), campaign=campaign, **form.cleaned_data):
            return redirect("planning-campaign", code)
    context = {"campaign": campaign, "act": act, "effects": act.effect(campaign), "form": form, "page_title": act.label}
    return render(request, "planning/office/act.html", context)
