"""The registers of the ledger: permits and movements of posts."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from accounts import audit
from accounts.models import Unit, User
from campaigns.establishment.models import Permit, SlotMovement
from campaigns.establishment.policies import may_manage_posts, may_read_posts
from campaigns.establishment.queries import in_scope_of_county, permit_use, permits_visible_to, posts_visible_to
from foundation.dates import day, moment
from foundation.ui.registers import Cell, Link, ScopedModelViewSet, Title


class LedgerRegister(ScopedModelViewSet):
    """A register below the ledger; taking rows out is an entry of the trail."""

    view_rule = may_read_posts
    above = ((_("Ledger of posts"), "posts-overview"),)

    def exporting(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        assert isinstance(request.user, User)
        subject = Unit.objects.filter(parent=None).first() or request.user
        after = {"sheet": self.export_filename, "rows": rows.count()}
        audit.record(actor=request.user, action="establishment.export", subject=subject, after=after)
        return rows


class PermitFilter(WagtailFilterSet):
    show = django_filters.ChoiceFilter(
        choices=[("valid", _("Valid")), ("ended", _("Expired")), ("revoked", _("Revoked"))],
        method="showing", label=_("State"),
    )  # fmt: skip

    class Meta:
        model = Permit
        fields: list[str] = []

    def showing(self, rows: QuerySet[Permit], name: str, value: str) -> QuerySet[Permit]:
        today = timezone.localdate()
        if value == "revoked":
            return rows.filter(revoked_at__isnull=False)
        if value == "ended":
            return rows.filter(revoked_at=None, expires_on__lt=today)
        return rows.filter(revoked_at=None, issued_on__lte=today, expires_on__gte=today)


def _valid_until(permit: Permit) -> str:
    if permit.revoked_at:
        return format_html('<span class="pill pill--fail">{}</span>', gettext("Revoked"))
    late = "po-late" if permit.expires_on < timezone.localdate() else ""
    return format_html('<span class="{}">{}</span>', late, day(permit.expires_on))


COUNTS = {
    "slots": _("Posts"), "waiting": _("Not published"), "reserved": _("Published"), "held": _("Held"),
    "spent": _("Used"),
}  # fmt: skip


class PermitViewSet(LedgerRegister):
    """Permits of the units a person covers, with how their posts stand."""

    model = Permit
    name = "posts_permits"
    url_prefix = "posts/permits"
    icon = "doc-full"
    page_title = _("Permits")
    empty_hint = _("Permits are entered one by one or imported from a sheet.")
    inspect_view_enabled = False
    links = (
        Link(_("Enter a permit"), "posts-permit-new", "plus", may_manage_posts),
        Link(_("Import permits"), "posts-import", "upload", may_manage_posts),
    )
    search_fields = ["number", "unit__name", "unit__code"]
    filterset_class = PermitFilter
    ordering = ("-issued_on", "number")
    export_filename = "permits"
    list_display = [
        Title("number", label=_("Permit number"), url_name="posts-permit"),
        Cell("unit", label=_("Unit"), get_url=lambda row: reverse("posts-unit", args=[row.unit.code])),
        *(Cell(name, label=label, classname="num") for name, label in COUNTS.items()),
        Cell("expires_on", label=_("Valid until"), accessor=_valid_until, classname="brief"),
        Cell("envelope", label=_("Envelope")),
    ]
    list_export = ["number", "unit", "envelope", *COUNTS, "issued_on", "expires_on", "revoked_at"]
    export_headings = {**COUNTS, "waiting": _("Permitted"), "unit": _("Unit"), "envelope": _("Envelope")}

    def scope_of(self, user: Any) -> QuerySet[Permit]:
        return permits_visible_to(user)

    def listed(self, rows: QuerySet[Permit]) -> QuerySet[Permit]:
        return permit_use(rows)


class MovementFilter(WagtailFilterSet):
    unit = django_filters.CharFilter(method="of_unit", label=_("Code of the unit"))

    class Meta:
        model = SlotMovement
        fields = ["move", "from_state", "to_state"]

    def of_unit(self, rows: QuerySet[SlotMovement], name: str, value: str) -> QuerySet[SlotMovement]:
        """What came to the unit or left it, found along the indexes of both."""
        unit = Unit.objects.filter(code=value).first()
        return rows.filter(Q(to_unit=unit) | Q(from_unit=unit)) if unit else rows.none()


class MovementViewSet(LedgerRegister):
    """The log of movements, for the posts a person may see."""

    model = SlotMovement
    icon = "history"
    name = "post_movements"
    url_prefix = "posts/movements"
    list_related = ("post__unit", "actor")
    ordering = "-pk"
    search_fields = ["post__code", "document", "reason"]
    filterset_class = MovementFilter
    export_filename = "movements"
    list_display = [
        Title("post", label=_("Post"), url_name="post_movements:inspect"),
        Cell("post.unit", label=_("Unit")),
        Cell("get_from_state_display", label=_("State before")),
        Cell("get_to_state_display", label=_("To")),
        Cell("document", label=_("Document")),
        Cell("actor", label=_("By"), classname="brief"),
        Cell("at", label=_("Time"), accessor=lambda row: moment(row.at, "s"), classname="brief"),
    ]
    list_export = ["post", "move", "from_state", "to_state", "at", "document", "reason_code", "reason"]
    inspect_view_fields = [
        "post", "move", "from_state", "to_state", "at", "actor", "reason_code", "reason", "document",
    ]  # fmt: skip

    def scope_of(self, user: Any) -> QuerySet[SlotMovement]:
        if not isinstance(user, User):
            return SlotMovement.objects.none()
        if in_scope_of_county(user):
            return SlotMovement.objects.all()
        return SlotMovement.objects.filter(post__in=posts_visible_to(user))


REGISTERS = (PermitViewSet(), MovementViewSet())
