"""What can be done with a campaign in its state: the effect, who may, and what must be given with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import Role
from accounts.models import User
from accounts.policies import Predicate
from campaigns.planning import domain, policies
from campaigns.planning.domain.plans import needs_posts, shortages
from campaigns.planning.enums import CampaignState
from campaigns.planning.machine import RUNNING
from campaigns.planning.models import Campaign
from campaigns.planning.office.forms import DocumentForm, EmptyForm, ReasonForm
from campaigns.planning.tasks import publication, voiding
from foundation.jobs.work import Work

S = CampaignState


@dataclass(frozen=True)
class Act:
    """A verb on a campaign, or a job; `effect` says in words what will change; `leads` marks the act that goes on."""

    name: str
    label: Promise
    done: Promise
    effect: Callable[[Campaign], list[str]]
    states: tuple[str, ...]
    rule: Predicate
    roles: tuple[Role, ...]
    verb: Callable[..., Any] | Work
    form: type[forms.Form] = EmptyForm
    leads: bool = False

    @property
    def who(self) -> str:
        return " / ".join(str(role.label) for role in self.roles)


def _submit(campaign: Campaign) -> list[str]:
    where = _("the establishment office") if needs_posts(campaign) else _("approval")
    return [_("The plan goes to %(where)s; its positions can't be changed any more.") % {"where": where}]


def _confirm(campaign: Campaign) -> list[str]:
    return shortages(campaign) or [_("Permits cover every unit; the plan goes on to approval.")]


def _approve(campaign: Campaign) -> list[str]:
    return [_("The plan is approved under the number you enter; the campaign may be published.")]


def _return(campaign: Campaign) -> list[str]:
    return [_("The plan goes back to drafting and must be submitted and approved again.")]


def _publish(campaign: Campaign) -> list[str]:
    counts = campaign.positions.count()
    lines = [
        ngettext("%(n)s position becomes public.", "%(n)s positions become public.", counts) % {"n": counts},
        _("The rules are frozen; from then on they change only by an amendment."),
    ]
    if not needs_posts(campaign):
        return [*lines, _("No established post is reserved for this campaign.")]
    heads = sum(campaign.positions.values_list("headcount_effective", flat=True))
    reserved = ngettext("%(n)s established post is reserved.", "%(n)s established posts are reserved.", heads)
    return [*lines, reserved % {"n": heads}, *shortages(campaign)]


def _suspend(campaign: Campaign) -> list[str]:
    return [_("Registration counts as closed and no step goes on until the campaign is resumed.")]


def _resume(campaign: Campaign) -> list[str]:
    return [_("The campaign goes on where it was.")]


def _close(campaign: Campaign) -> list[str]:
    return [_("The campaign is over; nothing of it can be changed any more.")]


def _void(campaign: Campaign) -> list[str]:
    return [_("All positions are cancelled, reserved posts go back to their units. This can't be undone.")]


_TALENT = (Role.TALENT_OFFICE,)
_POSTS = (Role.ESTABLISHMENT_OFFICE,)

ACTS = (
    Act("submit", gettext_lazy("Submit the plan"), gettext_lazy("The plan was submitted."), _submit,
        (S.PLAN_DRAFTING,), policies.may_plan, _TALENT, domain.submit_plan, leads=True),
    Act("confirm-posts", gettext_lazy("Confirm the posts"), gettext_lazy("The posts were confirmed."), _confirm,
        (S.QUOTA_REVIEW,), policies.may_confirm_posts, _POSTS, domain.confirm_posts, leads=True),
    Act("approve", gettext_lazy("Approve the plan"), gettext_lazy("The plan was approved."), _approve,
        (S.PLAN_APPROVAL,), policies.may_approve_plan, _TALENT, domain.approve_plan, DocumentForm, leads=True),
    Act("publish", gettext_lazy("Publish"), gettext_lazy("The campaign is public."), _publish,
        (S.APPROVED,), policies.may_publish, _TALENT, publication, leads=True),
    Act("return", gettext_lazy("Return the plan"), gettext_lazy("The plan was returned."), _return,
        (S.QUOTA_REVIEW, S.PLAN_APPROVAL, S.APPROVED), policies.may_approve_plan | policies.may_confirm_posts,
        (*_TALENT, *_POSTS), domain.return_plan, ReasonForm),
    Act("suspend", gettext_lazy("Suspend"), gettext_lazy("The campaign was suspended."), _suspend,
        RUNNING, policies.may_publish, _TALENT, domain.suspend_campaign, ReasonForm),
    Act("resume", gettext_lazy("Resume"), gettext_lazy("The campaign goes on."), _resume,
        (S.SUSPENDED,), policies.may_publish, _TALENT, domain.resume_campaign, ReasonForm, leads=True),
    Act("close", gettext_lazy("Close"), gettext_lazy("The campaign was closed."), _close,
        RUNNING, policies.may_advance, _TALENT, domain.close_campaign, ReasonForm),
    Act("void", gettext_lazy("Void"), gettext_lazy("The campaign was voided."), _void,
        (S.PLAN_DRAFTING, S.QUOTA_REVIEW, S.PLAN_APPROVAL, S.APPROVED, *RUNNING, S.SUSPENDED),
        policies.may_publish, _TALENT, voiding, ReasonForm),
)  # fmt: skip
BY_NAME = {act.name: act for act in ACTS}


def leading_act(campaign: Campaign) -> Act | None:
    """The act that brings the campaign on from its state, whoever may do it."""
    return next((act for act in ACTS if act.leads and campaign.state in act.states), None)


def acts_of(user: User, campaign: Campaign) -> list[Act]:
    """The acts the state allows and `user` may do."""
    return [act for act in ACTS if campaign.state in act.states and act.rule(user, campaign)]
