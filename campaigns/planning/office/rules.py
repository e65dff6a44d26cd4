"""The rules of a campaign: to read by step, and the main ones to change."""

from collections.abc import Mapping
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.office.access import office_page
from campaigns.planning import domain
from campaigns.planning.domain.locking import newest_rules
from campaigns.planning.domain.rules import RulesRefused
from campaigns.planning.models import Campaign, RuleSetVersion
from campaigns.planning.office.campaigns import plannable, visible
from campaigns.planning.policies import may_plan, may_read_campaigns
from campaigns.planning.rule_texts import PROFILES
from campaigns.planning.rule_view import differences, label, path_name, sections_of
from foundation.errors import DomainError
from rulebook.ruleset import RuleSet

MAIN = (
    "registration.open_days", "registration.review_days_after_close", "registration.fee_days_after_close",
    "registration.review_sla_hours", "eligibility.age_reading", "eligibility.fresh_definition",
    "eligibility.diploma_deadline", "eligibility.degree_deadline", "fee.per_subject", "opening_ratio.k",
    "opening_ratio.basis", "opening_ratio.on_fail", "shortlist.ratio", "shortlist.ties", "shortlist.min_line.kind",
    "shortlist.min_line.value", "interview.panel_size", "interview.trim_high", "interview.trim_low",
    "interview.pass_line", "interview.no_competition.line", "medical.ratio", "inspection.members", "notice.days",
    "notice.unit", "service.contract_years", "service.probation_months", "service.min_service_years",
    "challenge.window_days", "challenge.threshold",
)  # fmt: skip
WEIGHT = "total.weight."


def _annotation(path: str) -> tuple[Any, bool]:
    """The plain type of a rule, and whether it may be left empty."""
    model: Any = RuleSet
    for part in path.split("."):
        field = model.model_fields[part]
        model = field.annotation
    if get_origin(model) in (Union, UnionType):
        return next(kind for kind in get_args(model) if kind is not type(None)), True
    return model, False


def _field(path: str) -> forms.Field:
    kind, optional = _annotation(path)
    common: dict[str, Any] = {"label": path_name(path), "required": not optional}
    if get_origin(kind) is Literal:
        return forms.ChoiceField(choices=[(value, label("values", value)) for value in get_args(kind)], **common)
    if kind is int or (get_origin(kind) is not None and get_args(kind)[0] is int):
        return forms.IntegerField(**common)
    if kind is str:
        return forms.CharField(max_length=40, **common)
    return forms.DecimalField(max_digits=8, decimal_places=4, **common)


class RulesForm(forms.Form):
    """The main rules and the weights of the total; a reason once the rules are published."""

    def __init__(self, *args: Any, version: RuleSetVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        parts = version.document["total"]["parts"]
        for path in MAIN:
            self.fields[path] = _field(path)
            self.initial.setdefault(path, _at(version.document, path))
        for part in parts if len(parts) > 1 else ():
            name = label("values", part["name"])
            self.fields[WEIGHT + part["name"]] = forms.DecimalField(
                label=_("Weight of the %(part)s, per cent") % {"part": name}, min_value=1, max_value=99
            )
            self.initial.setdefault(WEIGHT + part["name"], (Decimal(part["weight"]) * 100).normalize())
        if version.frozen_at:
            self.fields["reason"] = forms.CharField(
                label=gettext_lazy("Reason of the amendment"), widget=forms.Textarea(attrs={"rows": 2})
            )

    def changes(self) -> dict[str, Any]:
        """What differs from the stored rules, section by section, in the form the verbs take."""
        found: dict[str, Any] = {}
        for path in MAIN:
            value = _plain(self.cleaned_data[path])
            if value != _plain(_at(self.version.document, path)):
                _put(found, path, value)
        parts = self.version.document["total"]["parts"]
        wanted = [self._part(part) for part in parts]
        if wanted != parts:
            _put(found, "total.parts", wanted)
        return found

    def _part(self, part: Mapping[str, Any]) -> dict[str, Any]:
        share = self.cleaned_data.get(WEIGHT + part["name"])
        if share is None or share / 100 == Decimal(part["weight"]):
            return dict(part)
        return {**part, "weight": str(share / 100)}


def _at(document: Mapping[str, Any], path: str) -> Any:
    found: Any = document
    for part in path.split("."):
        found = found[part]
    return found


def _put(document: dict[str, Any], path: str, value: Any) -> None:
    *above, name = path.split(".")
    for part in above:
        document = document.setdefault(part, {})
    document[name] = value


def _plain(value: Any) -> Any:
    """A number as the stored rules write it, so that 3 and 3.0 are the same."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return None if value == "" else value


@office_page(may_read_campaigns)
def rules_page(request: HttpRequest, code: str) -> HttpResponse:
    campaign = get_object_or_404(visible(request), code=code)
    versions = list(campaign.rule_sets.select_related("created_by").order_by("-version"))
    wanted = request.GET.get("version", "")
    version = next((item for item in versions if str(item.version) == wanted), versions[0])
    before = next((item for item in versions if item.version == version.version - 1), None)
    context = {
        "campaign": campaign,
        "version": version,
        "versions": versions,
        "sections": sections_of(version.document, campaign.profile),
        "profile": PROFILES.get(campaign.profile, ""),
        "amended": differences(version.document, before.document) if before else [],
        "may_plan": bool(may_plan(request.user, campaign)),  # type: ignore[arg-type]
        "page_title": _("Rules"),
    }
    return render(request, "planning/office/rules.html", context)


@office_page(may_plan)
def rules_edit(request: HttpRequest, code: str) -> HttpResponse:
    campaign = plannable(request, code)
    form = RulesForm(request.POST or None, version=newest_rules(campaign))
    if request.method == "POST" and form.is_valid() and _saved(request, campaign, form):
        return redirect("planning-rules", code)
    context = {"form": form, "campaign": campaign, "page_title": _("Change the rules")}
    return render(request, "planning/office/form.html", context)


def _saved(request: HttpRequest, campaign: Campaign, form: RulesForm) -> bool:
    """Change or amend; a refusal is shown at the field it is about."""
    changes = form.changes()
    try:
        if form.version.frozen_at:
            domain.amend_rules(
                actor=request.user,  # type: ignore[arg-type]
                campaign=campaign,
                changes=changes,
                reason=form.cleaned_data["reason"],
            )
        else:
            domain.change_rules(actor=request.user, campaign=campaign, changes=changes)  # type: ignore[arg-type]
    except RulesRefused as refusal:
        for path, text in refusal.by_field.items():
            form.add_error(path if path in form.fields else None, text)
        return False
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, _("The rules were saved."))
    return True
