"""The office of established posts: overview, unit, permits and their import, movements."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.models import Unit, User
from accounts.queries import units_in_scope
from campaigns.establishment import domain
from campaigns.establishment.models import Envelope, EstablishedPost, Permit
from campaigns.establishment.office.forms import EnvelopeForm, PermitForm, SheetForm, UnitPostsForm
from campaigns.establishment.policies import READERS, may_manage_posts, may_read_posts
from campaigns.establishment.queries import (
    balance_of_envelope,
    balance_of_unit,
    balances,
    readable_units,
    in_scope_of_county,
    posts_visible_to,
)
from campaigns.establishment.tasks import FILE_PURPOSE, IMPORT, PREVIEW
from foundation.errors import DomainError
from foundation.files.domain import store_file
from foundation.jobs.domain import start_job
from foundation.jobs.models import Job, JobState
from foundation.ui.components import Segment
from foundation.ui.office import OfficeList, OfficePage, act

KINDS = ("xlsx", "xls", "csv")


def user_of(request: HttpRequest) -> User:
    """The signed-in member of staff."""
    assert isinstance(request.user, User)
    return request.user


class Overview(OfficeList):
    """Envelopes with where their posts are, and every unit with its figures."""

    rule = may_read_posts
    page_title = gettext_lazy("Ledger of posts")
    template_name = "establishment/overview.html"
    search_in = ("name", "code")

    def rows(self) -> QuerySet[Unit]:
        units = readable_units(user_of(self.request)).filter(established_posts__isnull=False)
        return units.distinct().order_by("path")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = user_of(self.request)
        units = list(context["page"].object_list)
        balances = balances()
        context["lines"] = [(unit, balances[unit.pk]) for unit in units]
        envelopes = Envelope.objects.order_by("code") if in_scope_of_county(user) else []
        context["envelopes"] = [(envelope, self._parts(envelope)) for envelope in envelopes]
        context["may_manage"] = bool(may_manage_posts(user))
        return context

    def _parts(self, envelope: Envelope) -> list[Segment]:
        balance = balance_of_envelope(envelope)
        left = envelope.size - balance.used - balance.held - balance.reserved
        return [
            Segment(_("Used"), balance.used),
            Segment(_("Held"), balance.held),
            Segment(_("Published"), balance.reserved),
            Segment(_("Not published"), left),
        ]


class UnitPosts(OfficeList):
    """One unit: its figures, permits and posts."""

    rule = may_read_posts
    template_name = "establishment/unit.html"
    search_in = ("code", "permit__number", "ledger_number")

    def find(self, request: HttpRequest, **kwargs: Any) -> Unit:
        return get_object_or_404(readable_units(user_of(request)), code=kwargs["code"])

    def crumbs(self) -> list[tuple[Any, str]]:
        return POSTS_HOME

    def rows(self) -> QuerySet[EstablishedPost]:
        return posts_visible_to(user_of(self.request)).filter(unit=self.subject).select_related("permit", "envelope")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["balance"] = balance_of_unit(self.subject)
        context["permits"] = self.subject.permits.order_by("-issued_on")[:20]
        context["may_manage"] = bool(may_manage_posts(user_of(self.request), self.subject))
        context["form"] = kwargs.get("form") or UnitPostsForm()
        context["has_own"] = self.subject.established_posts.filter(envelope=None).exists()
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = UnitPostsForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        return act(
            request,
            lambda: domain.register_unit_posts(actor=user_of(request), unit=self.subject, **form.cleaned_data),
            done=_("The unit's posts were entered."),
            back=request.path,
        )


class Permits(OfficeList):
    """All permits a person may see."""

    rule = may_read_posts
    page_title = gettext_lazy("Permits")
    template_name = "establishment/permits.html"
    search_in = ("number", "unit__name", "unit__code")

    def crumbs(self) -> list[tuple[Any, str]]:
        return POSTS_HOME

    def rows(self) -> QuerySet[Permit]:
        units = readable_units(user_of(self.request))
        return Permit.objects.filter(unit__in=units).select_related("unit", "envelope")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_manage=bool(may_manage_posts(user_of(self.request))), **kwargs)


class VerbForm(OfficePage):
    """A form that calls one verb and returns to the overview."""

    rule = may_manage_posts
    template_name = "establishment/form.html"
    form_class: type[Form]
    done: Any = ""

    def crumbs(self) -> list[tuple[Any, str]]:
        return POSTS_HOME

    def make_form(self, *args: Any) -> Form:
        return self.form_class(*args)

    def run(self, user: User, values: dict[str, Any]) -> Any:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"form": self.make_form(), **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.make_form(request.POST)
        if form.is_valid():
            try:
                self.run(user_of(request), form.cleaned_data)
            except DomainError as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, str(self.done))
                return redirect("posts-overview")
        return self.render_to_response(self.get_context_data(form=form))


class NewPermit(VerbForm):
    """Enter one permit: the unit gets its posts."""

    page_title = gettext_lazy("Enter a permit")
    done = gettext_lazy("The permit was entered and its posts are permitted.")

    def make_form(self, *args: Any) -> Form:
        units = units_in_scope(user_of(self.request), Role.ESTABLISHMENT_OFFICE).filter(is_active=True)
        return PermitForm(*args, units=units)

    def run(self, user: User, values: dict[str, Any]) -> Any:
        return domain.issue_permit(actor=user, **values)


class NewEnvelope(VerbForm):
    """Set posts aside for one purpose."""

    page_title = gettext_lazy("New envelope")
    form_class = EnvelopeForm
    done = gettext_lazy("The envelope was made with its posts.")

    def run(self, user: User, values: dict[str, Any]) -> Any:
        county = Unit.objects.get(parent=None)
        return domain.create_envelope(actor=user, unit=county, **values)


class ImportPermits(VerbForm):
    """Upload a sheet of permits; a preview comes first."""

    page_title = gettext_lazy("Import permits")
    form_class = SheetForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SheetForm(request.POST, request.FILES)
        if form.is_valid():
            upload, user = form.cleaned_data["file"], user_of(request)
            try:
                file = store_file(content=upload, name=upload.name, purpose=FILE_PURPOSE, owner=user, kinds=KINDS)
            except DomainError as refusal:
                form.add_error("file", refusal.message)
            else:
                title = _("Preview of %(file)s") % {"file": file.name}
                job = start_job(kind=PREVIEW, title=title, owner=user, arguments={}, source_file=file)
                return redirect("posts-import-preview", job.pk)
        return self.render_to_response(self.get_context_data(form=form))


class ImportPreview(OfficePage):
    """What an uploaded sheet would do; confirmed, it is done."""

    rule = may_manage_posts
    template_name = "establishment/preview.html"

    def crumbs(self) -> list[tuple[Any, str]]:
        return POSTS_HOME

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.job = self._job(request, kwargs["pk"])
        self.page_title = self.job.title
        return super().dispatch(request, *args, **kwargs)

    def _job(self, request: HttpRequest, pk: uuid.UUID) -> Job:
        if not may_manage_posts(user_of(request)):
            raise Http404
        return get_object_or_404(Job.objects.filter(owner=user_of(request), kind=PREVIEW), pk=pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(job=self.job, result=self.job.result, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.job.state != JobState.DONE or self.job.source_file is None:
            messages.error(request, _("The preview is not finished. Nothing was saved."))
            return redirect(request.path)
        title = _("Import of %(file)s") % {"file": self.job.source_file.name}
        job = start_job(
            kind=IMPORT, title=title, owner=user_of(request), arguments={}, source_file=self.job.source_file
        )
        return redirect("job", job.pk)


POSTS_HOME: list[tuple[Any, str]] = [(gettext_lazy("Ledger of posts"), "/admin/posts/")]
