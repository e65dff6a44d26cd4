"""What can be done with a list in its state: the effect in words, who may, and what must be given with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.models import User
from accounts.policies import Decision, Predicate
from campaigns.planning.enums import CampaignState
from campaigns.planning.machine import CAMPAIGNS
from foundation.dates import moment
from foundation.errors import Refused
from foundation.jobs.work import Work
from recruitment.publications import domain
from recruitment.publications.domain.releasing import CAMPAIGN_MOVES
from recruitment.publications.models import Publication, PublicationKind, PublicationState
from recruitment.publications.office.forms import EmptyForm, MomentForm, ReasonForm
from recruitment.publications.policies import may_discard, may_release, may_review
from recruitment.publications.rooms import RELEASE_EFFECTS, WITHDRAWAL_EFFECTS
from recruitment.publications.tasks import release_now

S = PublicationState


@dataclass(frozen=True)
class Act:
    """A verb on a list, or a job; `effects` says in words what will change; `leads` marks the act that goes on."""

    name: str
    label: Promise
    done: Promise
    effects: Callable[[Publication], list[str]]
    fits: Callable[[Publication], bool]
    rule: Predicate
    verb: Callable[..., Any] | Work
    form: type[forms.Form] = EmptyForm
    leads: bool = False


def _review(publication: Publication) -> list[str]:
    lines = [
        _("You confirm that you have read the list and found nothing wrong; your name and the time are kept."),
        _("It does not go public by this. It may then be released, now or at an hour that is set."),
    ]
    return [*lines, _prepared(publication)]


def _prepared(publication: Publication) -> str:
    return _("Prepared by %(who)s; whoever prepared it can't review it.") % {"who": publication.prepared_by}


def release_effects(publication: Publication) -> list[str]:
    """What a release now would do, from the list's own rules and from the room it belongs to."""
    lines = [_("Public at once, for everyone: the list, its file and the feed. It can never be edited again.")]
    people = publication.entries.count()
    if people and publication.kind != PublicationKind.PROPOSED_HIRES:
        told = ngettext(
            "%(n)s person on it can see this result in their own account.",
            "%(n)s people on it can see this result in their own accounts.",
            people,
        )
        lines.append(told % {"n": people})
    return [*lines, *_notice(publication), *_campaign(publication), *_of_room(publication), *_replaced(publication)]


def _notice(publication: Publication) -> list[str]:
    try:
        until = domain.notice_end_of(publication, timezone.now())
    except Refused as problem:
        return [problem.message]
    return [_("The notice period runs until %(until)s.") % {"until": moment(until)}] if until else []


def _campaign(publication: Publication) -> list[str]:
    move, state = CAMPAIGN_MOVES.get(PublicationKind(publication.kind), ""), publication.campaign.state
    if not move or not CAMPAIGNS.can(move, state):
        return []
    target = CampaignState(CAMPAIGNS.moves[move].target).label
    return [_("The campaign moves on to “%(state)s”.") % {"state": target}]


def _of_room(publication: Publication) -> list[str]:
    find = RELEASE_EFFECTS.get(publication.kind)
    return list(find(publication)) if find else []


def _replaced(publication: Publication) -> list[str]:
    old = publication.supersedes
    if old is None or old.state != S.RELEASED:
        return []
    return [_("It replaces “%(title)s” (no. %(n)s), which is withdrawn.") % {"title": old.title, "n": old.sequence}]


def _schedule(publication: Publication) -> list[str]:
    return [
        _("The system releases the list by itself at this hour; until then the hour can be changed or taken back."),
        _("If it can't go out then, it stays inside, loses its hour, and the reason is shown here."),
        *release_effects(publication)[1:],
    ]


def _unschedule(publication: Publication) -> list[str]:
    return [_("The list stays reviewed and goes out only when somebody releases it or sets another hour.")]


def _discard(publication: Publication) -> list[str]:
    return [_("The list is deleted and must be prepared anew. The reason stays in the audit trail.")]


def _withdraw(publication: Publication) -> list[str]:
    lines = [
        _("It disappears from the public site at once. Its number and digest stay in the chain."),
        _("A withdrawn list can't be put out again; a corrected one must be prepared."),
    ]
    if publication.kind not in (PublicationKind.PROPOSED_HIRES, PublicationKind.OTHER):
        lines.append(_("Until the corrected list is out, candidates don't see this result in their accounts."))
    find = WITHDRAWAL_EFFECTS.get(publication.kind)
    return [*lines, *(find(publication) if find else [])]


ACTS = (
    Act("review", pgettext_lazy("list", "Review"), gettext_lazy("The list is reviewed."), _review,
        lambda row: row.state == S.DRAFT, may_review, domain.review, leads=True),
    Act("release", gettext_lazy("Release now"), gettext_lazy("The list is public."), release_effects,
        lambda row: row.state == S.REVIEWED, may_release, release_now, leads=True),
    Act("schedule", gettext_lazy("Release at a set hour"), gettext_lazy("The hour of the release is set."), _schedule,
        lambda row: row.state == S.REVIEWED, may_release, domain.schedule_release, MomentForm),
    Act("unschedule", gettext_lazy("Take the hour back"), gettext_lazy("The hour was taken back."), _unschedule,
        lambda row: row.state == S.REVIEWED and row.release_at is not None, may_release,
        lambda **told: domain.schedule_release(at=None, **told)),
    Act("discard", gettext_lazy("Discard"), gettext_lazy("The list was discarded."), _discard,
        lambda row: row.state in (S.DRAFT, S.REVIEWED), may_discard, domain.discard, ReasonForm),
    Act("withdraw", gettext_lazy("Withdraw"), gettext_lazy("The list is withdrawn."), _withdraw,
        lambda row: row.state == S.RELEASED, may_release, domain.withdraw, ReasonForm),
)  # fmt: skip
BY_NAME = {act.name: act for act in ACTS}


def acts_of(user: User, publication: Publication) -> list[tuple[Act, Decision]]:
    """The acts that fit the list's state, each with whether this person may do it and why not."""
    return [(act, act.rule(user, publication)) for act in ACTS if act.fits(publication)]
