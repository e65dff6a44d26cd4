"""Comparing with the official real-name ledger: upload, look, decide row by row, close."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.models import Unit
from accounts.queries import units_in_scope
from campaigns.establishment import domain
from campaigns.establishment.enums import Decision, RowKind
from campaigns.establishment.models import Reconciliation, ReconciliationRow
from campaigns.establishment.office.acts import rehearse
from campaigns.establishment.office.common import POSTS_HOME, sheet_response, user_of
from campaigns.establishment.office.forms import DecisionForm, LedgerSheetForm
from campaigns.establishment.policies import may_manage_posts, may_read_posts
from campaigns.establishment.queries import reconciliations_visible_to, with_open_rows
from campaigns.establishment.tasks import COMPARE, LEDGER_PURPOSE
from foundation.errors import DomainError
from foundation.files.domain import store_file
from foundation.jobs.domain import start_job
from foundation.ui.imports import TABLES
from foundation.ui.office import OfficeList, OfficePage, act

HOME = [*POSTS_HOME, (gettext_lazy("Reconciliation"), "/admin/posts/reconciliation/")]


class Reconciliations(OfficeList):
    """Comparisons made so far."""

    rule = may_read_posts
    page_title = gettext_lazy("Reconciliation")
    template_name = "establishment/reconciliations.html"
    search_in = ("file_name",)

    def crumbs(self) -> list[tuple[Any, str]]:
        return POSTS_HOME

    def rows(self) -> QuerySet[Reconciliation]:
        return with_open_rows(reconciliations_visible_to(user_of(self.request)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_manage=bool(may_manage_posts(user_of(self.request))), **kwargs)


class NewReconciliation(OfficePage):
    """Upload a sheet of the official ledger; the comparison changes nothing."""

    rule = may_manage_posts
    page_title = gettext_lazy("Compare with the official ledger")
    template_name = "establishment/form.html"

    def crumbs(self) -> list[tuple[Any, str]]:
        return HOME

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"form": LedgerSheetForm(), **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, user = LedgerSheetForm(request.POST, request.FILES), user_of(request)
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                file = store_file(content=upload, name=upload.name, purpose=LEDGER_PURPOSE, owner=user, kinds=TABLES)
            except DomainError as refusal:
                form.add_error("file", refusal.message)
            else:
                arguments = {"unit": self._top(request).pk, "as_on": form.cleaned_data["as_on"].isoformat()}
                title = _("Comparison with %(file)s") % {"file": file.name}
                job = start_job(kind=COMPARE, title=title, owner=user, arguments=arguments, source_file=file)
                return redirect(f"{reverse('job', args=[job.pk])}?follow=1")
        return self.render_to_response(self.get_context_data(form=form))

    @staticmethod
    def _top(request: HttpRequest) -> Unit:
        """The highest unit the person manages: the comparison covers it and everything below."""
        return units_in_scope(user_of(request), Role.ESTABLISHMENT_OFFICE).order_by("path")[:1].get()


class ReconciliationPage(OfficeList):
    """One comparison: its rows by kind, decided by ticking them; first what a decision would change."""

    rule = may_read_posts
    template_name = "establishment/reconciliation.html"
    search_in = ("ledger_number", "unit__name", "post__code")
    page_size = 50

    def find(self, request: HttpRequest, **kwargs: Any) -> Reconciliation:
        return get_object_or_404(reconciliations_visible_to(user_of(request)), pk=kwargs["pk"])

    def crumbs(self) -> list[tuple[Any, str]]:
        return HOME

    def rows(self) -> QuerySet[ReconciliationRow]:
        rows = self.subject.rows.select_related("unit", "post__unit", "decided_by")
        kind, decision = self.request.GET.get("kind", ""), self.request.GET.get("decision", "")
        if kind in RowKind.values:
            rows = rows.filter(kind=kind)
        elif not self.request.GET.get("q"):
            rows = rows.exclude(kind=RowKind.MATCH)
        return rows.filter(decision=decision) if decision in Decision.values else rows

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("export") != "xlsx":
            return super().get(request, *args, **kwargs)
        heads = [
            _("Row"), _("Comparison"), _("Number in the ledger"), _("Unit in the official ledger"), _("Our post"),
            _("Our unit"), _("Decision"), _("Reason"), _("Document"), _("By"), _("Time"),
        ]  # fmt: skip
        rows = (
            [
                row.number or "", row.get_kind_display(), row.ledger_number, str(row.unit), str(row.post or ""),
                str(row.post.unit or "") if row.post else "", row.get_decision_display(), row.reason, row.document,
                str(row.decided_by or ""), row.decided_at,
            ]
            for row in self.subject.rows.select_related("unit", "post__unit", "decided_by")
        )  # fmt: skip
        return sheet_response(request, str(self.subject), heads, rows, subject=self.subject)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kinds = self.subject.rows.order_by().values_list("kind")
        counts = dict(kinds.annotate(number=Count("pk")))
        undecided = self.subject.rows.exclude(kind=RowKind.MATCH).filter(decision=Decision.OPEN).count()
        manages = bool(may_manage_posts(user_of(self.request), self.subject))
        context: dict[str, Any] = {
            "counts": [(kind, kind.label, counts.get(kind.value, 0)) for kind in RowKind],
            "kind": self.request.GET.get("kind", ""),
            "decision": self.request.GET.get("decision", ""),
            "decisions": Decision.choices,
            "undecided": undecided,
            "may_decide": manages and self.subject.closed_at is None,
            "form": DecisionForm(),
            "chosen": [],
            "effect": None,
        }
        return super().get_context_data(**{**context, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = user_of(request)
        if "close" in request.POST:
            return act(
                request,
                lambda: domain.close_reconciliation(actor=user, reconciliation=self.subject),
                done=_("The comparison is closed; posts that agree carry its day."),
                back=request.path,
            )
        form = DecisionForm(request.POST)
        keys = [key for key in request.POST.getlist("row") if key.isdecimal()]
        chosen = list(self.subject.rows.filter(pk__in=keys).select_related("unit", "post"))
        effect = None
        if form.is_valid() and "change" not in request.POST:
            values = form.cleaned_data
            try:
                if "confirm" in request.POST:
                    domain.decide_rows(actor=user, rows=chosen, **values)
                    messages.success(request, _("%(n)s rows were decided.") % {"n": len(chosen)})
                    return redirect(request.get_full_path())
                effect = rehearse(lambda: domain.decide_rows(actor=user, rows=chosen, **values))
            except DomainError as refusal:
                form.add_error(None, refusal.message)
        return self.render_to_response(self.get_context_data(form=form, chosen=chosen, effect=effect))
