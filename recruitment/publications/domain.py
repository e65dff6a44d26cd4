"""Verbs of the press: prepare, review by a second person, release at one moment, withdraw. Never edit."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.duties import another_person
from accounts.models import User
from accounts.policies import require
from campaigns.planning.domain import advance_campaign, mark_happened
from campaigns.planning.machine import CAMPAIGNS
from campaigns.planning.models import Campaign, RuleSetVersion
from campaigns.planning.queries import calendar, rules_of
from foundation.errors import Refused
from foundation.language import rule_language
from recruitment.publications.gate import problems_of
from recruitment.publications.models import Publication, PublicationEntry, PublicationKind, PublicationState
from recruitment.publications.policies import may_prepare, may_release
from recruitment.publications.seal import GENESIS, digest_of
from recruitment.publications.signals import publication_released
from rulebook.explanation import RuleError
from rulebook.notice_period import notice_end

WITH_NOTICE_PERIOD = (PublicationKind.PROPOSED_HIRES, PublicationKind.AWARD)
CHAIN_LOCK = 7_311_001
MILESTONES = {
    PublicationKind.SCORES: "scores",
    PublicationKind.SHORTLIST: "shortlist",
    PublicationKind.TOTALS: "totals",
    PublicationKind.SELECTION: "totals",
    PublicationKind.PROPOSED_HIRES: "notice",
    PublicationKind.AWARD: "award",
}
CAMPAIGN_MOVES = {
    PublicationKind.SCORES: "publish_scores",
    PublicationKind.SHORTLIST: "publish_shortlist",
    PublicationKind.TOTALS: "publish_totals",
    PublicationKind.SELECTION: "publish_totals",
    PublicationKind.PROPOSED_HIRES: "publish_notice",
}


@transaction.atomic
def prepare(
    *,
    actor: User,
    campaign: Campaign,
    kind: str,
    title: str,
    columns: Sequence[Mapping[str, str]],
    rows: Sequence[Sequence[str]],
    intro: str = "",
    entries: Mapping[int, int] | None = None,
    rule_set: RuleSetVersion | None = None,
    supersedes: Publication | None = None,
) -> Publication:
    """A draft list. `columns` are {"code", "label"}, `rows` printed cells.

    `entries` maps row numbers (from 1) to ids of the applications they speak of. `supersedes` is the released list that
    this one will replace. Raises Refused if a row has another number of cells than there are columns, or if another
    list that replaces the same one waits already.
    """
    require(may_prepare, actor, campaign)
    if supersedes is not None and Publication.objects.filter(supersedes=supersedes).exists():
        raise Refused(
            _("A correction of “%(title)s” waits already; release or discard it first. Nothing was saved.")
            % {"title": supersedes.title},
            code="correction_waits",
        )
    wrong = [number for number, row in enumerate(rows, start=1) if len(row) != len(columns)]
    if wrong:
        raise Refused(_("Row %(row)s does not fit the columns. Nothing was saved.") % {"row": wrong[0]})
    publication = Publication.objects.create(
        campaign=campaign, kind=kind, title=title, intro=intro, columns=[dict(column) for column in columns],
        rows=[[str(cell) for cell in row] for row in rows], rule_set=rule_set, prepared_by=actor, supersedes=supersedes,
    )  # fmt: skip
    PublicationEntry.objects.bulk_create(
        [
            PublicationEntry(publication=publication, application_id=application, row=row)
            for row, application in (entries or {}).items()
        ],
        batch_size=1000,
    )
    audit.record(
        actor=actor, action="publications.prepare", subject=publication, after={"kind": kind, "rows": len(rows)}
    )
    return publication


def _locked(publication: Publication, state: PublicationState, message: str) -> Publication:
    rows = Publication.objects.select_for_update(of=("self",)).select_related("campaign", "rule_set", "supersedes")
    row = rows.get(pk=publication.pk)
    if row.state != state:
        raise Refused(message, code="wrong_state")
    return row


@transaction.atomic
def review(*, actor: User, publication: Publication) -> Publication:
    """A second person has read the list and found nothing wrong; the gate must be clear.

    Raises NotAllowed for the person who prepared it, Refused with the first problems of the gate.
    """
    row = _locked(publication, PublicationState.DRAFT, _("Only a draft can be reviewed. Nothing was saved."))
    require(may_release & another_person(row.prepared_by_id), actor, row)
    _pass_gate(row)
    row.state, row.reviewed_by = PublicationState.REVIEWED, actor
    row.save(update_fields=["state", "reviewed_by"])
    audit.record(actor=actor, action="publications.review", subject=row)
    return row


@transaction.atomic
def discard(*, actor: User, publication: Publication, reason: str) -> None:
    """Throw a list away that has not been released, with the reason; a released one is only withdrawn."""
    row = Publication.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=publication.pk)
    require(may_prepare | may_release, actor, row)
    if row.sequence is not None:
        raise Refused(_("A released list stays; withdraw it instead. Nothing was saved."), code="wrong_state")
    if not reason.strip():
        raise Refused(_("Say why the list is thrown away. Nothing was saved."), code="reason_required")
    audit.record(actor=actor, action="publications.discard", subject=row, reason=reason, before={"state": row.state})
    row.delete()


def _pass_gate(publication: Publication) -> None:
    problems = problems_of(publication)
    if problems:
        shown = "; ".join(
            _("row %(row)s %(column)s: %(message)s") % {"row": item.row, "column": item.column, "message": item.message}
            for item in problems[:5]
        )
        raise Refused(
            _("%(n)s problems keep this list from going out: %(shown)s Nothing was saved.")
            % {"n": len(problems), "shown": shown},
            code="gate",
        )


@transaction.atomic
def release(*, actor: User, publication: Publication) -> Publication:
    """Make the list public now, for the query page and the file at once, and seal it (R94, R96).

    The notice period runs from this moment (R75). Raises Refused unless reviewed, or if the gate has a problem.
    """
    _take_chain_lock()
    row = _locked(publication, PublicationState.REVIEWED, _("Only a reviewed list can be released. Nothing was saved."))
    require(may_release, actor, row)
    _pass_gate(row)
    row.released_at = timezone.now()
    row.sequence = (Publication.objects.aggregate(last=Max("sequence"))["last"] or 0) + 1
    last = Publication.objects.filter(sequence=row.sequence - 1).first()
    row.previous_digest = last.digest if last else GENESIS
    row.notice_ends_at = _notice_end(row, row.released_at)
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


def _notice_end(publication: Publication, released_at: datetime) -> datetime | None:
    """The first moment after the notice period, by the campaign's rules and the calendar (R74); None if it has none."""
    if publication.kind not in WITH_NOTICE_PERIOD:
        return None
    try:
        last = notice_end(released_at, rules_of(publication.campaign).notice, calendar())
    except RuleError as problem:
        raise Refused(f"{problem.text(rule_language())} {_('Nothing was saved.')}", code=problem.code) from problem
    return datetime.combine(last + timedelta(days=1), time(), ZoneInfo(settings.TIME_ZONE))


@transaction.atomic
def withdraw(*, actor: User, publication: Publication, reason: str) -> Publication:
    """Take a released list off the site, with the reason; it stays in the chain (tracks, 2.5, number 8)."""
    require(may_release, actor, publication)
    if not reason.strip():
        raise Refused(_("Say why the list is withdrawn. Nothing was saved."), code="reason_required")
    row = _locked(
        publication, PublicationState.RELEASED, _("Only a released list can be withdrawn. Nothing was saved.")
    )
    Publication.objects.filter(pk=row.pk).update(state=PublicationState.WITHDRAWN)
    row.state = PublicationState.WITHDRAWN
    audit.record(actor=actor, action="publications.withdraw", subject=row, reason=reason)
    return row
