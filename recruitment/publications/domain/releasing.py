"""Release at one moment, by hand or at the hour that was set, and withdrawal. Never an edit."""

import logging
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.domain import advance_campaign, mark_happened
from campaigns.planning.machine import CAMPAIGNS
from foundation.errors import DomainError, Refused
from foundation.language import rule_language
from recruitment.publications.domain.preparing import locked, pass_gate
from recruitment.publications.models import MILESTONES, Publication, PublicationKind, PublicationState
from recruitment.publications.policies import may_release
from recruitment.publications.queries import notice_period_of
from recruitment.publications.seal import GENESIS, digest_of
from recruitment.publications.signals import publication_released
from rulebook.explanation import RuleError

logger = logging.getLogger(__name__)

WITH_NOTICE_PERIOD = (PublicationKind.PROPOSED_HIRES, PublicationKind.AWARD)
CHAIN_LOCK = 7_311_001
CAMPAIGN_MOVES = {
    PublicationKind.SCORES: "publish_scores",
    PublicationKind.SHORTLIST: "publish_shortlist",
    PublicationKind.TOTALS: "publish_totals",
    PublicationKind.SELECTION: "publish_totals",
    PublicationKind.PROPOSED_HIRES: "publish_notice",
}


@transaction.atomic
def release(*, actor: User, publication: Publication) -> Publication:
    """Make the list public now, for the query page and the file at once, and seal it (R94, R96).

    The notice period runs from this moment (R75). Raises Refused unless reviewed, or if the gate has a problem.
    """
    return _release(actor, _reviewed(publication))


def _reviewed(publication: Publication) -> Publication:
    _take_chain_lock()
    return locked(publication, PublicationState.REVIEWED, _("Only a reviewed list can be released. Nothing was saved."))


def _release(actor: User, row: Publication) -> Publication:
    """The release itself, for a caller that holds the chain and the list."""
    require(may_release, actor, row)
    pass_gate(row)
    row.released_at, row.released_by, row.release_problem = timezone.now(), actor, ""
    row.sequence = (Publication.objects.aggregate(last=Max("sequence"))["last"] or 0) + 1
    last = Publication.objects.filter(sequence=row.sequence - 1).first()
    row.previous_digest = last.digest if last else GENESIS
    row.notice_ends_at = notice_end_of(row, row.released_at)
    row.state = PublicationState.RELEASED
    row.digest = digest_of(row, row.previous_digest)
    row.save()
    audit.record(
        actor=actor, action="publications.release", subject=row, after={"digest": row.digest, "sequence": row.sequence}
    )
    _tell_campaign(actor, row)
    if row.supersedes is not None and row.supersedes.state == PublicationState.RELEASED:
        withdraw(actor=actor, publication=row.supersedes, reason=_("Replaced by “%(title)s”") % {"title": row.title})
    publication_released.send(sender=Publication, publication=row, actor=actor)
    return row


def _tell_campaign(actor: User, publication: Publication) -> None:
    """The campaign's timeline shows the release, and its state follows where the release is the next step."""
    kind = PublicationKind(publication.kind)
    key = MILESTONES.get(kind, "")
    campaign = publication.campaign
    if campaign.milestones.filter(key=key).exists():
        mark_happened(actor=actor, campaign=campaign, key=key, at=publication.released_at)
    name = CAMPAIGN_MOVES.get(kind, "")
    if name and CAMPAIGNS.can(name, campaign.state):
        advance_campaign(actor=actor, campaign=campaign, move=name)


