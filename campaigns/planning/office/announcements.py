"""The announcement: written, approved by another person, amended after publication."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.office.access import attempt, office_page
from campaigns.planning import domain
from campaigns.planning.domain.announcements import newest_announcement
from campaigns.planning.enums import AnnouncementState
from campaigns.planning.models import Announcement, Campaign
from campaigns.planning.office.campaigns import plannable, visible
from campaigns.planning.office.forms import AnnouncementForm
from campaigns.planning.office.programmes import user_of
from campaigns.planning.office.rules import Effect, effect_of
from campaigns.planning.policies import may_plan, may_publish, may_read_campaigns
from campaigns.planning.queries import published_announcement
from campaigns.planning.rule_view import printed_clauses
from rulebook.ruleset import RuleSet


@office_page(may_read_campaigns)
def announcement_page(request: HttpRequest, code: str) -> HttpResponse:
    user = user_of(request)
    campaign = get_object_or_404(visible(request), code=code)
    versions = list(campaign.announcements.select_related("drafted_by", "approved_by", "rule_set").order_by("-version"))
    newest = versions[0] if versions else None
    wanted = request.GET.get("version", "")
    drafter = newest.drafted_by_id if newest and newest.state == AnnouncementState.DRAFT else None
    shown = next((item for item in versions if str(item.version) == wanted), newest)
    context = {
        "campaign": campaign,
        "versions": versions,
        "clauses": printed_clauses(shown.rule_set.document) if shown else [],
        "effect": _effect_of_amendment(campaign, newest),
        "newest": newest,
        "announcement": shown,
        "may_plan": bool(may_plan(user, campaign)),
        "may_approve": drafter not in (None, user.pk) and bool(may_publish(user, campaign)),
        "waits_for_second": drafter == user.pk,
        "may_amend": bool(may_publish(user, campaign))
        and newest is not None
        and newest.state == AnnouncementState.APPROVED
        and campaign.published_at is not None,
        "page_title": _("Announcement"),
    }
    return render(request, "planning/office/announcement.html", context)


def _effect_of_amendment(campaign: Campaign, newest: Announcement | None) -> Effect | None:
    """What would change with an amendment that waits for approval or publication."""
    waits = newest is not None and newest.state in (AnnouncementState.DRAFT, AnnouncementState.APPROVED)
    published = published_announcement(campaign) if waits else None
    if newest is None or published is None or published.rule_set_id == newest.rule_set_id:
        return None
    old, new = (RuleSet.model_validate(item.rule_set.document) for item in (published, newest))
    return effect_of(campaign, old, new)


@office_page(may_plan)
def announcement_edit(request: HttpRequest, code: str) -> HttpResponse:
    campaign = plannable(request, code)
    newest = newest_announcement(campaign)
    initial = {"title": newest.title, "body": newest.body, "reason": newest.reason} if newest else {}
    amends = campaign.published_at is not None
    form = AnnouncementForm(request.POST or None, initial=initial, amends=amends)
    if form.is_valid() and attempt(
        request, domain.draft_announcement, _("The draft was saved."), campaign=campaign, **form.cleaned_data
    ):
        return redirect("planning-announcement", code)
    context = {"form": form, "campaign": campaign, "page_title": _("Write the announcement")}
    return render(request, "planning/office/form.html", context)


@require_POST
@office_page(may_publish)
def announcement_approve(request: HttpRequest, code: str, version: int) -> HttpResponse:
    campaign = get_object_or_404(visible(request), code=code)
    announcement = get_object_or_404(Announcement, campaign=campaign, version=version)
    attempt(
        request, domain.approve_announcement, _("The announcement was approved."), announcement=announcement
    )  # fmt: skip
    return redirect("planning-announcement", code)


@require_POST
@office_page(may_publish)
def amendment_publish(request: HttpRequest, code: str) -> HttpResponse:
    campaign = get_object_or_404(visible(request), code=code)
    attempt(request, domain.publish_amendment, _("The amendment is public."), campaign=campaign)
    return redirect("planning-announcement", code)
