"""A claim of bonus for a person without an account: an office enters it with the paper that proves it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.policies import Decision
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.errors import DomainError
from recruitment.applications.models import Application
from recruitment.examinations import domain
from recruitment.examinations.bonus import bonus_sentences, ground_name, is_window_open, knobs_of
from recruitment.examinations.office.bonus import register_url
from recruitment.examinations.office.pages import ExamPage, user_of
from recruitment.examinations.policies import may_decide_bonuses
from rulebook.ruleset.examination import BonusRules


class EntryForm(forms.Form):
    """Whose claim it is, the ground, the service on paper and its proof; the verb decides."""

    ticket = forms.CharField(
        label=gettext_lazy("Ticket number"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    ground = forms.ChoiceField(label=gettext_lazy("Ground of bonus"))
    years = forms.IntegerField(
        label=gettext_lazy("Years of service"), min_value=0, max_value=50, required=False,
        help_text=gettext_lazy("As the certificate says. Only full years give points."),
    )  # fmt: skip
    months = forms.IntegerField(label=gettext_lazy("and months beyond them"), min_value=0, max_value=11, required=False)
    proof = forms.FileField(label=gettext_lazy("Proof"), help_text=gettext_lazy("JPG, PNG or PDF."))

    def __init__(self, *args: Any, rules: BonusRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [(item.kind, ground_name(item.kind)) for item in rules.items]  # type: ignore[attr-defined]
        if not any(item.per_year for item in rules.items):
            del self.fields["years"], self.fields["months"]

    @property
    def all_months(self) -> int:
        return int((self.cleaned_data.get("years") or 0) * 12 + (self.cleaned_data.get("months") or 0))


class EnterClaim(ExamPage):
    """The form, while claims are taken; whoever enters one does not decide on it."""

    rule = may_decide_bonuses
    template_name = "examinations/office/claim_entry.html"
    page_title = gettext_lazy("Enter a claim of bonus")

    def find(self, request: HttpRequest, **kwargs: Any) -> Campaign:
        exam = super().find(request, **kwargs)
        if not knobs_of(rules_of(exam)).items:
            raise Http404
        return exam

    def crumbs(self) -> list[tuple[str | Promise, str]]:
        return [*super().crumbs(), (gettext_lazy("Claims of bonus"), register_url(self.subject))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rules = rules_of(self.subject)
        decision: Decision = may_decide_bonuses(user_of(self.request), self.subject)
        return super().get_context_data(
            **{
                "form": EntryForm(rules=knobs_of(rules)),
                "sentences": bonus_sentences(rules),
                "is_open": is_window_open(self.subject, knobs_of(rules), timezone.now()),
                "denial": decision.reason,
                **kwargs,
            }
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = EntryForm(request.POST, request.FILES, rules=knobs_of(rules_of(self.subject)))
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        told = form.cleaned_data
        person = self._person(told["ticket"].strip())
        if person is None:
            form.add_error("ticket", _("No applicant of this campaign has this ticket number. Nothing was saved."))
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            claim = domain.claim_with_new_proof(
                actor=user_of(request), application=person, ground=told["ground"], months=form.all_months,
                content=told["proof"], name=told["proof"].name,
            )  # fmt: skip
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, _("The claim is entered; somebody else decides on it."))
        return HttpResponseRedirect(reverse("bonus-claim", args=[claim.pk]))

    def _person(self, ticket: str) -> Application | None:
        people = self.subject.applications.filter(ticket_no=ticket).select_related("candidate", "position__unit")
        return people.prefetch_related("recusals", "candidate__relatives").first()