def _take_chain_lock() -> None:
    """One release at a time: the chain has one end. SQLite's immediate transactions do this already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def notice_end_of(publication: Publication, released_at: datetime) -> datetime | None:
    """The first moment after the notice period of a list released at that moment, by the campaign's rules (R74).

    A correction starts the period anew, unless the rules keep that of the list it replaces (R75). None for a kind
    without a notice period. Raises Refused while the working-day calendar does not reach so far.
    """
    if publication.kind not in WITH_NOTICE_PERIOD:
        return None
    try:
        acts_from = notice_period_of(publication, released_at).act_from
    except RuleError as problem:
        raise Refused(f"{problem.text(rule_language())} {_('Nothing was saved.')}", code=problem.code) from problem
    return datetime.combine(acts_from, time(), ZoneInfo(settings.TIME_ZONE))


@transaction.atomic
def schedule_release(*, actor: User, publication: Publication, at: datetime | None) -> Publication:
    """Let a reviewed list go out by itself at `at` (aware); None takes the hour back. It can be set anew.

    Raises Refused unless reviewed, for a moment that is not ahead, or if the gate has a problem.
    """
    row = locked(publication, PublicationState.REVIEWED, _("Only a reviewed list can be scheduled. Nothing was saved."))
    require(may_release, actor, row)
    if at is not None:
        if at <= timezone.now():
            raise Refused(_("The moment of release must lie ahead. Nothing was saved."), code="past")
        pass_gate(row)
    before, row.release_at, row.release_problem = row.release_at, at, ""
    row.scheduled_by = actor if at else None
    row.save(update_fields=["release_at", "scheduled_by", "release_problem"])
    audit.record(
        actor=actor, action="publications.schedule_release", subject=row,
        before={"release_at": before.isoformat() if before else ""},
        after={"release_at": at.isoformat() if at else ""},
    )  # fmt: skip
    return row


def release_due_lists(*, actor: User) -> list[Publication]:
    """Release every reviewed list whose moment has come, the earliest first; run again it finds nothing left.

    A list that cannot go out loses its hour and keeps the reason, so that it does not slip out unexpectedly later.
    """
    due = Publication.objects.filter(state=PublicationState.REVIEWED, release_at__lte=timezone.now())
    out = []
    for publication in due.order_by("release_at", "pk"):
        try:
            row = _release_if_due(actor, publication)
        except DomainError as refusal:
            _keep_in(actor, publication, refusal)
        else:
            out += [row] if row else []
    return out


@transaction.atomic
def _release_if_due(actor: User, publication: Publication) -> Publication | None:
    """None if somebody released, discarded or moved it meanwhile."""
    _take_chain_lock()
    rows = Publication.objects.select_for_update(of=("self",)).select_related("campaign", "rule_set", "supersedes")
    still = rows.filter(pk=publication.pk, state=PublicationState.REVIEWED, release_at__lte=timezone.now()).first()
    return _release(actor, still) if still else None


@transaction.atomic
def _keep_in(actor: User, publication: Publication, refusal: DomainError) -> None:
    rows = Publication.objects.filter(pk=publication.pk, state=PublicationState.REVIEWED)
    if rows.filter(release_at=publication.release_at).update(release_at=None, release_problem=refusal.message):
        audit.record(
            actor=actor,
            action="publications.scheduled_release_failed",
            subject=publication,
            after={"code": refusal.code},
        )
        logger.warning("scheduled release failed", extra={"publication": publication.pk, "code": refusal.code})


@transaction.atomic
def withdraw(*, actor: User, publication: Publication, reason: str) -> Publication:
    """Take a released list off the site, with the reason; it stays in the chain (tracks, 2.5, number 8)."""
    require(may_release, actor, publication)
    if not reason.strip():
        raise Refused(_("Say why the list is withdrawn. Nothing was saved."), code="reason_required")
    row = locked(publication, PublicationState.RELEASED, _("Only a released list can be withdrawn. Nothing was saved."))
    told = {"withdrawn_at": timezone.now(), "withdrawn_by": actor, "withdrawal_reason": reason.strip()}
    Publication.objects.filter(pk=row.pk).update(state=PublicationState.WITHDRAWN, **told)
    row.refresh_from_db()
    audit.record(actor=actor, action="publications.withdraw", subject=row, reason=reason)
    return row
