"""Seats are drawn and every effective applicant gets a ticket number."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.errors import Refused
from recruitment.applications.enums import ApplicationState as S
from recruitment.applications.models import Application
from recruitment.examinations.domain.marking import BATCH
from recruitment.examinations.policies import may_import_marks
from rulebook.seating import Examinee, seat_everyone, site_and_room, ticket_number


@transaction.atomic
def assign_tickets(*, actor: User, campaign: Campaign, area: str, seed: str) -> int:
    """Seat everyone whose application is effective, by the seed, and number their tickets (R32–R35).

    `area` is the four-digit code of the exam area; the seed and the neighbours left are kept in the audit trail, so the
    draw can be repeated. Returns how many tickets were given. Raises Refused if tickets were given before, since a
    number is never given twice.
    """
    require(may_import_marks, actor, campaign)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.applications.filter(ticket_no__isnull=False).exists():
        raise Refused(_("Tickets have been given already. Nothing was saved."), code="tickets_given")
    people = list(campaign.applications.filter(state=S.EFFECTIVE).select_related("position__unit").order_by("pk"))
    if not people:
        raise Refused(_("No application is effective yet. Nothing was saved."), code="nobody")
    rules = rules_of(campaign).seating
    examinees = [Examinee(str(p.pk), p.position.exam_category, p.position.code, p.position.unit.code) for p in people]
    plan = seat_everyone(examinees, rules, seed)
    numbers = {int(seat.key): ticket_number(area, *site_and_room(seat.room), seat.seat, rules) for seat in plan.seats}
    for person in people:
        person.ticket_no = numbers[person.pk]
    Application.objects.bulk_update(people, ["ticket_no"], batch_size=BATCH)
    after = {"tickets": len(people), "seed": seed, "neighbours": plan.conflicts}
    audit.record(actor=actor, action="examinations.assign_tickets", subject=campaign, after=after)
    return len(people)
