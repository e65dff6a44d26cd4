"""The headcount that is left to each position once the opening ratio is checked (A8, R26–R31)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.establishment.domain import release_posts
from campaigns.establishment.enums import ReleaseReason, SlotState
from campaigns.establishment.models import EstablishedPost
from campaigns.planning.domain.locking import locked_campaign
from campaigns.planning.enums import PositionState
from campaigns.planning.models import Campaign, Milestone, Position, PositionSlot
from campaigns.planning.policies import may_publish
from campaigns.planning.queries import rules_of
from foundation.errors import Refused
from rulebook.explanation import LANGUAGES, Explanation
from rulebook.opening_ratio import OpeningResult, extended_until
from rulebook.registration import review_ends

RECHOOSE = "rechoose"


@transaction.atomic
def cut_headcounts(*, actor: User, campaign: Campaign, left: Mapping[int, int], document: str, reason: str) -> int:
    """Set the effective headcount of positions (id → people, 0 cancels) and release the reserved posts beyond it.

    Returns how many posts were released; they go back to their permit, the newest claims first. A headcount is only
    ever lowered. Raises Refused for a headcount below the posts that are held or used already.
    """
    campaign = locked_campaign(campaign)
    require(may_publish, actor, campaign)
    positions = list(campaign.positions.select_for_update(of=("self",)).filter(pk__in=left).order_by("pk"))
    before = {}
    freed: list[EstablishedPost] = []
    for position in positions:
        if left[position.pk] >= position.headcount_effective:
            continue
        _refuse_below_taken(position, left[position.pk])
        before[position.code] = position.headcount_effective
        freed += _beyond(position, left[position.pk])
        position.headcount_effective = left[position.pk]
        position.state = position.state if position.headcount_effective else PositionState.CANCELLED
        position.save(update_fields=["headcount_effective", "state"])
    if freed:
        release_posts(
            actor=actor, posts=freed, reason_code=ReleaseReason.OPENING_RATIO, reason=reason, document=document
        )
        PositionSlot.objects.filter(post__in=freed, released_at=None).update(released_at=timezone.now())
    after = {position.code: position.headcount_effective for position in positions if position.code in before}
    audit.record(
        actor=actor, action="planning.cut_headcounts", subject=campaign, before=before,
        after={**after, "posts_released": len(freed)}, reason=reason,
    )  # fmt: skip
    return len(freed)


def _claimed(position: Position) -> QuerySet[EstablishedPost]:
    return EstablishedPost.objects.filter(claims__position=position, claims__released_at=None)


def _taken(position: Position) -> int:
    return _claimed(position).filter(state__in=[SlotState.HELD, SlotState.USED]).count()


def _refuse_below_taken(position: Position, headcount: int) -> None:
    taken = _taken(position)
    if headcount < taken:
        raise Refused(
            _(
                "%(code)s: %(taken)s posts are held or used already, so %(left)s people are too few; from %(taken)s on "
                "it can be done. Nothing was saved."
            )
            % {"code": position.code, "taken": taken, "left": headcount},
            code="below_taken",
        )


def _beyond(position: Position, headcount: int) -> list[EstablishedPost]:
    reserved = _claimed(position).filter(state=SlotState.RESERVED).order_by("pk")
    return list(reserved[max(0, headcount - _taken(position)) :])


def record_openings(*, campaign: Campaign, results: Mapping[int, OpeningResult]) -> None:
    """Keep with each position (by id) what the check came to, in the words of the rule book in both languages, and
    whether it stays below the ratio under a lowest mark of its own (R29)."""
    positions = list(campaign.positions.filter(pk__in=results))
    for position in positions:
        result = results[position.pk]
        position.opening_result = {language: result.explanation.text(language) for language in LANGUAGES}
        position.is_kept_with_line = result.outcome == "kept_with_line"
    Position.objects.bulk_update(positions, ["opening_result", "is_kept_with_line"], batch_size=1000)


@transaction.atomic
def merge_position(
    *, actor: User, campaign: Campaign, source: Position, target: Position, document: str, reason: str
) -> Position:
    """Put the hires of a position and the posts reserved for them into another of the same unit (R29); returns that.

    Raises Refused unless both are published positions of the campaign in one unit, since posts belong to units.
    """
    campaign = locked_campaign(campaign)
    require(may_publish, actor, campaign)
    rows = campaign.positions.select_for_update(of=("self",)).filter(pk__in=[source.pk, target.pk])
    found = {row.pk: row for row in rows.filter(state=PositionState.PUBLISHED).order_by("pk")}
    if len(found) != 2 or len({row.unit_id for row in found.values()}) != 1:
        raise Refused(_("Choose another open position of the same unit. Nothing was saved."), code="other_unit")
    source, target = found[source.pk], found[target.pk]
    people = source.headcount_effective
    claims = PositionSlot.objects.filter(position=source, released_at=None)
    posts = list(claims.values_list("post_id", flat=True))
    claims.update(released_at=timezone.now())
    PositionSlot.objects.bulk_create(PositionSlot(position=target, post_id=pk) for pk in posts)
    target.headcount_planned += people
    target.headcount_effective += people
    target.save(update_fields=["headcount_planned", "headcount_effective"])
    told = Explanation("opening.merged", {"post": str(target)})
    source.headcount_effective, source.state = 0, PositionState.CANCELLED
    source.opening_result = {language: told.text(language) for language in LANGUAGES}
    source.save(update_fields=["headcount_effective", "state", "opening_result"])
    audit.record(
        actor=actor, action="planning.merge_position", subject=campaign, reason=reason,
        after={"from": source.code, "into": target.code, "people": people, "document": document},
    )  # fmt: skip
    return target


@transaction.atomic
def extend_registration(*, actor: User, campaign: Campaign, document: str, reason: str) -> Campaign:
    """Open registration again for the hours of the rules, once, since positions are short of applicants (R29).

    Raises Refused for a campaign without an end of registration, or that was extended before.
    """
    campaign = locked_campaign(campaign)
    require(may_publish, actor, campaign)
    closes, now = campaign.registration_closes_at, timezone.now()
    if closes is None or campaign.registration_extended_at:
        raise Refused(_("Registration is extended once, after it closed. Nothing was saved."), code="wrong_state")
    rules = rules_of(campaign)
    until = extended_until(now, closes, rules.opening_ratio)
    campaign.registration_closes_at, campaign.registration_extended_at = until, now
    campaign.save(update_fields=["registration_closes_at", "registration_extended_at"])
    campaign.milestones.filter(key="registration").update(ends_at=until)
    campaign.milestones.filter(key="review").update(ends_at=review_ends(until, rules.registration))
    audit.record(
        actor=actor, action="planning.extend_registration", subject=campaign, reason=reason,
        before={"closes": closes.isoformat()}, after={"closes": until.isoformat(), "document": document},
    )  # fmt: skip
    return campaign


def open_rechoosing(*, campaign: Campaign, until: datetime) -> Milestone:
    """Put the time in which applicants of cancelled positions may choose again on the campaign's timeline (R30)."""
    after = campaign.milestones.filter(key="review").values_list("order", flat=True).first() or 0
    return Milestone.objects.update_or_create(
        campaign=campaign,
        key=RECHOOSE,
        defaults={"starts_at": timezone.now(), "ends_at": until, "happened_at": timezone.now(), "order": after},
    )[0]
