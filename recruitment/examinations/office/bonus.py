"""Claims of bonus: the register across exams, and the page on which one is decided."""

from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from accounts import audit
from accounts.duties import another_person
from accounts.models import User
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.dates import moment
from foundation.errors import DomainError
from foundation.language import rule_language
from foundation.ui.components import Fact
from foundation.ui.office import OfficePage
from foundation.ui.registers import Cell, ScopedModelViewSet, Title
from recruitment.applications.domain import declare_recusal
from recruitment.examinations import domain
from recruitment.examinations.bonus import (
    TONES,
    bonus_sentences,
    claims_visible_to,
    frozen_bonus,
    ground_name,
    is_ranked,
    knobs_of,
    points_of,
    service_words,
    together,
)
from recruitment.examinations.models import BonusClaim, BonusReason, BonusState
from recruitment.examinations.office.pages import user_of
from recruitment.examinations.policies import may_decide_bonus, may_read_bonus
from recruitment.examinations.queries import exams_visible_to
from rulebook.bonus import item_of
from rulebook.explanation import RuleError
from rulebook.ruleset import RuleSet


def register_url(exam: Campaign) -> str:
    """The register with the claims of one exam."""
    return f"{reverse('bonus_claims:index')}?campaign={exam.code}"


def _exams(request: HttpRequest | None) -> QuerySet[Campaign]:
    return exams_visible_to(user_of(request)) if request else Campaign.objects.none()


class ClaimFilter(WagtailFilterSet):
    state = django_filters.ChoiceFilter(choices=BonusState.choices, label=gettext_lazy("State"))
    campaign = django_filters.ModelChoiceFilter(
        queryset=_exams, field_name="application__campaign", to_field_name="code", label=gettext_lazy("Exam")
    )

    class Meta:
        model = BonusClaim
        fields: list[str] = []


def _ground(claim: BonusClaim) -> str:
    return ground_name(claim.ground)


def _service(claim: BonusClaim) -> str:
    months = claim.months if claim.months_proved is None else claim.months_proved
    return service_words(months) if months else "—"


def _points(claim: BonusClaim) -> str:
    """By the rules in force: what it gives, or for one that waits what it would give."""
    rules = frozen_bonus(claim.application.campaign)
    points = points_of(claim, rules) if rules and claim.state in (BonusState.OPEN, BonusState.ACCEPTED) else None
    return "—" if points is None else f"{points:.2f}"


def _state(claim: BonusClaim) -> str:
    return format_html(
        '<span class="pill pill--{}">{}</span>', TONES[BonusState(claim.state)], claim.get_state_display()
    )


