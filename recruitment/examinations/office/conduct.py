"""Cases of misconduct of an exam: the list, the report, one case with its decision, and a local ban."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.errors import DomainError
from foundation.language import rule_language
from foundation.ui.components import Fact
from foundation.ui.office import PAGE_SIZE
from recruitment.applications.domain import declare_recusal
from recruitment.applications.models import Application
from recruitment.candidates.domain import enter_ban
from recruitment.candidates.policies import may_enter_ban
from recruitment.examinations import domain
from recruitment.examinations.conduct import cases_of, decision_guard, effect_words
from recruitment.examinations.models import ConductCase, ConductSeverity, ConductState
from recruitment.examinations.office.pages import ExamPage, user_of
from recruitment.examinations.policies import (
    may_decide_conduct,
    may_read_conduct,
    may_record_statement,
    may_report_cases,
)
from rulebook.misconduct import earliest_term

TONES = {ConductState.OPEN: "warn", ConductState.DECIDED: "done", ConductState.DROPPED: ""}


def _words(label: str | Promise, rows: int = 3, help_text: str | Promise = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=2000, widget=widget, help_text=help_text)  # type: ignore[arg-type]


def _day(label: str | Promise, help_text: str | Promise = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, help_text=help_text)  # type: ignore[arg-type]


class _PersonForm(forms.Form):
    """Whom it is about, by a number of this exam."""

    number = forms.CharField(label=gettext_lazy("Registration or ticket number"), max_length=20)

    def __init__(self, *args: Any, exam: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.exam = exam

    def clean_number(self) -> str:
        """Finds the application, kept as `found`."""
        number = self.cleaned_data["number"].strip()
        rows = self.exam.applications.exclude(state="draft").exclude(registration_no="")
        self.found = rows.filter(Q(registration_no=number) | Q(ticket_no=number)).first()
        if self.found is None:
            raise forms.ValidationError(_("This exam has no application with this number."))
        return number

    def values(self) -> dict[str, Any]:
        return {name: told for name, told in self.cleaned_data.items() if name != "number"}


class ReportForm(_PersonForm):
    """What was seen, by whom, and until when the person may speak to it."""

    severity = forms.ChoiceField(
        label=gettext_lazy("What is reported"), choices=[("", gettext_lazy("Please choose")), *ConductSeverity.choices]
    )
    paper = forms.ChoiceField(
        label=gettext_lazy("Paper"), required=False,
        help_text=gettext_lazy("For a general breach and for identical papers; the others concern the whole exam."),
    )  # fmt: skip
    facts = _words(
        gettext_lazy("Facts"), 4, gettext_lazy("What happened, where and when. The person reads it; name nobody else.")
    )
    evidence = _words(
        gettext_lazy("Evidence"),
        3,
        gettext_lazy(
            "The record of the room, witnesses, what was kept, and where it is. The person reads it; name nobody else."
        ),
    )
    statement_until = _day(
        gettext_lazy("Last day for a statement"), gettext_lazy("That day included; at least three full days from now.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        papers = [paper.name for paper in rules_of(self.exam).written.papers]
        self.fields["paper"].choices = [("", "—"), *((name, name) for name in papers)]  # type: ignore[attr-defined]


class BanForm(_PersonForm):
    """A ban another rule of this place brings, with the document it rests on."""

    issuer = forms.CharField(label=gettext_lazy("Issued by"), max_length=200)
    ground = forms.CharField(label=gettext_lazy("Document number and ground"), max_length=200)
    starts = _day(gettext_lazy("First day"))
    ends = _day(gettext_lazy("Last day"), gettext_lazy("That day included."))


class CaseList(ExamPage):
    """Every case of the exam, those under way first; numbers, no names."""

    rule = may_read_conduct
    template_name = "examinations/office/conduct.html"
    page_title = gettext_lazy("Misconduct")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = user_of(self.request)
        page = Paginator(cases_of(self.subject), PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page=page,
            rows=[(case, TONES[ConductState(case.state)]) for case in page.object_list],
            may_report=may_report_cases(user, self.subject),
            may_ban=may_enter_ban(user, self.subject),
            **kwargs,
        )


class _CaseForm(ExamPage):
    """A form about one person of the exam; what the verb refuses is shown with it."""

    template_name = "examinations/office/conduct_form.html"
    form_class: type[_PersonForm]
    label: Promise
    lede: Promise

    def crumbs(self) -> list[tuple[str | Promise, str]]:
        return [*super().crumbs(), (gettext_lazy("Misconduct"), reverse("exam-conduct", args=[self.subject.code]))]

    def initial(self) -> dict[str, Any]:
        return {}

    def act(self, user: User, form: Any) -> str:
        """Runs the verb; returns where to go on."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {"label": self.label, "lede": self.lede, **kwargs}
        shown.setdefault("form", self.form_class(exam=self.subject, initial=self.initial()))
        return super().get_context_data(**shown)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST, exam=self.subject)
        if form.is_valid():
            try:
                return HttpResponseRedirect(self.act(user_of(request), form))
            except DomainError as refusal:
                form.add_error(None, refusal.message)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class ReportPage(_CaseForm):
    """The exam centre reports a breach."""

    rule = may_report_cases
    page_title = gettext_lazy("Report misconduct")
    label = gettext_lazy("Report")
    lede = gettext_lazy(
        "The person is told by message, reads facts and evidence on their own page and may make a statement. Then a "
        "second person decides or drops the case."
    )
    form_class = ReportForm

    def initial(self) -> dict[str, Any]:
        return {"number": self.request.GET.get("number", ""), "statement_until": earliest_term(timezone.localdate())}

    def act(self, user: User, form: Any) -> str:
        case = domain.report_misconduct(actor=user, application=form.found, **form.values())
        messages.success(self.request, _("The case is open; the person has been told."))
        return reverse("exam-conduct-case", args=[self.subject.code, case.pk])


