"""Acts on an exam as a whole: each shows first what will change, and some ask for a reason."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.errors import DomainError
from foundation.jobs.work import Work
from foundation.language import rule_language
from foundation.ui.components import Figure
from foundation.ui.office import PAGE_SIZE
from foundation.ui.work import hand_over
from recruitment.applications.enums import ApplicationState
from recruitment.examinations import domain, tasks
from recruitment.examinations.bonus import SITTING, waiting_claims
from recruitment.examinations.domain.totals import SAT
from recruitment.examinations.mark_layout import INTERVIEW
from recruitment.examinations.models import BonusState, RecheckOutcome
from recruitment.examinations.office.pages import ExamPage, user_of
from recruitment.examinations.policies import may_propose
from recruitment.examinations.queries import shown, totals_listed
from recruitment.examinations.recheck import free_places, window_of
from recruitment.publications.models import PublicationKind
from recruitment.publications.queries import released
from rulebook.ranking import list_places


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


@dataclass(frozen=True)
class Act:
    """Work on an exam as a whole: `effect` says in words what will change."""

    title: Promise
    label: Promise
    effect: Callable[[Campaign], list[str]]
    work: Work
    form: type[forms.Form] | None = None


def _people(n: int) -> str:
    return ngettext("%(n)s person", "%(n)s people", n) % {"n": f"{n:,}"}


def _rank(exam: Campaign) -> list[str]:
    sat = exam.applications.filter(state__in=("effective", "scored", "absent"))
    marked = sat.filter(marks__isnull=False).distinct().count()
    positions = sat.order_by().values("position").distinct().count()
    lines = [
        ngettext("%(people)s are ranked in %(n)s position.", "%(people)s are ranked in %(n)s positions.", positions)
        % {"people": _people(marked), "n": positions},
        _("%(people)s without any mark count as absent.") % {"people": _people(sat.count() - marked)},
    ]
    if waiting := waiting_claims(exam).count():
        lines.append(
            ngettext(
                "%(n)s claim of bonus waits for a decision: the ranking is refused until it is decided.",
                "%(n)s claims of bonus wait for a decision: the ranking is refused until they are decided.",
                waiting,
            )
            % {"n": waiting}
        )
    if granted := sat.filter(bonus_claims__state=BonusState.ACCEPTED).distinct().count():
        lines.append(_("Granted bonus counts for %(people)s.") % {"people": _people(granted)})
    if earlier := sat.filter(written_result__isnull=False).count():
        lines.append(_("The earlier ranking of %(people)s is replaced.") % {"people": _people(earlier)})
    return [*lines, _("Nobody outside the release team learns a mark before the list is released.")]


def _reopen(exam: Campaign) -> list[str]:
    ranked = exam.applications.filter(state__in=("scored", "absent", "shortlisted", "not_shortlisted"))
    called = ranked.filter(state="shortlisted").count()
    lines = [
        _("The written ranking of %(people)s is taken back.") % {"people": _people(ranked.count())},
        _("%(people)s are no longer called to the interview.") % {"people": _people(called)},
    ]
    if released().filter(campaign=exam, kind__in=(PublicationKind.SCORES, PublicationKind.SHORTLIST)).exists():
        lines.append(_("Lists that are public stay public until new ones replace them; candidates may see the change."))
    return lines


def _totals(exam: Campaign) -> list[str]:
    people = exam.applications.filter(state__in=SAT)
    came = people.filter(Q(marks__paper=INTERVIEW, marks__value__isnull=False)).distinct().count()
    return [
        _("%(people)s with an interview mark get a total and, from the pass line up, a place.")
        % {"people": _people(came)},
        _("%(people)s without an interview mark count as absent.") % {"people": _people(people.count() - came)},
        _("Positions whose hires were proposed keep their places."),
    ]


def _notices(exam: Campaign) -> list[str]:
    passed = exam.applications.filter(recheck__outcome=RecheckOutcome.PASSED, state=ApplicationState.SHORTLISTED)
    lines = [
        _("%(people)s passed the recheck and are told that they are admitted.") % {"people": _people(passed.count())}
    ]
    if free := free_places(exam).count():
        lines.append(
            ngettext("%(n)s freed place is not taken.", "%(n)s freed places are not taken.", free) % {"n": free}
        )
    return [*lines, window_of(exam, rules_of(exam), issued=True).explanation.text(rule_language())]


def _listing(kind: str, condition: Callable[[Campaign], Q]) -> Callable[[Campaign], list[str]]:
    def effect(exam: Campaign) -> list[str]:
        count = exam.applications.filter(condition(exam), ticket_no__isnull=False).distinct().count()
        lines = [
            ngettext("A draft of %(n)s row goes to the press.", "A draft of %(n)s rows goes to the press.", count)
            % {"n": f"{count:,}"},
            _("It names ticket numbers only, no person."),
            _("A second person of the talent office reviews it; it is public only once it is released."),
        ]
        if earlier := released().filter(campaign=exam, kind=kind).first():
            lines.append(_("Once released it replaces “%(title)s”.") % {"title": earlier.title})
        return lines

    return effect


_HAND_IN = gettext_lazy("Hand the list to the press")
ACTS = {
    "rank": Act(
        gettext_lazy("Rank the written marks"), gettext_lazy("Rank now"), _rank, tasks.RANK_WRITTEN,
    ),
    "reopen": Act(
        gettext_lazy("Take ranking and shortlist back"), gettext_lazy("Take them back"), _reopen,
        tasks.REOPEN_RANKING, ReasonForm,
    ),
    "totals": Act(
        gettext_lazy("Compute totals and places"), gettext_lazy("Compute now"), _totals, tasks.COMPUTE_TOTALS,
    ),
    "list-bonus": Act(
        gettext_lazy("List of bonus points"), _HAND_IN,
        _listing(PublicationKind.BONUS, lambda _exam: Q(bonus_claims__state=BonusState.ACCEPTED, state__in=SITTING)),
        tasks.PREPARE_BONUS,
    ),
    "list-scores": Act(
        gettext_lazy("List of written marks"), _HAND_IN,
        _listing(PublicationKind.SCORES, lambda _exam: Q(written_result__isnull=False)), tasks.PREPARE_SCORES,
    ),
    "list-shortlist": Act(
        gettext_lazy("List of people called to the interview"), _HAND_IN,
        _listing(PublicationKind.SHORTLIST, lambda _exam: Q(written_result__is_called=True)), tasks.PREPARE_SHORTLIST,
    ),
    "list-call-ups": Act(
        gettext_lazy("List of people called up to the interview"), _HAND_IN,
        _listing(PublicationKind.CALL_UPS, lambda _exam: Q(call_up__isnull=False)), tasks.PREPARE_CALL_UPS,
    ),
    "notices": Act(
        gettext_lazy("Issue the interview notices"), gettext_lazy("Issue them"), _notices, tasks.ISSUE_NOTICES,
    ),
    "list-totals": Act(
        gettext_lazy("List of total marks"), _HAND_IN,
        _listing(PublicationKind.TOTALS, totals_listed), tasks.PREPARE_TOTALS,
    ),
}  # fmt: skip


class ActPage(ExamPage):
    """What will change, then the act."""

    template_name = "examinations/office/act.html"

    def find(self, request: HttpRequest, **kwargs: Any) -> Campaign:
        exam = super().find(request, **kwargs)
        if kwargs["name"] not in ACTS:
            raise Http404
        self.act = ACTS[kwargs["name"]]
        decision = self.act.work.rule(user_of(request), exam)
        if not decision:
            raise PermissionDenied(decision.reason)
        return exam

    @property
    def page_title(self) -> Promise:  # type: ignore[override]
        return self.act.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = self.act.form() if self.act.form else None
        return super().get_context_data(
            **{"form": form, "effects": self.act.effect(self.subject), "label": self.act.label, **kwargs}
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.act.form(request.POST) if self.act.form else None
        if form is not None and not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        told = form.cleaned_data if form else {}
        return hand_over(request, self.act.work, self.subject, what=self.act.title, told=told)


class ProposalsPage(ExamPage):
    """Who would be proposed for hire by position, and the positions that wait for an extra test; then the proposal."""

    template_name = "examinations/office/proposals.html"
    page_title = gettext_lazy("Proposals for hire")
    shows = (PublicationKind.TOTALS,)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = {"may_make": bool(may_propose(user_of(self.request), self.subject))}
        context["denial"] = may_propose(user_of(self.request), self.subject).reason
        try:
            proposals = domain.proposals_of(self.subject)
        except DomainError:
            return super().get_context_data(**context, **kwargs)
        figures = [
            Figure(gettext_lazy("Would be proposed"), len(proposals.chosen)),
            Figure(gettext_lazy("Would not be selected"), len(proposals.others)),
            Figure(gettext_lazy("Positions that wait for an extra test"), len(proposals.waiting)),
        ]
        page = Paginator(proposals.chosen, PAGE_SIZE).get_page(self.request.GET.get("page"))
        ranking = rules_of(self.subject).ranking
        rows = [
            (row, shown(row.value), list_places(row.application.position.headcount_effective, ranking))
            for row in page.object_list
        ]
        context |= {"figures": figures, "page": page, "rows": rows, "waiting": proposals.waiting}
        return super().get_context_data(**context, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return hand_over(request, tasks.PROPOSE_HIRES, self.subject, what=self.page_title)
