"""What a post waits for once there are people: the next step of the one it is held for, or of those on the way."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.enums import Role
from campaigns.establishment.enums import SlotState
from campaigns.establishment.rooms import NextStep, register_next_steps
from campaigns.planning.models import PositionSlot
from campaigns.planning.post_steps import DUTIES, day_of
from campaigns.planning.queries import rules_of_all
from recruitment.appointments.enums import AppointmentState as S
from recruitment.appointments.models import Appointment
from recruitment.appointments.queue import BY_KEY, open_places
from recruitment.appointments.service import report_by
from rulebook.notice_period import file_by
from rulebook.ruleset import RuleSet

TALENT_OFFICE = (Role.TALENT_OFFICE,)
# State → the queue it waits in, and whose duty that is; from the furthest back to the furthest on.
WAITING: dict[str, tuple[str, tuple[Role, ...]]] = {
    S.ENDED: ("place", TALENT_OFFICE),
    S.OPENED: ("medical", DUTIES["medical"]),
    S.MEDICAL_PASSED: ("inspection", DUTIES["inspection"]),
    S.INSPECTED: ("to-notice", TALENT_OFFICE),
    S.NOTICED: ("notice", TALENT_OFFICE),
    S.ON_HOLD: ("objection", TALENT_OFFICE),
    S.APPROVED: ("entry", (Role.ESTABLISHMENT_OFFICE,)),
}
MILESTONES = {S.OPENED: "medical", S.MEDICAL_PASSED: "inspection", S.INSPECTED: "notice"}
ON_THE_WAY = [state for state in WAITING if state != S.ENDED]


@register_next_steps
def steps_of_people(posts: Collection[int]) -> dict[int, NextStep]:
    """Post id → the step of the person it is held for; reserved posts of a position wait for its people without one.

    A place that somebody left and nobody was called to counts as such a person, and comes first. Six queries at most.
    """
    claims = PositionSlot.objects.filter(post__in=posts, released_at=None, post__state=SlotState.RESERVED)
    position_of = dict(claims.order_by("post").values_list("post", "position"))
    rows = Appointment.objects.select_related("position__unit", "position__campaign", "notice")
    rows = rows.prefetch_related("position__campaign__milestones").order_by("pk")
    positions = set(position_of.values())
    people = {row.post_id: row for row in rows.filter(post__in=posts, state__in=ON_THE_WAY)}
    left = open_places(rows.filter(position__in=positions))
    waiting = _furthest_back([*left, *rows.filter(position__in=positions, post=None, state__in=ON_THE_WAY)])
    for post, position in position_of.items():
        if waiting.get(position):
            people[post] = waiting[position].pop(0)
    rules = rules_of_all({row.position.campaign for row in people.values()})
    return {post: _step(row, rules[row.position.campaign_id]) for post, row in people.items() if post}


def _furthest_back(people: Iterable[Appointment]) -> dict[int, list[Appointment]]:
    """Position id → its people, whose step comes first in the order of steps first."""
    order = list(WAITING)
    found: dict[int, list[Appointment]] = {}
    for row in sorted(people, key=lambda row: (order.index(row.state), row.pk)):
        found.setdefault(row.position_id, []).append(row)
    return found


def _step(person: Appointment, rules: RuleSet) -> NextStep:
    key, roles = WAITING[person.state]
    if key == "notice" and not _is_under_notice(person):
        key = "approval"
    return NextStep(BY_KEY[key].name, roles, person.position.unit, _deadline(person, key, rules))


def _is_under_notice(person: Appointment) -> bool:
    ends = person.notice.notice_ends_at if person.notice else None
    return ends is not None and ends > timezone.now()


def _deadline(person: Appointment, key: str, rules: RuleSet) -> date | None:
    """The day by which the step must be done, by the notice, the rules (R77, R80) or the campaign's timeline."""
    after = person.notice.notice_ends_at if person.notice else None
    ends = day_of(after - timedelta(microseconds=1)) if after else None
    if key == "notice":
        return ends
    if key in ("approval", "objection"):
        return file_by(ends, rules.notice) if ends else None
    if key == "entry":
        return report_by(person, rules.service)
    planned = {row.key: row for row in person.position.campaign.milestones.all() if row.happened_at is None}
    step: Any = planned.get(MILESTONES.get(S(person.state), ""))
    return day_of(step.ends_at or step.starts_at) if step else None
