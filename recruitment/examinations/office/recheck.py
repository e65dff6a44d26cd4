"""The recheck before the interview: everyone called with the result, one person with the next step, several at once."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.duties import Duty, may
from accounts.enums import Role
from accounts.models import User
from accounts.policies import has_role
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.errors import DomainError, Refused
from foundation.language import rule_language
from foundation.ui.components import Fact
from foundation.ui.office import PAGE_SIZE, OfficePage, act, chosen_keys
from recruitment.applications.enums import ApplicationState
from recruitment.applications.models import Application
from recruitment.examinations import domain
from recruitment.examinations.models import RECHECK_CODES, MarkKind, RecheckOutcome
from recruitment.examinations.office.pages import user_of
from recruitment.examinations.policies import may_call_up, may_recheck, may_recheck_person
from recruitment.examinations.queries import in_language
from recruitment.examinations.recheck import (
    RECHECKERS,
    Outlook,
    admission_of,
    outlook,
    recheck_sentences,
    rechecks_visible_to,
)

SHOWN = {
    "open": (gettext_lazy("Still open"), Q(recheck=None, state=ApplicationState.SHORTLISTED)),
    "passed": (gettext_lazy("Admitted"), Q(recheck__outcome=RecheckOutcome.PASSED)),
    "away": (
        gettext_lazy("Not admitted to the interview"),
        Q(recheck__isnull=False) & ~Q(recheck__outcome=RecheckOutcome.PASSED),
    ),
    "called-up": (gettext_lazy("Called up"), Q(call_up__isnull=False)),
}
TONES = {"passed": "done", "failed": "fail", "absent": "fail", "withdrawn": ""}


def rows_of(user: User, code: str) -> QuerySet[Application]:
    """Everyone called to the interview of this exam whom the person may recheck or oversee, by position and ticket."""
    rows = rechecks_visible_to(user).filter(campaign__code=code)
    rows = rows.prefetch_related("recusals", "candidate__relatives")
    return rows.order_by("position__code", "ticket_no", "pk")


class _RecheckPage(OfficePage):
    """A page about the recheck of one exam; without anyone of the person's units in it, it does not exist."""

    rule = has_role(*RECHECKERS, Role.AUDITOR)
    exam: Campaign

    def find(self, request: HttpRequest, **kwargs: Any) -> Any:
        first = rows_of(user_of(request), kwargs["code"]).first()
        if first is None:
            raise Http404
        self.exam = first.campaign
        return first

    def crumbs(self) -> list[tuple[str | Promise, str]]:
        if not may(Duty.SEE_SCORES_BEFORE_RELEASE)(user_of(self.request), self.exam):
            return []
        return [
            (gettext_lazy("Exams"), reverse("exams")),
            (self.exam.name, reverse("exam", args=[self.exam.code])),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sentences = recheck_sentences(rules_of(self.exam))
        is_over = self.exam.mark_batches.filter(kind=MarkKind.INTERVIEW).exists()
        return super().get_context_data(exam=self.exam, sentences=sentences, is_over=is_over, **kwargs)


class RecheckList(_RecheckPage):
    """Who was called, with what the recheck came to; several are passed at once after a look at the effect."""

    template_name = "examinations/office/rechecks.html"
    page_title = gettext_lazy("Recheck of qualifications")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked, rows = self.request.GET, rows_of(user_of(self.request), self.exam.code)
        counts = [(key, label, rows.filter(condition).count()) for key, (label, condition) in SHOWN.items()]
        show = asked.get("show", "")
        if show in SHOWN:
            rows = rows.filter(SHOWN[show][1])
        if words := asked.get("q", "").strip():
            rows = rows.filter(
                Q(ticket_no__startswith=words) | Q(registration_no=words) | Q(position__code__iexact=words)
            )
        page = Paginator(rows, PAGE_SIZE).get_page(asked.get("page"))
        found = [(row, *_standing(row)) for row in page.object_list]
        return super().get_context_data(
            page=page, rows=found, counts=counts, show=show, q=asked.get("q", ""),
            may_record=bool(may_recheck(user_of(self.request))), **kwargs,
        )  # fmt: skip

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        back = reverse("recheck", args=[self.exam.code])
        try:
            keys = chosen_keys(request, "person")
        except Refused as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(back)
        able, unable = _able(user_of(request), rows_of(user_of(request), self.exam.code).filter(pk__in=keys))
        if request.POST.get("confirm") and able:
            return act(
                request,
                lambda: domain.pass_rechecks(actor=user_of(request), campaign=self.exam, applications=able),
                done=_("Recorded as passed: %(n)s.") % {"n": len(able)},
                back=back,
            )
        self.template_name = "examinations/office/rechecks_pass.html"
        return self.render_to_response(super().get_context_data(able=able, unable=unable))


def _standing(row: Application) -> tuple[str, str]:
    recheck = getattr(row, "recheck", None)
    if recheck is not None:
        return recheck.get_outcome_display(), TONES[recheck.outcome]
    return (_("Still open"), "now") if row.state == ApplicationState.SHORTLISTED else (row.get_state_display(), "")


def _able(user: User, rows: QuerySet[Application]) -> tuple[list[Application], list[tuple[Application, str]]]:
    """Who of these can be passed by this person, and the others with the reason."""
    able, unable = [], []
    for row in rows:
        decision = may_recheck_person(user, row)
        if not decision:
            unable.append((row, decision.reason))
        elif hasattr(row, "recheck") or row.state != ApplicationState.SHORTLISTED:
            unable.append((row, _standing(row)[0]))
        else:
            able.append(row)
    return able, unable


class OutcomeForm(forms.Form):
    """What the recheck came to; a person who does not pass reads the reason."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=RecheckOutcome.choices, widget=forms.RadioSelect)
    reason_code = forms.ChoiceField(
        label=gettext_lazy("Reason, only if not passed"), required=False,
        choices=[("", "—"), *((code.value, code.label) for code in RECHECK_CODES)],
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("In words, for the applicant"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500,
        required=False, help_text=gettext_lazy("What is wrong, by which clause, and what would be right."),
    )  # fmt: skip


class RecheckPerson(_RecheckPage):
    """One person with the documents asked for and the result; for a freed place, who is next by the rules."""

    template_name = "examinations/office/recheck.html"
    subject: Application

    @property
    def page_title(self) -> str:  # type: ignore[override]
        return f"{self.subject.ticket_no} {self.subject.candidate.name}"

    def find(self, request: HttpRequest, **kwargs: Any) -> Application:
        super().find(request, **kwargs)
        return get_object_or_404(rows_of(user_of(request), kwargs["code"]), pk=kwargs["pk"])

    def crumbs(self) -> list[tuple[str | Promise, str]]:
        return [
            *super().crumbs(), (gettext_lazy("Recheck of qualifications"), reverse("recheck", args=[self.exam.code])),
        ]  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, user = self.subject, user_of(self.request)
        recheck = getattr(person, "recheck", None)
        taken = getattr(recheck, "call_up", None) if recheck else None
        own_call = getattr(person, "call_up", None)
        decision = may_recheck_person(user, person)
        is_free = recheck is not None and recheck.outcome != RecheckOutcome.PASSED and taken is None
        answer: Outlook | None = outlook(recheck) if recheck is not None and is_free else None
        admission = admission_of(person, rules_of(self.exam)).explanation.text(rule_language())
        context = {
            "person": person, "recheck": recheck, "facts": _facts(person), "admission": admission, "taken": taken,
            "call_lines": in_language(own_call.explanation) if own_call else [],
            "taken_lines": in_language(taken.explanation) if taken else [],
            "answer": answer, "answer_lines": answer.explanation.lines(rule_language()) if answer else [],
            "may_call": bool(may_call_up(user, person)), "may_record": bool(decision), "denial": decision.reason,
        }  # fmt: skip
        return super().get_context_data(**{"form": OutcomeForm(), **context, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        verb = ACTS.get(request.POST.get("act", ""))
        if verb is not None:
            run, done = verb
            return act(request, lambda: run(self, request), done=str(done), back=request.path)
        form = OutcomeForm(request.POST)
        if form.is_valid():
            try:
                domain.record_recheck(actor=user_of(request), application=self.subject, **form.cleaned_data)
            except DomainError as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("The result is recorded."))
                return HttpResponseRedirect(request.path)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def take_back(self, request: HttpRequest) -> None:
        recheck = getattr(self.subject, "recheck", None)
        if recheck is None:
            raise Refused(_("There is no result to take back. Nothing was saved."), code="not_recorded")
        domain.take_back_recheck(actor=user_of(request), recheck=recheck, reason=request.POST.get("reason", ""))

    def call_up(self, request: HttpRequest) -> None:
        recheck, key = getattr(self.subject, "recheck", None), request.POST.get("person", "")
        if recheck is None or not key.isdecimal():
            raise Refused(_("This place is not free now. Nothing was saved."), code="not_free")
        person = get_object_or_404(Application, pk=key, position=self.subject.position_id)
        domain.call_up(
            actor=user_of(request), place=recheck, application=person, extra_test=request.POST.get("extra_test", "")
        )


ACTS: dict[str, tuple[Callable[[RecheckPerson, HttpRequest], None], Promise]] = {
    "take-back": (RecheckPerson.take_back, gettext_lazy("The result is taken back.")),
    "call-up": (RecheckPerson.call_up, gettext_lazy("Called up; the person has been told.")),
}


def _facts(person: Application) -> list[Fact]:
    return [
        Fact(gettext_lazy("Full name"), person.candidate.name),
        Fact(gettext_lazy("Registration number"), person.registration_no),
        Fact(gettext_lazy("Ticket number"), person.ticket_no or "—"),
        Fact(gettext_lazy("Position"), f"{person.position.code} {person.position.name}"),
        Fact(gettext_lazy("Unit"), person.position.unit),
        Fact(gettext_lazy("State of the application"), person.get_state_display()),
    ]
