"""Positions interviewed in several rooms: the coefficient evens out strict rooms and mild ones (R59, R60)."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from campaigns.planning.models import Campaign
from foundation.errors import Refused
from foundation.language import rule_language
from recruitment.examinations.models import Mark
from rulebook.explanation import RuleError
from rulebook.interview import InterviewResult, apply_coefficient, room_coefficients
from rulebook.ruleset import RuleSet

Room = tuple[str, str]


def even_out(campaign: Campaign, sittings: Mapping[int, Mark], rules: RuleSet) -> dict[int, InterviewResult]:
    """Application id → the interview mark evened out over the rooms of its position, and how it came about.

    A room is a panel in one session. A position seen in one room keeps its marks and is not in the answer. Everyone
    interviewed counts in the means, people who left since included. Raises Refused naming everyone of a position with
    rooms whose own room no sheet of marks gave.
    """
    if rules.interview.coefficient.method == "none":
        return {}
    rows = campaign.applications.filter(pk__in=sittings).values_list("pk", "position_id", "ticket_no")
    rooms: dict[int, dict[Room, list[int]]] = defaultdict(lambda: defaultdict(list))
    tickets: dict[int, str] = {}
    for pk, position, ticket in rows.order_by("ticket_no"):
        tickets[pk] = ticket or ""
        rooms[position][sittings[pk].panel, sittings[pk].session].append(pk)
    several = [of_position for of_position in rooms.values() if len(of_position) > 1]
    _refuse_unknown([tickets[pk] for of_position in several for pk in of_position.get(("", ""), [])])
    return {pk: mark for of_position in several for pk, mark in _evened(of_position, sittings, rules).items()}


def _evened(
    rooms: Mapping[Room, list[int]], sittings: Mapping[int, Mark], rules: RuleSet
) -> dict[int, InterviewResult]:
    """The marks of one position, by its rooms."""
    values = {pk: sittings[pk].value or Decimal(0) for people in rooms.values() for pk in people}
    given = {" ".join(room): [values[pk] for pk in people] for room, people in rooms.items()}
    try:
        factors = room_coefficients(given, rules.interview.coefficient)
    except RuleError as problem:
        raise Refused(f"{problem.text(rule_language())} {_('Nothing was saved.')}", code=problem.code) from problem
    return {
        pk: apply_coefficient(values[pk], factors[" ".join(room)], rules.interview.coefficient)
        for room, people in rooms.items()
        for pk in people
    }


def _refuse_unknown(tickets: list[str]) -> None:
    if tickets:
        raise Refused(
            _(
                "The position was interviewed in several rooms, so the rules ask for the coefficient of each, and no "
                "panel is known for: %(tickets)s. Import the interview marks again as a correction, with the columns "
                "考官组 and 场次 for everyone interviewed, and have them locked. Nothing was saved."
            )
            % {"tickets": ", ".join(tickets)},
            code="no_room",
        )
