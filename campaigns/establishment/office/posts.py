"""One post: where it stands, its whole history as a timeline, and what can be done with it."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from campaigns.establishment import domain
from campaigns.establishment.enums import ExitEnd, SlotState
from campaigns.establishment.models import EstablishedPost, PlannedExit
from campaigns.establishment.office import forms
from campaigns.establishment.office.acts import Act, ActPage
from campaigns.establishment.office.common import POSTS_HOME, user_of
from campaigns.establishment.policies import may_manage_posts, may_read_posts, may_reserve_posts
from campaigns.establishment.queries import posts_visible_to
from foundation.ui.components import Fact, TimelineStep
from foundation.ui.office import OfficePage


def find_post(request: HttpRequest, code: str) -> EstablishedPost:
    """A post the person may know of; raises Http404."""
    rows: QuerySet[EstablishedPost] = posts_visible_to(user_of(request))
    return get_object_or_404(rows.select_related("unit", "permit", "envelope"), code=code)


def open_exit(post: EstablishedPost) -> PlannedExit | None:
    """The exit planned for the person on the post."""
    return post.planned_exits.filter(end=ExitEnd.OPEN).select_related("lent_post").first()


class PostPage(OfficePage):
    """One post."""

    rule = may_read_posts
    template_name = "establishment/post.html"

    def find(self, request: HttpRequest, **kwargs: Any) -> EstablishedPost:
        return find_post(request, kwargs["code"])

    def crumbs(self) -> list[tuple[Any, str]]:
        unit = self.subject.unit
        return [*POSTS_HOME, *([(unit.name, reverse("posts-unit", args=[unit.code]))] if unit else [])]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        post, user = self.subject, user_of(self.request)
        planned = open_exit(post)
        facts = [
            Fact(_("State"), post.get_state_display()),
            Fact(_("Unit"), post.unit or "—"),
            Fact(_("Type of post"), post.get_slot_type_display()),
            Fact(_("Envelope"), post.envelope or "—"),
            Fact(_("Permit"), post.permit or "—"),
            Fact(_("Reserved for"), post.purpose or "—"),
            Fact(_("Number in the ledger"), post.ledger_number or "—"),
            Fact(_("Compared on"), post.reconciled_on or _("never")),
            Fact(_("Lent from the pool"), _("yes, returns there on exit") if post.is_pool else _("no")),
            *([Fact(_("Planned exit"), planned.expected_on)] if planned else []),
        ]
        moves = post.movements.select_related("actor", "from_unit", "to_unit").order_by("-pk")[:100]
        acts = [act for act in POST_ACTS.values() if may_act(user, post, act) and act.shown(post)]
        return super().get_context_data(facts=facts, steps=[_step(move) for move in moves], acts=acts, **kwargs)


def may_act(user: User, post: EstablishedPost, act: Act) -> bool:
    """Binding is also the talent office's, everything else the establishment office's."""
    return bool((may_reserve_posts if act.name == "bind" else may_manage_posts)(user, post))


def _step(move: Any) -> TimelineStep:
    where = move.to_unit or _("the county")
    note = _("%(where)s; document %(document)s; by %(who)s") % {
        "where": where,
        "document": move.document,
        "who": move.actor,
    }
    extra = " · ".join(filter(None, [move.purpose, move.reason]))
    return TimelineStep(move.get_move_display(), move.at, "done", f"{note} · {extra}" if extra else note)


def _withdraw(user: User, post: EstablishedPost, values: dict[str, Any]) -> Any:
    return domain.withdraw_exit(actor=user, planned=open_exit(post) or PlannedExit(post=post), **values)


def _return(user: User, post: EstablishedPost, values: dict[str, Any]) -> Any:
    return domain.return_lent_post(actor=user, planned=open_exit(post) or PlannedExit(post=post), **values)


def _incumbent(post: EstablishedPost) -> bool:
    """Someone is on the post who was not hired by a campaign; whoever was leaves through the appointment."""
    return post.state == SlotState.USED and not post.purpose


POST_ACTS = {
    act.name: act
    for act in (
        Act("plan-exit", gettext_lazy("Plan an exit"), gettext_lazy("The exit was noted."), forms.PlanExitForm,
            lambda user, post, values: domain.plan_exit(actor=user, post=post, **values),
            shown=lambda post: post.state == SlotState.USED and open_exit(post) is None),
        Act("withdraw-exit", gettext_lazy("The person stays"), gettext_lazy("The planned exit was withdrawn."),
            forms.RevokeForm, _withdraw, shown=lambda post: open_exit(post) is not None),
        Act("return-lent", gettext_lazy("Return the post lent against the exit"),
            gettext_lazy("The post lies in the pool again."), forms.RevokeForm, _return,
            shown=lambda post: getattr(open_exit(post), "lent_post_id", None) is not None),
        Act("vacate", gettext_lazy("The person left"), gettext_lazy("The post is vacated."), forms.VacateForm,
            lambda user, post, values: domain.vacate_post(actor=user, post=post, **values), shown=_incumbent),
        Act("refill", gettext_lazy("Open it to be filled again"), gettext_lazy("The post may be filled again."),
            forms.DocumentForm, lambda user, post, values: domain.refill_posts(actor=user, posts=[post], **values),
            shown=lambda post: post.state == SlotState.VACATED),
        Act("bind", gettext_lazy("Bind to a unit"), gettext_lazy("The post is bound to the unit."), forms.BindForm,
            lambda user, post, values: domain.bind_post(actor=user, post=post, **values),
            shown=lambda post: post.state == SlotState.HELD and post.unit.children.exists(),
            hint=gettext_lazy("The person was chosen first; this says which unit they go to.")),
    )
}  # fmt: skip


class PostAct(ActPage):
    """One act on a post."""

    rule = may_manage_posts | may_reserve_posts
    acts = POST_ACTS

    def find(self, request: HttpRequest, **kwargs: Any) -> EstablishedPost:
        return find_post(request, kwargs["code"])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*POSTS_HOME, (self.subject.code, self.back())]

    def back(self) -> str:
        return reverse("posts-post", args=[self.subject.code])
