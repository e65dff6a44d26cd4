"""Positions entered and corrected by hand while the plan is being drafted."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Unit, User
from accounts.policies import require
from campaigns.establishment.models import EstablishedPost
from campaigns.planning.domain.locking import locked_campaign, refuse_unless_drafting
from campaigns.planning.enums import PositionCategory, PositionState
from campaigns.planning.models import Campaign, Position, PositionSlot
from campaigns.planning.policies import may_add_positions
from campaigns.planning.position_rows import Refusal, position_fields, printed_of, texts_of
from foundation.errors import Refused


@transaction.atomic
def add_position(
    *,
    actor: User,
    campaign: Campaign,
    unit: Unit,
    code: str,
    name: str,
    headcount: int,
    category: str = PositionCategory.OTHER,
    grade: str = "",
    duty: str = "",
    exam_category: str = "",
    columns: Mapping[str, str] | None = None,
) -> Position:
    """A position of `unit`; `columns` are condition texts by field of the position layout ("age", "major", …).

    Talent office, department or the unit's own HR, while the plan is being drafted. Raises Refused on a code in use, a
    unit outside the campaign's, or a headcount below 1.
    """
    campaign = locked_campaign(campaign)
    require(may_add_positions, actor, unit)
    refuse_unless_drafting(campaign)
    if not unit.path.startswith(campaign.unit.path):
        raise Refused(
            _("%(unit)s is no unit of %(owner)s. Nothing was saved.") % {"unit": unit, "owner": campaign.unit},
            code="unit",
        )
    if campaign.positions.filter(code=code.strip()).exists():
        raise Refused(
            _("The position code %(code)s is used already. Nothing was saved.") % {"code": code}, code="duplicate"
        )
    values = {
        **(columns or {}), "code": code, "name": name, "headcount": str(headcount), "grade": grade, "duty": duty,
        "exam_category": exam_category,
    }  # fmt: skip
    fields = _fields(values, category)
    position = Position.objects.create(campaign=campaign, unit=unit, **fields)
    audit.record(
        actor=actor,
        action="planning.add_position",
        subject=position,
        after={"campaign": campaign.code, "unit": unit.code, "code": position.code, "headcount": headcount},
    )
    return position


@transaction.atomic
def add_converted_position(
    *, actor: User, campaign: Campaign, unit: Unit, code: str, name: str, post: EstablishedPost
) -> Position:
    """A position for one person whose flexible engagement becomes full-time, with its claim on the post held for them.

    It is never open to applications and not on the public lists. Raises Refused on a code in use.
    """
    require(may_add_positions, actor, unit)
    if campaign.positions.filter(code=code).exists():
        raise Refused(
            _("The position code %(code)s is used already. Nothing was saved.") % {"code": code}, code="duplicate"
        )
    position = Position.objects.create(
        campaign=campaign, unit=unit, code=code, name=name, headcount_planned=1, headcount_effective=1,
        state=PositionState.CONVERTED,
    )  # fmt: skip
    PositionSlot.objects.create(position=position, post=post)
    audit.record(
        actor=actor, action="planning.add_converted_position", subject=position,
        after={"campaign": campaign.code, "unit": unit.code, "code": code, "post": post.code},
    )  # fmt: skip
    return position


def _fields(values: Mapping[str, str], category: str) -> dict[str, object]:
    """Checked fields. Raises Refused with every mistake."""
    fields = position_fields(values)
    if isinstance(fields, Refusal):
        raise Refused(" ".join([*(text for _column, text in fields.mistakes), _("Nothing was saved.")]), code="row")
    if category != PositionCategory.OTHER:
        fields["category"] = category
    return fields | {"printed": printed_of(values)}


@transaction.atomic
def edit_position(
    *, actor: User, position: Position, name: str, headcount: int, columns: Mapping[str, str] | None = None
) -> Position:
    """Correct a position's name, headcount and condition texts (by field of the layout) while the plan is drafted."""
    campaign = locked_campaign(position.campaign)
    position = Position.objects.select_for_update(of=("self",)).select_related("unit").get(pk=position.pk)
    require(may_add_positions, actor, position)
    refuse_unless_drafting(campaign)
    values = {
        **texts_of(position.printed), **(columns or {}), "code": position.code, "name": name,
        "headcount": str(headcount), "grade": position.grade, "duty": position.duty,
        "exam_category": position.exam_category,
    }  # fmt: skip
    fields = _fields(values, position.category)
    known = texts_of(position.printed)
    unknown = {header: text for header, text in position.printed.items() if text not in known.values()}
    before = {"name": position.name, "headcount": position.headcount_planned}
    for key, value in fields.items():
        setattr(position, key, value)
    position.printed = unknown | position.printed
    position.row_digest = ""
    position.save()
    audit.record(
        actor=actor, action="planning.edit_position", subject=position,
        before=before, after={"name": position.name, "headcount": position.headcount_planned},
    )  # fmt: skip
    return position


@transaction.atomic
def delete_positions(*, actor: User, campaign: Campaign, positions: Iterable[Position], reason: str) -> int:
    """Take positions out of a plan that is being drafted, with a reason; returns how many. All or none."""
    campaign = locked_campaign(campaign)
    refuse_unless_drafting(campaign)
    if not reason.strip():
        raise Refused(_("A reason is needed. Nothing was saved."), code="reason_required")
    keys = [position.pk for position in positions]
    rows = list(campaign.positions.filter(pk__in=keys).select_related("unit").order_by("pk"))
    for position in rows:
        require(may_add_positions, actor, position)
    Position.objects.filter(pk__in=[row.pk for row in rows]).delete()
    audit.record(
        actor=actor, action="planning.delete_positions", subject=campaign, reason=reason,
        before={"codes": sorted(row.code for row in rows)},
    )  # fmt: skip
    return len(rows)
