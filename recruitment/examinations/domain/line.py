"""The lowest written mark that the authority sets after the exam: one person sets it, a second confirms it (R46)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.duties import another_person
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.errors import Refused
from foundation.files.models import PrivateFile
from recruitment.examinations.domain.ranking import AFTER_SHORTLIST, refuse_old_ranking, shortlists
from recruitment.examinations.domain.running import lock_running
from recruitment.examinations.lines import (
    categories_of,
    category_name,
    category_of,
    examinees_of,
    is_set_by_authority,
    open_positions,
    raise_for_kept,
)
from recruitment.examinations.models import WrittenLine
from recruitment.examinations.policies import is_not_recused_from_exam, may_set_line


@transaction.atomic
def set_line(
    *,
    actor: User,
    campaign: Campaign,
    value: Decimal,
    document: str,
    reason: str,
    exam_category: str = "",
    attachment: PrivateFile | None = None,
) -> WrittenLine:
    """The lowest written mark of a category, or of the campaign, by the document named; a second person confirms it.

    A line set before for the same is superseded, confirmed or not. Setting the same once more changes nothing. Raises
    NotAllowed for who is recused from one of the examinees, Refused where the rules leave no line to the authority,
    before the ranking, once the shortlist is made, and for a mark outside the scale.
    """
    require(may_set_line & is_not_recused_from_exam, actor, campaign)
    campaign = lock_running(campaign)
    _refuse_unfit(campaign, exam_category, value, document, reason)
    before = WrittenLine.objects.filter(campaign=campaign, exam_category=exam_category, superseded_at=None).first()
    told = {"value": value, "document": document.strip(), "reason": reason.strip()}
    if before and attachment is None and before.set_by_id == actor.pk and _same(before, told):
        return before
    now = timezone.now()
    if before:
        WrittenLine.objects.filter(pk=before.pk).update(superseded_at=now)
    line = WrittenLine.objects.create(
        campaign=campaign, exam_category=exam_category, attachment=attachment, set_by=actor, set_at=now, **told
    )
    audit.record(
        actor=actor, action="examinations.set_line", subject=line, reason=reason.strip(),
        before={"value": str(before.value), "document": before.document} if before else {},
        after={"value": str(value), "document": line.document, "category": exam_category},
    )  # fmt: skip
    return line


def _same(line: WrittenLine, told: dict[str, object]) -> bool:
    return all(getattr(line, name) == value for name, value in told.items())


def _refuse_unfit(campaign: Campaign, exam_category: str, value: Decimal, document: str, reason: str) -> None:
    rules = rules_of(campaign)
    if not is_set_by_authority(rules):
        raise Refused(
            _("The rules of this campaign leave no lowest written mark to the authority. Nothing was saved."),
            code="no_authority",
        )
    _refuse_after_shortlist(campaign)
    refuse_old_ranking(campaign)
    if exam_category not in categories_of(campaign, rules):
        raise Refused(
            _("“%(category)s” is no exam category that needs a line. Nothing was saved.") % {"category": exam_category},
            code="category",
        )
    if not 0 <= value <= rules.written.full_mark or value != round(value, 2):
        raise Refused(
            _("The lowest mark lies from 0 to %(most)s, with at most 2 decimals. Nothing was saved.")
            % {"most": rules.written.full_mark},
            code="range",
        )
    if not document.strip() or not reason.strip():
        raise Refused(
            _("Name the document that sets the lowest mark, and the reason. Nothing was saved."), code="document"
        )


def _refuse_after_shortlist(campaign: Campaign) -> None:
    if campaign.applications.filter(state__in=AFTER_SHORTLIST).exists():
        raise Refused(
            _("The shortlist has been made by this line: take ranking and shortlist back first. Nothing was saved."),
            code="shortlisted",
        )


@transaction.atomic
def confirm_line(*, actor: User, line: WrittenLine) -> WrittenLine:
    """A second person has compared the line with its document; the shortlist is made by it from now on.

    Raises NotAllowed for who set it and for who is recused from one of the examinees, Refused if it is confirmed
    already or another one superseded it, and once the shortlist is made.
    """
    campaign = lock_running(line.campaign)
    row = WrittenLine.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=line.pk)
    require(may_set_line & another_person(row.set_by_id), actor, row)
    require(is_not_recused_from_exam, actor, campaign)
    if row.superseded_at:
        raise Refused(_("Another line has been set since; confirm that one. Nothing was saved."), code="superseded")
    if row.confirmed_at:
        raise Refused(_("This line is confirmed already. Nothing was saved."), code="confirmed")
    _refuse_after_shortlist(campaign)
    row.confirmed_by, row.confirmed_at = actor, timezone.now()
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    after = {"value": str(row.value), "document": row.document, "category": row.exam_category}
    audit.record(actor=actor, action="examinations.confirm_line", subject=row, after=after)
    return row


@dataclass(frozen=True)
class LineEffect:
    """What a line would do in its category: people at or above and below it, without a mark, and whom it would call."""

    category: str
    above: int
    below: int
    without_mark: int
    called: int
    positions: int
    positions_short: int


def line_effect(campaign: Campaign, exam_category: str, value: Decimal | None) -> LineEffect:
    """The effect of a line on today's written marks, or without one; nothing is saved.

    `positions_short` are those that would call fewer people than they have places for.
    """
    rules, marks = rules_of(campaign), examinees_of(campaign)
    positions = {row.pk: row for row in open_positions(campaign) if category_of(row, rules) == exam_category}
    given = [mark for pk in positions for mark in marks.get(pk, ())]
    known = [mark for mark in given if mark is not None]
    least = value if value is not None else Decimal(0)
    tried = raise_for_kept(dict.fromkeys(positions, value), positions.values(), rules, marks)
    lists = [one for position, one in shortlists(campaign, tried).items() if position.pk in positions]
    return LineEffect(
        category=category_name(exam_category),
        above=sum(mark >= least for mark in known),
        below=sum(mark < least for mark in known),
        without_mark=len(given) - len(known),
        called=sum(len(one.called) for one in lists),
        positions=len(lists),
        positions_short=sum(len(one.called) < one.places for one in lists),
    )