class BonusClaims(ScopedModelViewSet):
    """Every claim of the exams a person covers, the longest waiting first; numbers, no names."""

    model = BonusClaim
    name = "bonus_claims"
    url_prefix = "bonus-claims"
    icon = "plus"
    page_title = gettext_lazy("Claims of bonus")
    above = ((gettext_lazy("Exams"), "exams"),)
    view_rule = may_read_bonus
    inspect_view_enabled = False
    list_related = ("application__position__unit", "application__campaign")
    search_fields = ["application__registration_no", "application__ticket_no", "application__position__code"]
    filterset_class = ClaimFilter
    ordering = ("claimed_at", "pk")
    export_filename = "bonus-claims"
    list_display = [
        Title(
            "application", label=gettext_lazy("Registration number"), accessor="application.registration_no",
            url_name="bonus-claim",
        ),
        Cell("position", label=gettext_lazy("Position"), accessor=lambda row: row.application.position),
        Cell("ground", label=gettext_lazy("Ground of bonus"), accessor=_ground),
        Cell("months", label=gettext_lazy("Service"), accessor=_service, classname="brief"),
        Cell("points", label=gettext_lazy("Points"), accessor=_points, classname="num"),
        Cell("claimed_at", label=gettext_lazy("Claimed"), accessor=lambda row: moment(row.claimed_at)),
        Cell("state", label=gettext_lazy("State"), accessor=_state, classname="brief"),
    ]  # fmt: skip
    list_export = [
        "application.registration_no", "application.ticket_no", "application.position.code", "ground", "months",
        "months_proved", "get_state_display", "get_reason_code_display", "claimed_at", "decided_at",
    ]  # fmt: skip
    export_headings = {
        "application.registration_no": gettext_lazy("Registration number"),
        "application.ticket_no": gettext_lazy("Ticket number"),
        "application.position.code": gettext_lazy("Position code"),
        "get_state_display": gettext_lazy("State"),
        "get_reason_code_display": gettext_lazy("Reason"),
    }

    def scope_of(self, user: Any) -> QuerySet[BonusClaim]:
        return claims_visible_to(user)

    def listed(self, rows: QuerySet[BonusClaim]) -> QuerySet[BonusClaim]:
        return rows.prefetch_related("application__campaign__rule_sets")

    def exporting(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        user = user_of(request)
        audit.record(actor=user, action="examinations.export_bonus", subject=user, after={"rows": rows.count()})
        return rows


class GrantForm(forms.Form):
    """The service that is proved, asked only for a ground with points per year."""

    years = forms.IntegerField(label=gettext_lazy("Full years proved"), min_value=0, max_value=50)
    months = forms.IntegerField(label=gettext_lazy("and months beyond them"), min_value=0, max_value=11, required=False)

    def __init__(self, *args: Any, counts_years: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not counts_years:
            self.fields.clear()

    def values(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {"months": (told.get("years") or 0) * 12 + (told.get("months") or 0)}


class RefusalForm(forms.Form):
    """Why nothing is granted: a code from the list, and words the applicant reads."""

    reason_code = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=[("", gettext_lazy("Please choose")), *BonusReason.choices]
    )
    reason = forms.CharField(
        label=gettext_lazy("In words, for the applicant"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500,
        help_text=gettext_lazy("What is wrong, by which clause, and what would be right."),
    )  # fmt: skip

    def values(self) -> dict[str, Any]:
        return self.cleaned_data


class WordsForm(forms.Form):
    """Why a decision is taken back, or how one is related."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="words_%s", **kwargs)

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def values(self) -> dict[str, Any]:
        return self.cleaned_data


class ClaimPage(OfficePage):
    """One claim with its proof and the rules; then the decision, or why this person does not take it."""

    rule = may_read_bonus
    template_name = "examinations/office/bonus_claim.html"
    subject: BonusClaim

    @property
    def page_title(self) -> str:  # type: ignore[override]
        return _("Claim of bonus %(number)s") % {"number": self.subject.application.registration_no}

    def find(self, request: HttpRequest, **kwargs: Any) -> BonusClaim:
        related = ("application__position__unit", "application__campaign", "application__candidate", "document__file",
                   "decided_by", "entered_by")  # fmt: skip
        people = ("application__recusals", "application__candidate__relatives")
        rows = claims_visible_to(user_of(request)).select_related(*related).prefetch_related(*people)
        return get_object_or_404(rows, pk=kwargs["pk"])

    def crumbs(self) -> list[tuple[str | Promise, str]]:
        exam = self.subject.application.campaign
        return [
            (gettext_lazy("Exams"), reverse("exams")), (exam.name, reverse("exam", args=[exam.code])),
            (gettext_lazy("Claims of bonus"), register_url(exam)),
        ]  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        claim = self.subject
        campaign, rules = claim.application.campaign, rules_of(claim.application.campaign)
        user, ranked = user_of(self.request), is_ranked(campaign)
        decision = (may_decide_bonus & another_person(claim.entered_by_id))(user, claim.application)
        counted = _counts_years(claim, rules)
        proved = {"years": claim.months // 12, "months": claim.months % 12}
        forms_shown = {"grant": GrantForm(counts_years=counted, initial=proved), "refusal": RefusalForm()}
        forms_shown |= {"words": WordsForm(), **kwargs.pop("sent", {})}
        waiting = claims_visible_to(user).filter(application__campaign=campaign, state=BonusState.OPEN)
        return super().get_context_data(
            claim=claim,
            facts=_facts(claim),
            ground=ground_name(claim.ground),
            tone=TONES[BonusState(claim.state)],
            counts_years=counted,
            points=points_of(claim, knobs_of(rules)),
            sentences=bonus_sentences(rules),
            others=_others(claim, rules),
            used=_used_before(claim, self.request),
            is_ranked=ranked,
            may_decide=bool(decision) and not ranked,
            denial=decision.reason,
            failed=next((form for form in forms_shown.values() if form.errors), None),
            following=waiting.exclude(pk=claim.pk).order_by("claimed_at", "pk").first(),
            **forms_shown,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.POST.get("act", "")
        if name not in ACTS:
            form = forms.Form({})
            form.add_error(None, _("Choose whether to grant the claim or not. Nothing was saved."))
            return self._again({"words": form})
        shown, verb, done = ACTS[name]
        counted = _counts_years(self.subject, rules_of(self.subject.application.campaign))
        form = GrantForm(request.POST, counts_years=counted) if shown == "grant" else FORMS[shown](request.POST)
        if not form.is_valid():
            return self._again({shown: form})
        try:
            verb(user_of(request), self.subject, form.values())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            return self._again({shown: form})
        messages.success(request, str(done))
        return HttpResponseRedirect(request.path)

    def _again(self, sent: dict[str, forms.Form]) -> HttpResponse:
        return self.render_to_response(self.get_context_data(sent=sent), status=422)


def _related(actor: User, claim: BonusClaim, told: dict[str, Any]) -> None:
    declare_recusal(actor=actor, application=claim.application, user=actor, reason=told["reason"])


def _verb(verb: Callable[..., Any]) -> Callable[[User, BonusClaim, dict[str, Any]], Any]:
    return lambda actor, claim, told: verb(actor=actor, claim=claim, **told)


FORMS: dict[str, type[RefusalForm | WordsForm]] = {"refusal": RefusalForm, "words": WordsForm}
# Act → (the form it is sent with, what it does, what is said when it is done).
ACTS: dict[str, tuple[str, Callable[[User, BonusClaim, dict[str, Any]], Any], Promise]] = {
    "accept": ("grant", _verb(domain.accept_claim), gettext_lazy("Granted. The applicant has been told.")),
    "reject": ("refusal", _verb(domain.reject_claim), gettext_lazy("Not granted. The applicant has been told.")),
    "reopen": (
        "words", _verb(domain.reopen_claim), gettext_lazy("The decision is taken back. The applicant has been told."),
    ),
    "recuse": ("words", _related, gettext_lazy("Recorded. Someone else decides on this application.")),
}  # fmt: skip


def _counts_years(claim: BonusClaim, rules: RuleSet) -> bool:
    """Whether this ground gives points for years; False for one that the rules do not have any more."""
    try:
        return bool(item_of(claim.ground, knobs_of(rules)).per_year)
    except RuleError:
        return False


def _facts(claim: BonusClaim) -> list[Fact]:
    person = claim.application
    facts = [
        Fact(gettext_lazy("Full name"), person.candidate.name),
        Fact(gettext_lazy("Registration number"), person.registration_no),
        Fact(gettext_lazy("Ticket number"), person.ticket_no or "—"),
        Fact(gettext_lazy("Position"), f"{person.position.code} {person.position.name}"),
        Fact(gettext_lazy("Unit"), person.position.unit),
        Fact(gettext_lazy("State of the application"), person.get_state_display()),
        Fact(gettext_lazy("Ground of bonus"), ground_name(claim.ground)),
    ]
    if claim.entered_by:
        facts.append(Fact(gettext_lazy("Entered by"), claim.entered_by))
    if claim.months:
        facts.append(Fact(gettext_lazy("Service claimed"), service_words(claim.months)))
    if claim.months_proved:
        facts.append(Fact(gettext_lazy("Service proved"), service_words(claim.months_proved)))
    return facts


def _others(claim: BonusClaim, rules: RuleSet) -> dict[str, Any]:
    """The other grounds claimed for the application, and what all that were granted give together."""
    rows = list(claim.application.bonus_claims.exclude(state=BonusState.WITHDRAWN).order_by("pk"))
    result = together([row for row in rows if row.state == BonusState.ACCEPTED], knobs_of(rules))
    return {
        "rows": [(row, ground_name(row.ground), TONES[BonusState(row.state)]) for row in rows if row.pk != claim.pk],
        "lines": result.explanation.lines(rule_language()) if result else [],
    }


def _used_before(claim: BonusClaim, request: HttpRequest) -> list[BonusClaim]:
    """The same ground granted to the same person for an application that led on to an appointment (R42)."""
    rows = claims_visible_to(user_of(request)).filter(
        application__candidate=claim.application.candidate_id, application__state="handed_over", ground=claim.ground,
        state=BonusState.ACCEPTED,
    )  # fmt: skip
    return list(rows.exclude(pk=claim.pk).select_related("application__campaign").order_by("pk"))
