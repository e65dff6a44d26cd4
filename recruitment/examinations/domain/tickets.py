"""Seats are drawn and every effective applicant gets a ticket number."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign
from campaigns.planning.queries import is_registration_open, rules_of
from foundation.errors import Refused
from foundation.jobs.kinds import Report
from foundation.jobs.progress import one_by_one
from foundation.language import rule_language
from recruitment.applications.effect import effective, refuse_while_confirming
from recruitment.applications.enums import ApplicationState as S
from recruitment.applications.models import Application
from recruitment.examinations.domain.marking import BATCH
from recruitment.examinations.domain.running import lock_running
from recruitment.examinations.policies import may_import_marks
from rulebook.explanation import RuleError
from rulebook.ruleset.registration import SeatingRules
from rulebook.seating import Examinee, SeatingPlan, seat_everyone, site_and_room, ticket_number


@dataclass(frozen=True)
class Draw:
    """Who would sit where: application id → ticket number, the rooms, and the neighbours of one position or unit."""

    numbers: dict[int, str]
    rooms: int
    neighbours: int


def draw_seats(campaign: Campaign, area: str, seed: str) -> Draw:
    """What `assign_tickets` would do with this area and seed; nothing is saved.

    Raises Refused if tickets were given before, while people may still come in by registration or review, if nobody's
    application is effective, without a seed, or for an area that is no four digits.
    """
    _refuse_too_early(campaign)
    if not seed.strip():
        raise Refused(_("Give the seed of the draw, so that it can be repeated. Nothing was saved."), code="no_seed")
    in_force = rules_of(campaign)
    refuse_while_confirming(campaign, in_force.registration)
    rows = effective(campaign.applications.filter(state=S.EFFECTIVE), in_force.registration).order_by("pk")
    people = list(rows.values_list("pk", "position__exam_category", "position__code", "position__unit__code"))
    if not people:
        raise Refused(_("No application is effective yet. Nothing was saved."), code="nobody")
    rules = in_force.seating
    try:
        plan = seat_everyone([Examinee(str(pk), *rest) for pk, *rest in people], rules, seed)
        numbers = _numbers(plan, area, rules)
    except RuleError as problem:
        raise Refused(f"{problem.text(rule_language())} {_('Nothing was saved.')}", code=problem.code) from problem
    return Draw(numbers, max(seat.room for seat in plan.seats), plan.conflicts)


def _numbers(plan: SeatingPlan, area: str, rules: SeatingRules) -> dict[int, str]:
    return {int(seat.key): ticket_number(area, *site_and_room(seat.room), seat.seat, rules) for seat in plan.seats}


def _refuse_too_early(campaign: Campaign) -> None:
    """A number is never given twice, so whoever becomes effective after the draw would have no seat."""
    if campaign.applications.filter(ticket_no__isnull=False).exists():
        raise Refused(_("Tickets have been given already. Nothing was saved."), code="tickets_given")
    if is_registration_open(campaign, timezone.now()):
        raise Refused(_("Registration is still open; seats are drawn after it. Nothing was saved."), code="open")
    if waiting := campaign.applications.filter(state=S.SUBMITTED).count():
        raise Refused(
            ngettext(
                "%(n)s application still waits for review; decide it first. Nothing was saved.",
                "%(n)s applications still wait for review; decide them first. Nothing was saved.",
                waiting,
            )
            % {"n": waiting},
            code="under_review",
        )


@transaction.atomic
def assign_tickets(*, actor: User, campaign: Campaign, area: str, seed: str, report: Report | None = None) -> int:
    """Seat everyone whose application is effective, by the seed, and number their tickets (R32–R35).

    `area` is the four-digit code of the exam area; area, seed and the neighbours left are kept in the audit trail, so
    that the draw can be repeated. Returns how many tickets were given. Raises Refused as `draw_seats` does.
    """
    require(may_import_marks, actor, campaign)
    campaign = lock_running(campaign)
    draw = draw_seats(campaign, area, seed)
    people = list(campaign.applications.select_for_update(of=("self",)).filter(state=S.EFFECTIVE).only("pk"))
    people = [person for person in people if person.pk in draw.numbers]
    for person in one_by_one(people, report):
        person.ticket_no = draw.numbers[person.pk]
    Application.objects.bulk_update(people, ["ticket_no"], batch_size=BATCH)
    after = {"tickets": len(people), "area": area, "seed": seed, "rooms": draw.rooms, "neighbours": draw.neighbours}
    audit.record(actor=actor, action="examinations.assign_tickets", subject=campaign, after=after)
    return len(people)
