"""The press at a screen: all lists, one list as it is printed, the acts on it, a notice in free words."""

import tempfile
from typing import IO, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts.office.access import attempt, office_page
from accounts.policies import in_scope
from campaigns.planning.models import Campaign
from foundation.jobs.work import Work
from foundation.tables.export import XlsxExport, watermark
from foundation.ui.exports import XLSX
from foundation.ui.office import OfficeList
from foundation.ui.work import hand_over
from recruitment.publications import domain
from recruitment.publications.gate import problems_of
from recruitment.publications.models import Publication, PublicationKind, PublicationState
from recruitment.publications.office.acts import BY_NAME, acts_of
from recruitment.publications.office.forms import FreeNoticeForm, ListFilter, pasted
from recruitment.publications.office.rows import TONES, printed, shown_problems, timeline_of
from recruitment.publications.policies import RELEASE_TEAM, may_prepare, may_read_before_release
from recruitment.publications.queries import office_list, visible_to
from recruitment.publications.rooms import CORRECTIONS
from recruitment.publications.tasks import correction

PREPARED = gettext_lazy("The draft is ready. A second person reviews it.")
RELATED = (
    "campaign__unit", "prepared_by", "reviewed_by", "released_by", "scheduled_by", "withdrawn_by", "rule_set",
    "supersedes", "superseded_by",
)  # fmt: skip


def _crumbs(publication: Publication | None = None) -> list[tuple[str, str]]:
    above = [(_("Lists"), reverse("press-publications"))]
    return above + ([(publication.title, reverse("press-publication", args=[publication.pk]))] if publication else [])


def _found(request: HttpRequest, pk: int) -> Publication:
    """A list the person may read before its release; anything else does not exist for them."""
    return get_object_or_404(visible_to(request.user).select_related(*RELATED), pk=pk)  # type: ignore[arg-type]


