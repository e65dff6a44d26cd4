"""One permit with its posts and history, entering, importing, renewing, revoking."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AuditEntry, Unit, User
from campaigns.establishment import domain
from campaigns.establishment.domain.permits import rest_of
from campaigns.establishment.models import Permit
from campaigns.establishment.office import forms
from campaigns.establishment.office.acts import Act, ActPage
from campaigns.establishment.office.common import POSTS_HOME, user_of
from campaigns.establishment.policies import may_manage_posts, may_read_posts
from campaigns.establishment.queries import permit_use, permits_visible_to, posts_visible_to
from campaigns.establishment.tasks import IMPORT, PREVIEW
from foundation.dates import day
from foundation.errors import DomainError
from foundation.ui import imports as ui
from foundation.ui.components import Segment, TimelineStep
from foundation.ui.imports import ImportFlow, ImportPage
from foundation.ui.office import OfficeList, OfficePage

PERMITS_HOME = [*POSTS_HOME, (gettext_lazy("Permits"), "/admin/posts/permits/")]


def find_permit(request: HttpRequest, pk: int) -> Permit:
    """A permit the person may know of; raises Http404."""
    return get_object_or_404(permit_use(permits_visible_to(user_of(request))), pk=pk)


HISTORY = {
    "establishment.issue_permit": gettext_lazy("Issued"),
    "establishment.renew_permit": gettext_lazy("Renewed"),
    "establishment.revoke_permit": gettext_lazy("Revoked"),
    "establishment.expire_permit": gettext_lazy("Unpublished posts taken back after the last day"),
}


class PermitPage(OfficeList):
    """One permit: what it covers, how its posts stand, what happened to it."""

    rule = may_read_posts
    template_name = "establishment/permit.html"
    search_in = ("code", "purpose", "ledger_number")

    def find(self, request: HttpRequest, **kwargs: Any) -> Permit:
        return find_permit(request, kwargs["pk"])

    def crumbs(self) -> list[tuple[Any, str]]:
        return PERMITS_HOME

    def rows(self) -> Any:
        return (
            posts_visible_to(user_of(self.request)).filter(permit=self.subject).select_related("unit").order_by("code")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        permit, user = self.subject, user_of(self.request)
        rest = rest_of(permit)
        bar = [
            Segment(_("Used"), permit.spent),
            Segment(_("Held"), permit.held),
            Segment(_("Published"), permit.reserved),
            Segment(_("Not published"), permit.waiting + rest),
        ]
        manages = bool(may_manage_posts(user, permit))
        acts = [act for act in PERMIT_ACTS.values() if manages and act.shown(permit)]
        context = {"bar_parts": bar, "rest": rest, "steps": self._steps(), "acts": acts, "today": timezone.localdate()}
        return super().get_context_data(**context, **kwargs)

    def _steps(self) -> list[TimelineStep]:
        entries = AuditEntry.objects.filter(
            object_type="establishment.permit", object_id=str(self.subject.pk), action__in=HISTORY
        )
        steps = [
            TimelineStep(HISTORY[row.action], row.at, "done", f"{row.actor} · {row.reason}".strip(" ·"))
            for row in entries.select_related("actor").order_by("pk")
        ]
        permit = self.subject
        if permit.revoked_at is None:
            over = permit.expires_on < timezone.localdate()
            what = _("Last day was %(day)s") if over else _("Last day is %(day)s")
            steps.append(TimelineStep(what % {"day": day(permit.expires_on)}, None, "stopped" if over else "next"))
        return steps


PERMIT_ACTS = {
    act.name: act
    for act in (
        Act("renew", gettext_lazy("Renew the permit"), gettext_lazy("The permit was renewed."), forms.RenewForm,
            lambda user, permit, values: domain.renew_permit(actor=user, permit=permit, **values),
            shown=lambda permit: permit.revoked_at is None),
        Act("revoke", gettext_lazy("Revoke the permit"), gettext_lazy("The permit was revoked."), forms.RevokeForm,
            lambda user, permit, values: domain.revoke_permit(actor=user, permit=permit, **values),
            shown=lambda permit: permit.revoked_at is None,
            hint=gettext_lazy("Posts published or held stay as they are and are listed as waiting too long.")),
    )
}  # fmt: skip


class PermitAct(ActPage):
    """One act on a permit."""

    acts = PERMIT_ACTS

    def find(self, request: HttpRequest, **kwargs: Any) -> Permit:
        return find_permit(request, kwargs["pk"])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*PERMITS_HOME, (self.subject.number, self.back())]

    def back(self) -> str:
        return reverse("posts-permit", args=[self.subject.pk])


class VerbForm(OfficePage):
    """A form that calls one verb and returns to the overview."""

    rule = may_manage_posts
    template_name = "establishment/form.html"
    form_class: type[Form]
    done: Any = ""

    def crumbs(self) -> list[tuple[Any, str]]:
        return POSTS_HOME

    def make_form(self, *args: Any) -> Form:
        return self.form_class(*args, user=user_of(self.request))  # type: ignore[call-arg]

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
    form_class = forms.PermitForm
    done = gettext_lazy("The permit was entered and its posts are permitted.")

    def run(self, user: User, values: dict[str, Any]) -> Any:
        return domain.issue_permit(actor=user, **values)


class NewEnvelope(VerbForm):
    """Set posts aside for one purpose."""

    page_title = gettext_lazy("New envelope")
    form_class = forms.EnvelopeForm
    done = gettext_lazy("The envelope was made with its posts.")

    def run(self, user: User, values: dict[str, Any]) -> Any:
        return domain.create_envelope(actor=user, unit=Unit.objects.get(parent=None), **values)


class _Sheet(ImportPage):
    flow = ImportFlow("posts-import", preview=PREVIEW, take=IMPORT)
    rule = may_manage_posts
    page_title = gettext_lazy("Import permits")

    def crumbs(self) -> list[tuple[Any, str]]:
        return PERMITS_HOME

    def arguments(self) -> dict[str, Any]:
        return {}


class ImportUpload(_Sheet, ui.ImportUpload):
    """Upload a sheet of permits; a preview comes first."""

    template_name = "establishment/import.html"


class ImportPreview(_Sheet, ui.ImportPreview):
    """What an uploaded sheet would do."""

    template_name = "establishment/import_preview.html"


class ImportConfirm(_Sheet, ui.ImportConfirm):
    """No page of its own."""
