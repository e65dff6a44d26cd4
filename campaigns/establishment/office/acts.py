"""Acts on the ledger: what must be given, which verb does it, and a rehearsal that shows its effect before."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from campaigns.establishment.enums import SlotMove, SlotType
from campaigns.establishment.models import SlotMovement
from campaigns.establishment.office.common import user_of
from campaigns.establishment.policies import may_manage_posts
from campaigns.establishment.queries import Balance, balances
from foundation.errors import DomainError
from foundation.ui.office import OfficePage


@dataclass(frozen=True)
class Act:
    """A verb on a unit, post, permit or envelope; `shown` says whether its state allows it at all."""

    name: str
    label: Promise
    done: Promise
    form: type[forms.Form]
    verb: Callable[[User, Any, dict[str, Any]], Any]
    shown: Callable[[Any], bool] = lambda _subject: True
    hint: Promise | str = ""


@dataclass(frozen=True)
class Change:
    """One unit's figures before and after: (heading, before, after) of those that change."""

    unit: str
    figures: Sequence[tuple[Any, int, int]]


@dataclass(frozen=True)
class Effect:
    """What an act would do: how many posts move how, their codes, and whose figures change."""

    moves: Sequence[tuple[Any, int]]
    codes: Sequence[str]
    changes: Sequence[Change]


class _Rehearsed(Exception):
    """Undoes the rehearsal."""


def rehearse(verb: Callable[[], Any]) -> Effect:
    """Run a verb, look at what it changed, and undo it: what the page shows is what the verb does.

    Raises whatever the verb refuses.
    """
    effect: Effect | None = None
    try:
        with transaction.atomic():
            last = SlotMovement.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            before = {kind: balances(slot_type=kind) for kind in SlotType.values}
            verb()
            rows = SlotMovement.objects.filter(pk__gt=last).order_by("pk").select_related("post")
            moves = Counter(row.move for row in rows)
            codes = list(dict.fromkeys(row.post.code for row in rows))
            changes = [
                change for kind in SlotType.values for change in _changes(before[kind], balances(slot_type=kind))
            ]
            effect = Effect([(SlotMove(name).label, number) for name, number in moves.items()], codes, changes)
            raise _Rehearsed
    except _Rehearsed:
        pass
    assert effect is not None
    return effect


def _changes(before: dict[int | None, Balance], after: dict[int | None, Balance]) -> list[Change]:
    names = dict(Unit.objects.values_list("pk", "name"))
    found = []
    for unit in sorted(before.keys() | after.keys(), key=str):
        old, new = (_figures(side.get(unit, Balance())) for side in (before, after))
        pairs = [(name, old[name], new[name]) for name in old if old[name] != new[name]]
        if pairs:
            found.append(Change(names.get(unit or 0, _("No unit: free or in the pool")), pairs))
    return found


def _figures(balance: Balance) -> dict[Any, int]:
    return {
        _("Authorised"): balance.authorised,
        _("On board"): balance.on_board,
        _("Free"): balance.free,
        _("County pool"): balance.pool,
        _("Allocated"): balance.allocated,
        _("Permitted"): balance.permitted,
        _("Published"): balance.reserved,
        _("Held"): balance.held,
        _("Vacated"): balance.vacated,
        _("Promised"): balance.committed,
        _("Planned exits"): balance.planned_exits,
        _("Available"): balance.available,
    }


class ActPage(OfficePage):
    """First the form, then what would change, then the act itself. Subclasses find the subject and know its acts."""

    rule = may_manage_posts
    template_name = "establishment/act.html"
    acts: dict[str, Act] = {}

    def back(self) -> str:
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.act = self.acts.get(kwargs["act"])
        if self.act is None:
            raise Http404
        self.page_title = self.act.label
        return super().dispatch(request, *args, **kwargs)

    def make_form(self, *args: Any) -> forms.Form:
        assert self.act
        return self.act.form(*args, subject=self.subject, user=user_of(self.request))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.act
        context = {"form": self.make_form(), "act": self.act, "back": self.back(), "effect": None}
        return super().get_context_data(**{**context, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        act, form = self.act, self.make_form(request.POST)
        assert act
        effect = None
        if form.is_valid() and "change" not in request.POST:
            values = form.cleaned_data
            try:
                if "confirm" in request.POST:
                    act.verb(user_of(request), self.subject, values)
                    messages.success(request, str(act.done))
                    return redirect(self.back())
                effect = rehearse(lambda: act.verb(user_of(request), self.subject, values))
            except DomainError as refusal:
                form.add_error(None, refusal.message)
        return self.render_to_response(self.get_context_data(form=form, effect=effect))
