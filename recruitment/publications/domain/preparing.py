"""Preparing a list, reading it over by a second person, throwing a draft away."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign, RuleSetVersion
from foundation.errors import Refused
from recruitment.publications.gate import problems_of
from recruitment.publications.models import Publication, PublicationEntry, PublicationKind, PublicationState
from recruitment.publications.policies import may_discard, may_prepare, may_read_before_release, may_review


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


def refuse_second_draft(campaign: Campaign, kind: str, **which: object) -> None:
    """Raises Refused if a list of this kind, narrowed by `which`, waits with the press already.

    The campaign stays locked until the transaction ends, so that of two people who prepare one list one does.
    """
    Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    states = (PublicationState.DRAFT, PublicationState.REVIEWED)
    waiting = Publication.objects.filter(campaign=campaign, kind=kind, state__in=states, **which).first()
    if waiting is not None:
        raise Refused(
            _("“%(title)s” waits with the press already; release or discard it first. Nothing was saved.")
            % {"title": waiting.title},
            code="list_waits",
        )


def prepare_free_notice(
    *,
    actor: User,
    campaign: Campaign,
    title: str,
    text: str,
    table: Sequence[Sequence[str]] = (),
    supersedes: Publication | None = None,
) -> Publication:
    """A notice in free words; the first line of `table` holds its headings. It passes the same gate as any list.

    Raises Refused without a title or a text, and as `prepare` does.
    """
    if not title.strip() or not text.strip():
        raise Refused(_("A notice needs a title and a text. Nothing was saved."), code="text_required")
    head, *rows = table or [[]]
    return prepare(
        actor=actor,
        campaign=campaign,
        kind=PublicationKind.OTHER,
        title=title.strip(),
        intro=text.strip(),
        columns=[{"code": f"column{number}", "label": label} for number, label in enumerate(head, start=1)],
        rows=rows,
        supersedes=supersedes,
    )


def locked(publication: Publication, state: PublicationState, message: str) -> Publication:
    """The list read again under lock; raises Refused with `message` unless it is in `state`."""
    rows = Publication.objects.select_for_update(of=("self",)).select_related("campaign", "rule_set", "supersedes")
    row = rows.filter(pk=publication.pk).first()
    if row is None or row.state != state:
        raise Refused(message, code="wrong_state")
    return row


@transaction.atomic
def review(*, actor: User, publication: Publication) -> Publication:
    """A second person has read the list and found nothing wrong; the gate must be clear.

    Raises NotAllowed for the person who prepared it, Refused with the first problems of the gate.
    """
    row = locked(publication, PublicationState.DRAFT, _("Only a draft can be reviewed. Nothing was saved."))
    require(may_review, actor, row)
    pass_gate(row)
    row.state, row.reviewed_by, row.reviewed_at = PublicationState.REVIEWED, actor, timezone.now()
    row.save(update_fields=["state", "reviewed_by", "reviewed_at"])
    audit.record(actor=actor, action="publications.review", subject=row)
    return row


@transaction.atomic
def discard(*, actor: User, publication: Publication, reason: str) -> None:
    """Throw a list away that has not been released, with the reason; a released one is only withdrawn."""
    row = Publication.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=publication.pk)
    require(may_discard, actor, row)
    if row.sequence is not None:
        raise Refused(_("A released list stays; withdraw it instead. Nothing was saved."), code="wrong_state")
    if not reason.strip():
        raise Refused(_("Say why the list is thrown away. Nothing was saved."), code="reason_required")
    audit.record(actor=actor, action="publications.discard", subject=row, reason=reason, before={"state": row.state})
    row.delete()


def pass_gate(publication: Publication) -> None:
    """Raises Refused with the first problems unless the list may go out."""
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


def note_reading(*, actor: User, publication: Publication) -> None:
    """Record that a person opened results before their release (duties of tracks 2.6: logged). Raises NotAllowed."""
    require(may_read_before_release, actor, publication)
    if publication.sequence is None and publication.kind != PublicationKind.OTHER:
        audit.record(actor=actor, action="publications.read_before_release", subject=publication)