class PublicationList(OfficeList):
    """Every list of the campaigns one covers, the newest first."""

    rule = may_read_before_release
    template_name = "publications/office/publications.html"
    search_in = ("title",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["page"].object_list = [(row, TONES[PublicationState(row.state)]) for row in context["page"]]
        context.update(page_title=_("Lists"), filter=self.filter, may_prepare=bool(may_prepare(self.request.user)))
        return context

    def rows(self) -> Any:
        lists = office_list(self.request.user)  # type: ignore[arg-type]
        self.filter = ListFilter(self.request.GET or None)
        campaigns = Campaign.objects.filter(publications__in=visible_to(self.request.user)).distinct()  # type: ignore[arg-type]
        self.filter.fields["campaign"].queryset = campaigns.order_by("-created_at")  # type: ignore[attr-defined]
        if self.filter.is_valid():
            told = self.filter.cleaned_data
            lists = lists.filter(**{name: told[name] for name in ("campaign", "kind", "state") if told[name]})
        return lists


@never_cache
@office_page(may_read_before_release)
def publication_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The list exactly as it will be printed, what keeps it in, what happened to it and what can be done."""
    row = _found(request, pk)
    user: Any = request.user
    domain.note_reading(actor=user, publication=row)
    problems = problems_of(row) if row.sequence is None else []
    acts = acts_of(user, row)
    may_correct = _can_be_corrected(row) and bool(may_prepare(user, row))
    context = {
        "page_title": row.title,
        "crumbs": _crumbs(),
        "publication": row,
        "tone": TONES[PublicationState(row.state)],
        "page": (page := printed(row, request.GET.get("page"))),
        "rows": page.object_list,
        "offset": page.start_index() - 1 if page.object_list else 0,
        "problems": shown_problems(problems),
        "steps": timeline_of(row),
        "allowed": [act for act, decision in acts if decision],
        "denied": [(act, decision.reason) for act, decision in acts if not decision],
        "successor": getattr(row, "superseded_by", None),
        "may_correct": may_correct and (row.kind in CORRECTIONS or row.kind == PublicationKind.OTHER),
    }
    return render(request, "publications/office/publication.html", context)


@office_page(may_read_before_release)
def publication_act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """First what will change; done once confirmed. Whoever may read but not do it is told why (403)."""
    row, act = _found(request, pk), BY_NAME.get(name)
    if act is None:
        raise Http404
    if not act.fits(row):
        state = {"state": row.get_state_display()}
        messages.error(request, _("The list is in the state “%(state)s”, which does not allow this.") % state)
        return redirect("press-publication", pk)
    decision = act.rule(request.user, row)  # type: ignore[arg-type]
    if not decision:
        raise PermissionDenied(decision.reason)
    form = act.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if isinstance(act.verb, Work):
            return hand_over(request, act.verb, row, what=act.label)
        if not attempt(request, act.verb, str(act.done), publication=row, **form.cleaned_data):
            return redirect("press-publication", pk)
        return redirect("press-publications") if act.name == "discard" else redirect("press-publication", pk)
    context = {
        "page_title": act.label,
        "crumbs": _crumbs(row),
        "publication": row,
        "act": act,
        "effects": act.effects(row),
        "problems": problems_of(row) if act.name in ("review", "release", "schedule") else [],
        "form": form,
    }
    return render(request, "publications/office/act.html", context)


@office_page(may_prepare)
def notice_new(request: HttpRequest) -> HttpResponse:
    """Write a notice in free words for one of the campaigns one prepares lists for."""
    campaigns = Campaign.objects.filter(in_scope(request.user, *RELEASE_TEAM)).order_by("-created_at")  # type: ignore[arg-type]
    form = FreeNoticeForm(request.POST or None, campaigns=campaigns)
    if form.is_valid():
        row = attempt(request, domain.prepare_free_notice, str(PREPARED), **form.cleaned_data)
        if row:
            return redirect("press-publication", row.pk)
    return _notice_form(request, form, _("Write a notice"), None)


def _can_be_corrected(row: Publication) -> bool:
    """Released, or withdrawn and not followed by another list yet."""
    withdrawn = row.state == PublicationState.WITHDRAWN and not hasattr(row, "superseded_by")
    return withdrawn or row.state == PublicationState.RELEASED


@office_page(may_prepare)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare the list that replaces a released one: a notice by form, any other list anew from today's data."""
    row = _found(request, pk)
    if not may_prepare(request.user, row):  # type: ignore[arg-type]
        raise PermissionDenied(may_prepare(request.user, row).reason)  # type: ignore[arg-type]
    if not _can_be_corrected(row):
        messages.error(request, _("Only a list that was released and not corrected yet can be corrected."))
        return redirect("press-publication", pk)
    if row.kind == PublicationKind.OTHER:
        return _correct_notice(request, row)
    if row.kind not in CORRECTIONS:
        raise Http404
    title = _("Prepare a corrected list")
    if request.method == "POST":
        return hand_over(request, correction, row, what=title)
    context = {"page_title": title, "crumbs": _crumbs(row), "publication": row}
    return render(request, "publications/office/correct.html", context)


def _correct_notice(request: HttpRequest, row: Publication) -> HttpResponse:
    table = pasted([str(column["label"]) for column in row.columns], row.rows)
    initial = {"title": row.title, "text": row.intro, "table": table}
    form = FreeNoticeForm(request.POST or None, campaigns=Campaign.objects.none(), corrects=True, initial=initial)
    if form.is_valid():
        told = {**form.cleaned_data, "campaign": row.campaign, "supersedes": row}
        new = attempt(request, domain.prepare_free_notice, str(PREPARED), **told)
        if new:
            return redirect("press-publication", new.pk)
    return _notice_form(request, form, _("Prepare a corrected notice"), row)


def _notice_form(request: HttpRequest, form: Any, title: str, corrects: Publication | None) -> HttpResponse:
    context = {"page_title": title, "crumbs": _crumbs(corrects), "form": form, "corrects": corrects}
    return render(request, "publications/office/notice_form.html", context)


@office_page(may_read_before_release)
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A list that was released, as a workbook signed with person and time; before the release there is none."""
    row = _found(request, pk)
    if row.sequence is None:
        raise Http404
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    with XlsxExport(file, mark=watermark(str(request.user), timezone.now())) as book:
        book.sheet(row.title, [str(column["label"]) for column in row.columns], row.rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, content_type=XLSX, filename=f"list-{row.sequence}.xlsx")
