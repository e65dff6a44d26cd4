"""The rules of a campaign: to read by step and version, and to change step by step with the effect shown first."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.office.access import attempt, office_page
from campaigns.planning import domain
from campaigns.planning.domain.locking import newest_rules
from campaigns.planning.domain.rules import RulesRefused, checked_rules, rules_from
from campaigns.planning.models import Campaign, RuleSetVersion
from campaigns.planning.office.campaigns import plannable, visible
from campaigns.planning.office.forms import SourceForm
from campaigns.planning.office.programmes import user_of
from campaigns.planning.office.rule_form import ReasonField, StepForm
from campaigns.planning.policies import may_plan, may_read_campaigns
from campaigns.planning.rule_effects import RuleEffect, effects_of
from campaigns.planning.rule_texts import PROFILES
from campaigns.planning.rule_view import (
    ClauseChange,
    advice_of,
    clause_changes,
    clauses_by_step,
    step_name,
    steps_of,
)
from foundation.errors import DomainError
from foundation.language import rule_language
from rulebook.ruleset import RuleSet
from rulebook.ruleset.diff import describe
from rulebook.ruleset.knobs import steps


@dataclass(frozen=True)
class Effect:
    """What a change does: the knobs in words, the clauses before and after, and who and what it touches."""

    lines: list[str]
    clauses: list[ClauseChange]
    touched: list[RuleEffect]


def effect_of(campaign: Campaign, old: RuleSet, new: RuleSet) -> Effect:
    return Effect(describe(old, new, rule_language()), clause_changes(old, new), effects_of(campaign, old, new))


@office_page(may_read_campaigns)
def rules_page(request: HttpRequest, code: str) -> HttpResponse:
    campaign = get_object_or_404(visible(request), code=code)
    versions = list(campaign.rule_sets.select_related("created_by").order_by("-version"))
    version = _chosen(versions, request.GET.get("version", "")) or versions[0]
    against = _chosen(versions, request.GET.get("against", "")) or _chosen(versions, str(version.version - 1))
    context = {
        "campaign": campaign,
        "version": version,
        "versions": versions,
        "against": against,
        "effect": _between(campaign, against, version) if against and against != version else None,
        "steps": steps_of(version.document, campaign.profile),
        "profile": PROFILES.get(campaign.profile, ""),
        "advice": advice_of(version.document),
        "may_change": bool(may_plan(user_of(request), campaign)) and version == versions[0],
        "page_title": _("Rules"),
    }
    return render(request, "planning/office/rules.html", context)


def _chosen(versions: list[RuleSetVersion], wanted: str) -> RuleSetVersion | None:
    return next((item for item in versions if str(item.version) == wanted), None)


def _between(campaign: Campaign, old: RuleSetVersion, new: RuleSetVersion) -> Effect:
    return effect_of(campaign, RuleSet.model_validate(old.document), RuleSet.model_validate(new.document))


@office_page(may_plan)
def rules_take_over(request: HttpRequest, code: str) -> HttpResponse:
    """The rules of another campaign for one that is not published: first what would change is shown, then saved."""
    campaign = plannable(request, code)
    version = newest_rules(campaign)
    others = visible(request).filter(track=campaign.track).exclude(pk=campaign.pk).order_by("-created_at")
    form = SourceForm(request.POST or None, campaigns=others)
    effect = None
    if form.is_valid() and not version.frozen_at:
        source = form.cleaned_data["source"]
        effect = effect_of(campaign, RuleSet.model_validate(version.document), rules_from(campaign, source))
        done = _("The rules were saved.")
        if "save" in request.POST and attempt(request, domain.take_over_rules, done, campaign=campaign, source=source):
            return redirect("planning-rules", code)
    context = {
        "campaign": campaign,
        "form": form,
        "version": version,
        "effect": effect,
        "crumbs": [(_("Rules"), reverse("planning-rules", args=[code]))],
        "page_title": _("Take over the rules of another campaign"),
    }
    return render(request, "planning/office/rules_take_over.html", context)


@office_page(may_plan)
def rules_step(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """One step: first the effect of what was entered is shown, then it is saved."""
    campaign = plannable(request, code)
    if step not in steps():
        raise Http404
    version = newest_rules(campaign)
    rules = RuleSet.model_validate(version.document)
    form = StepForm(request.POST or None, rules=rules, step=step)
    if version.frozen_at:
        form.fields["reason"] = ReasonField()
    effect = None
    if form.is_valid():
        effect = _looked_at(campaign, form)
        if effect and "save" in request.POST and _saved(request, campaign, form, frozen=bool(version.frozen_at)):
            return redirect("planning-rules", code)
    names = steps()
    at = names.index(step)
    context = {
        "campaign": campaign,
        "form": form,
        "step": step,
        "version": version,
        "effect": effect,
        "clauses": clauses_by_step(rules).get(step, []),
        "before": (names[at - 1], step_name(names[at - 1])) if at else None,
        "after": (names[at + 1], step_name(names[at + 1])) if at + 1 < len(names) else None,
        "crumbs": [(_("Rules"), reverse("planning-rules", args=[code]))],
        "page_title": step_name(step),
    }
    return render(request, "planning/office/rules_step.html", context)


def _looked_at(campaign: Campaign, form: StepForm) -> Effect | None:
    """The effect of what was entered; None with the mistakes at their fields."""
    try:
        new = checked_rules(form.rules.model_dump(mode="json"), form.changes())
    except RulesRefused as refusal:
        form.show_mistakes(refusal.by_field)
        return None
    return effect_of(campaign, form.rules, new)


def _saved(request: HttpRequest, campaign: Campaign, form: StepForm, *, frozen: bool) -> bool:
    verb: Any = domain.amend_rules if frozen else domain.change_rules
    reason = {"reason": form.cleaned_data["reason"]} if frozen else {}
    try:
        verb(actor=user_of(request), campaign=campaign, changes=form.changes(), **reason)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, _("The rules were saved."))
    return True
