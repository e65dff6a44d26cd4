"""One unit: its figures, permits, planned exits, posts and history, and what can be done with them."""

from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from campaigns.establishment import domain
from campaigns.establishment.enums import ExitEnd, SlotState, SlotType
from campaigns.establishment.models import EstablishedPost, PlannedExit, SlotMovement, StaffingChange
from campaigns.establishment.office import forms
from campaigns.establishment.office.acts import Act, ActPage
from campaigns.establishment.office.common import (
    POSTS_HOME,
    civil_service,
    day_asked,
    moment_asked,
    segments,
    type_asked,
    user_of,
)
from campaigns.establishment.policies import may_manage_posts, may_read_posts
from campaigns.establishment.queries import (
    Part,
    balance_of_unit,
    permit_use,
    posts_visible_to,
    readable_units,
    reserved_for,
)
from campaigns.establishment.rooms import outside_of
from foundation.ui.office import OfficeList


def find_unit(request: HttpRequest, code: str) -> Unit:
    """A unit the person may know of; raises Http404."""
    return get_object_or_404(readable_units(user_of(request)), code=code)


class UnitPosts(OfficeList):
    """One unit, today or on a past day."""

    rule = may_read_posts
    template_name = "establishment/unit.html"
    search_in = ("code", "permit__number", "ledger_number", "purpose")

    def find(self, request: HttpRequest, **kwargs: Any) -> Unit:
        return find_unit(request, kwargs["code"])

    def crumbs(self) -> list[tuple[Any, str]]:
        return POSTS_HOME

    def rows(self) -> QuerySet[EstablishedPost]:
        posts = posts_visible_to(user_of(self.request)).filter(unit=self.subject, slot_type=type_asked(self.request))
        if state := self.request.GET.get("state"):
            posts = posts.filter(state=state)
        return posts.select_related("permit", "envelope").order_by("code")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        unit, slot_type = self.subject, type_asked(self.request)
        balance = balance_of_unit(unit, slot_type, moment_asked(self.request))
        manages = bool(may_manage_posts(user_of(self.request), unit))
        context.update(
            balance=balance,
            bar_parts=segments(balance),
            as_of=day_asked(self.request),
            type=slot_type,
            outside=[] if day_asked(self.request) else outside_of(Unit.objects.filter(pk=unit.pk)),
            civil=civil_service(Part(unit=unit), slot_type, moment_asked(self.request)),
            types=SlotType.choices,
            states=SlotState.choices,
            state=self.request.GET.get("state", ""),
            reserved=reserved_for([unit.pk], slot_type).get(unit.pk, []),
            permits=permit_use(unit.permits.filter(slot_type=slot_type)).order_by("-issued_on")[:20],
            exits=PlannedExit.objects.filter(post__unit=unit, end=ExitEnd.OPEN).select_related("post", "lent_post")[
                :50
            ],
            movements=SlotMovement.objects.filter(
                Q(slot_type=slot_type, from_unit=unit) | Q(slot_type=slot_type, to_unit=unit)
            )
            .select_related("post", "actor")
            .order_by("-pk")[:15],
            changes=StaffingChange.objects.filter(unit=unit, slot_type=slot_type).select_related("actor")[:10],
            staffing=unit.staffing.filter(slot_type=slot_type).first(),
            acts=[act for act in UNIT_ACTS.values() if manages and act.shown(unit)],
        )
        return context


def _allocate(user: User, unit: Unit, values: dict[str, Any]) -> Any:
    envelope = values.pop("envelope")
    if envelope is None:
        return domain.allocate_from_pool(actor=user, unit=unit, **values)
    return domain.allocate_posts(actor=user, unit=unit, envelope=envelope, **values)


def _refill(user: User, unit: Unit, values: dict[str, Any]) -> Any:
    posts = EstablishedPost.objects.filter(unit=unit, state=SlotState.VACATED).order_by("pk")[: values["count"]]
    return domain.refill_posts(actor=user, posts=posts, document=values["document"])


UNIT_ACTS = {
    act.name: act
    for act in (
        Act("allocate", _("Allocate posts"), _("The posts were allocated."), forms.AllocateForm, _allocate),
        Act("give-back", _("Take posts back"), _("The posts were taken back."), forms.GiveBackForm,
            lambda user, unit, values: domain.give_back_posts(actor=user, unit=unit, **values)),
        Act("transfer", _("Transfer posts"), _("The posts were transferred."), forms.TransferForm,
            lambda user, unit, values: domain.transfer_posts(actor=user, source=unit, **values),
            hint=_("Vacant posts only. At the other unit they need a permit of their own.")),
        Act("promise", _("Promise posts to a channel"), _("The posts were promised."), forms.PromiseForm,
            lambda user, unit, values: domain.commit_posts(actor=user, unit=unit, **values),
            hint=_("Promised posts can no longer be published.")),
        Act("unpromise", _("Take a promise back"), _("The promise was taken back."), forms.UnpromiseForm,
            lambda user, unit, values: domain.withdraw_commitment(actor=user, unit=unit, **values)),
        Act("enter", _("Enter a person from a channel"), _("The person was entered."), forms.EnterForm,
            lambda user, unit, values: domain.enter_from_channel(actor=user, unit=unit, **values)),
        Act("seat", _("Give a person without a post one"), _("The person has a post."), forms.SeatForm,
            lambda user, unit, values: domain.seat_extra_person(actor=user, unit=unit, **values),
            shown=lambda unit: unit.staffing.filter(extra_count__gt=0).exists()),
        Act("refill", _("Open vacated posts again"), _("The posts may be filled again."), forms.CountForm, _refill,
            shown=lambda unit: unit.established_posts.filter(state=SlotState.VACATED).exists()),
        Act("lend", _("Lend pool posts against planned exits"), _("The posts were lent."), forms.CountForm,
            lambda user, unit, values: domain.lend_against_exits(actor=user, unit=unit, **values),
            shown=lambda _unit: settings.PRE_USE_OF_EXITS,
            hint=_("When the person leaves, the vacated post goes to the pool in exchange.")),
        Act("register", _("Enter the unit's own posts"), _("The unit's posts were entered."), forms.UnitPostsForm,
            lambda user, unit, values: domain.register_unit_posts(actor=user, unit=unit, **values),
            shown=lambda unit: not unit.established_posts.filter(envelope=None, is_pool=False).exists()),
    )
}  # fmt: skip


class UnitAct(ActPage):
    """One act on a unit's posts."""

    acts = UNIT_ACTS

    def find(self, request: HttpRequest, **kwargs: Any) -> Unit:
        return find_unit(request, kwargs["code"])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*POSTS_HOME, (self.subject.name, self.back())]

    def back(self) -> str:
        return reverse("posts-unit", args=[self.subject.code])