class BanPage(_CaseForm):
    """The talent office enters a ban that other rules of the place bring (R40)."""

    rule = may_enter_ban
    page_title = gettext_lazy("Enter a local ban")
    label = gettext_lazy("Enter")
    lede = gettext_lazy(
        "For a ban that other rules bring, such as for not reporting for duty. Reviewers of later applications of this "
        "person in the area see it as a reference; nobody is rejected by it alone."
    )
    form_class = BanForm

    def act(self, user: User, form: Any) -> str:
        enter_ban(actor=user, candidate=form.found.candidate, unit=self.subject.unit, **form.values())
        messages.success(self.request, _("The ban is on record."))
        return reverse("exam-conduct", args=[self.subject.code])


class StatementForm(forms.Form):
    """What the person said, as recorded by staff."""

    statement = _words(gettext_lazy("Statement of the person"), 4)


class DecisionForm(forms.Form):
    """The written decision."""

    document = forms.CharField(label=gettext_lazy("Number of the written decision"), max_length=100)
    experts = forms.CharField(label=gettext_lazy("Number of the experts' confirmation"), max_length=100, required=False)
    reason = _words(gettext_lazy("Reasons, for the person"), 4)

    def __init__(self, *args: Any, case: ConductCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if case.severity != ConductSeverity.DUPLICATE_PAPERS:
            del self.fields["experts"]


class WordsForm(forms.Form):
    """Why a case is dropped, or how one is related."""

    reason = _words(gettext_lazy("Reason"))


class CasePage(ExamPage):
    """One case: facts, evidence, statement, the effect by the rule book, and the decision of a second person."""

    rule = may_read_conduct
    template_name = "examinations/office/conduct_case.html"
    case: ConductCase

    @property
    def page_title(self) -> str:  # type: ignore[override]
        return _("Misconduct %(number)s") % {"number": self.case.application.registration_no}

    def find(self, request: HttpRequest, **kwargs: Any) -> Campaign:
        exam = super().find(request, **kwargs)
        related = ("application__position__unit", "application__campaign", "application__candidate", "stated_by",
                   "correction", "record")  # fmt: skip
        people = ("application__recusals", "application__candidate__relatives")
        rows = cases_of(exam).select_related(*related, "reported_by", "decided_by").prefetch_related(*people)
        self.case = get_object_or_404(rows, pk=kwargs["pk"])
        return exam

    def crumbs(self) -> list[tuple[str | Promise, str]]:
        return [*super().crumbs(), (gettext_lazy("Misconduct"), reverse("exam-conduct", args=[self.subject.code]))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case, user = self.case, user_of(self.request)
        decision = may_decide_conduct(case.reported_by_id)(user, case.application)
        guard = decision_guard(case, experts="-")  # the number is asked for by the form
        shown = {name: self._form(name, None) for name in FORMS} | kwargs.pop("sent", {})
        return super().get_context_data(
            case=case,
            tone=TONES[ConductState(case.state)],
            facts=_facts(case),
            effect=effect_words(case),
            may_state=may_record_statement(user, case.application) and not case.statement,
            may_decide=bool(decision),
            denial=decision.reason,
            waits="" if guard else guard.explanation.text(rule_language()),
            **shown,
            **kwargs,
        )

    def _form(self, name: str, told: Any) -> forms.Form:
        more = {"case": self.case} if name == "decide" else {}
        return FORMS[name](told, auto_id=f"{name}_%s", **more)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.POST.get("act", "")
        if name not in FORMS:
            return HttpResponseRedirect(request.path)
        form, (verb, done) = self._form(name, request.POST), ACTS[name]
        if form.is_valid():
            try:
                verb(user_of(request), self.case, form.cleaned_data)
            except DomainError as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, str(done))
                return HttpResponseRedirect(request.path)
        return self.render_to_response(self.get_context_data(sent={name: form}), status=422)


def _verb(verb: Callable[..., Any]) -> Callable[[User, ConductCase, dict[str, Any]], Any]:
    return lambda actor, case, told: verb(actor=actor, case=case, **told)


def _related(actor: User, case: ConductCase, told: dict[str, Any]) -> None:
    declare_recusal(actor=actor, application=case.application, user=actor, reason=told["reason"])


FORMS: dict[str, Callable[..., forms.Form]] = {
    "state": StatementForm,
    "decide": DecisionForm,
    "drop": WordsForm,
    "recuse": WordsForm,
}
# Act → (what it does, what is said when it is done).
ACTS: dict[str, tuple[Callable[[User, ConductCase, dict[str, Any]], Any], Promise]] = {
    "state": (_verb(domain.make_statement), gettext_lazy("The statement is recorded.")),
    "decide": (_verb(domain.decide_case), gettext_lazy("Decided. The person has been told.")),
    "drop": (_verb(domain.drop_case), gettext_lazy("Dropped. The person has been told.")),
    "recuse": (_related, gettext_lazy("Recorded. Someone else decides on this case.")),
}


def _facts(case: ConductCase) -> list[Fact]:
    person: Application = case.application
    facts = [
        Fact(gettext_lazy("Full name"), person.candidate.name or "—"),
        Fact(gettext_lazy("Registration number"), person.registration_no),
        Fact(gettext_lazy("Ticket number"), person.ticket_no or "—"),
        Fact(gettext_lazy("Position"), f"{person.position.code} {person.position.name}"),
        Fact(gettext_lazy("Unit"), person.position.unit),
        Fact(gettext_lazy("State of the application"), person.get_state_display()),
    ]
    if case.paper:
        facts.append(Fact(gettext_lazy("Paper"), case.paper))
    return facts
