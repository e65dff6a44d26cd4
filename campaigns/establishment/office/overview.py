"""The county's ledger as a tree with subtree sums, and the list of posts behind every number."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit, User
from campaigns.establishment.enums import ExitEnd, SlotState, SlotType
from campaigns.establishment.models import Envelope, EstablishedPost, SlotMovement
from campaigns.establishment.office.common import (
    POSTS_HOME,
    civil_service,
    day_asked,
    moment_asked,
    segments,
    sheet_response,
    small_bar,
    type_asked,
    user_of,
)
from campaigns.establishment.policies import may_manage_posts, may_read_posts
from campaigns.establishment.queries import (
    Balance,
    Part,
    balances,
    in_scope_of_county,
    posts_as_of,
    posts_visible_to,
    readable_paths,
    readable_units,
    total,
)
from campaigns.establishment.rooms import outside_of
from foundation.ui.office import OfficeList

VACANT = (SlotState.ALLOCATED, SlotState.PERMITTED, SlotState.VACATED)
ONLY = {
    "available": (gettext_lazy("With posts available"), lambda balance: balance.available > 0),
    "over": (gettext_lazy("Above the authorised number"), lambda balance: balance.over > 0),
    "bound": (gettext_lazy("With posts published or held"), lambda balance: balance.reserved + balance.held > 0),
    "exits": (gettext_lazy("With planned exits"), lambda balance: balance.planned_exits > 0),
}


@dataclass(frozen=True)
class Line:
    """One unit: how deep it stands in the tree, its figures with those below it, and whether there are any below."""

    unit: Unit
    depth: int
    balance: Balance
    has_units: bool

    @property
    def bar(self) -> list[dict[str, object]]:
        return small_bar(self.balance)

    @property
    def cells(self) -> list[tuple[Any, int, str]]:
        """(heading, figure, query of its list) in the order of the columns."""
        b = self.balance
        under = {"under": self.unit.code}
        return [
            (_("Authorised"), b.authorised, urlencode(under)),
            (_("On board"), b.on_board, urlencode({**under, "state": SlotState.USED})),
            (_("Published"), b.reserved, urlencode({**under, "state": SlotState.RESERVED})),
            (_("Held"), b.held, urlencode({**under, "state": SlotState.HELD})),
            (_("Promised"), b.committed, ""),
            (_("Planned exits"), b.planned_exits, urlencode({**under, "exits": "1"})),
            (_("Available"), b.available, urlencode({**under, "state": "vacant"})),
        ]


def tree_lines(units: list[Unit], found: Mapping[int | None, Balance]) -> list[Line]:
    """The units in tree order, each with the sum over itself and all below; units without posts are left out."""
    below: dict[str, list[Balance]] = {unit.path: [] for unit in units}
    parents: set[str] = set()
    for unit in units:
        balance = found.get(unit.pk)
        codes = unit.path.split("/")[:-1]
        above = ["/".join(codes[: number + 1]) + "/" for number in range(len(codes))]
        for path in above:
            if balance and path in below:
                below[path].append(balance)
        if balance:
            parents.update(above[:-1])
    top = min((unit.path.count("/") for unit in units), default=0)
    return [
        Line(unit, unit.path.count("/") - top, total(below[unit.path]), unit.path in parents)
        for unit in units
        if below[unit.path]
    ]


def part_of(user: User) -> Part:
    """The part of the county the person may see."""
    return Part() if in_scope_of_county(user) else Part(paths=readable_paths(user))


class Overview(OfficeList):
    """Envelopes with where their posts are, and the tree of units with its figures, today or on a past day."""

    rule = may_read_posts
    page_title = gettext_lazy("Ledger of posts")
    template_name = "establishment/overview.html"
    page_size = 60

    def rows(self) -> QuerySet[Unit]:
        return readable_units(user_of(self.request))

    def found(self) -> Any:
        """Lines rather than units: the filters look at sums. Searched or filtered, the tree is a plain list."""
        user, at = user_of(self.request), moment_asked(self.request)
        self.sums = balances(part_of(user), slot_type=type_asked(self.request), at=at)
        lines = tree_lines(list(self.rows()), self.sums)
        words = self.request.GET.get("q", "").split()[:6]
        only = ONLY.get(self.request.GET.get("only", ""))
        return [
            line
            for line in lines
            if all(word in line.unit.name or word in line.unit.code for word in words)
            and (only is None or (only[1](line.balance) and not line.has_units))
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("export") == "xlsx":
            return self._export(request)
        return super().get(request, *args, **kwargs)

    def _export(self, request: HttpRequest) -> HttpResponse:
        lines = self.found()
        day = day_asked(request) or timezone.localdate()
        heads = [_("Unit"), _("Code"), *(cell[0] for line in lines[:1] for cell in line.cells), _("Above authorised")]
        rows = (
            ["　" * line.depth + line.unit.name, line.unit.code, *(cell[1] for cell in line.cells), line.balance.over]
            for line in lines
        )
        name = _("Ledger of posts on %(day)s") % {"day": day.isoformat()}
        return sheet_response(request, name, heads, rows, subject=None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = user_of(self.request)
        sums = total(balance for unit, balance in self.sums.items() if unit)
        county = in_scope_of_county(user)
        context.update(
            sums=sums,
            sum_bar=segments(sums),
            loose=self.sums.get(None),
            outside=[] if day_asked(self.request) else outside_of(self.rows()),
            civil=civil_service(part_of(user), type_asked(self.request), moment_asked(self.request)),
            envelopes=Envelope.objects.order_by("code") if county else [],
            may_manage=bool(may_manage_posts(user)),
            as_of=day_asked(self.request),
            types=SlotType.choices,
            type=type_asked(self.request),
            only=self.request.GET.get("only", ""),
            onlys=[(key, label) for key, (label, _test) in ONLY.items()],
            carried=_carried(self.request),
        )
        return context


def _carried(request: HttpRequest) -> str:
    """The day and the type of post, carried into the lists behind the figures."""
    kept = {name: request.GET[name] for name in ("as_of", "type") if request.GET.get(name)}
    return f"&{urlencode(kept)}" if kept else ""


class PostList(OfficeList):
    """The posts behind a figure: of a unit and everything below it, an envelope or a permit; today or on a past day."""

    rule = may_read_posts
    page_title = gettext_lazy("Posts")
    template_name = "establishment/posts.html"
    search_in = ("code", "unit__name", "permit__number", "ledger_number", "purpose")

    def crumbs(self) -> list[tuple[Any, str]]:
        return POSTS_HOME

    def rows(self) -> QuerySet[EstablishedPost]:
        get, at = self.request.GET, moment_asked(self.request)
        rows = posts_as_of(at) if at else EstablishedPost.objects.all()
        rows = rows.filter(slot_type=type_asked(self.request))
        state, unit = ("then_state", "then_unit") if at else ("state", "unit")
        if get.get("under") or not in_scope_of_county(user_of(self.request)):
            units = self._units()
            rows = rows.filter(**{f"{unit}__in": units})
            if at:  # few posts ever came to these units: the past is asked of those only
                rows = rows.filter(pk__in=SlotMovement.objects.filter(to_unit__in=units, at__lte=at).values("post"))
        states = VACANT if get.get("state") == "vacant" else [get["state"]] if get.get("state") else []
        if states:
            rows = rows.filter(**{f"{state}__in": states})
        if get.get("envelope"):
            rows = rows.filter(envelope__code=get["envelope"])
        if get.get("exits"):
            rows = rows.filter(planned_exits__end=ExitEnd.OPEN).distinct()
        return rows.select_related("unit", "permit", "envelope").order_by("code")

    def _units(self) -> list[int]:
        units = readable_units(user_of(self.request))
        if under := self.request.GET.get("under"):
            above = units.filter(code=under).first()
            if above is None:
                return []
            units = units.filter(pk=above.pk) if self.request.GET.get("own") else units.under(above)
        return list(units.order_by().values_list("pk", flat=True))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("export") == "xlsx":
            return self._export(request)
        return super().get(request, *args, **kwargs)

    def _export(self, request: HttpRequest) -> HttpResponse:
        heads = [
            _("Post"), _("Unit"), _("Type of post"), _("State"), _("Since"), _("Permit"), _("Envelope"),
            _("Reserved for"), _("Number in the ledger"), _("Compared on"),
        ]  # fmt: skip
        return sheet_response(request, str(self.page_title), heads, self._sheet(), subject=None)

    def _sheet(self) -> Iterator[list[Any]]:
        names = dict(Unit.objects.values_list("pk", "name"))
        for post in self.found().iterator(chunk_size=2000):
            unit = getattr(post, "then_unit", post.unit_id)
            state = getattr(post, "then_state", post.state)
            yield [
                post.code, names.get(unit, ""), post.get_slot_type_display(), SlotState(state).label, post.state_since,
                str(post.permit or ""), str(post.envelope or ""), post.purpose, post.ledger_number, post.reconciled_on,
            ]  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        get = self.request.GET
        names = dict(Unit.objects.filter(code=get.get("under", "")).values_list("code", "name"))
        context.update(
            states=[("vacant", _("Vacant: allocated, permitted or vacated")), *SlotState.choices],
            state=get.get("state", ""),
            under=get.get("under", ""),
            own=get.get("own", ""),
            under_name=names.get(get.get("under", ""), ""),
            envelope=get.get("envelope", ""),
            exits=get.get("exits", ""),
            as_of=day_asked(self.request),
            type=type_asked(self.request),
            lines=[(post, *self._then(post, self._unit_names(context["page"]))) for post in context["page"]],
        )
        return context

    def _unit_names(self, page: Any) -> dict[int, Unit]:
        if not hasattr(self, "_names"):
            ids = {getattr(post, "then_unit", post.unit_id) for post in page}
            self._names = Unit.objects.in_bulk([pk for pk in ids if pk])
        return self._names

    @staticmethod
    def _then(post: EstablishedPost, names: dict[int, Unit]) -> tuple[Unit | None, Any]:
        unit = names.get(getattr(post, "then_unit", post.unit_id) or 0)
        return unit, SlotState(getattr(post, "then_state", post.state)).label


def list_url(**query: str) -> str:
    """The address of a list of posts."""
    return f"{reverse('posts-list')}?{urlencode(query)}"


def visible_posts(request: HttpRequest) -> QuerySet[EstablishedPost]:
    """Posts the person may know of."""
    return posts_visible_to(user_of(request)).select_related("unit", "permit", "envelope")
