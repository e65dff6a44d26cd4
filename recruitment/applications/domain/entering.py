"""Applications that come in with a ticket number, from a result file instead of the portal (decision 25)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.events.models import RecruitingEvent
from campaigns.planning.models import Campaign, Position
from campaigns.planning.queries import rule_set_in_force, rules_of
from foundation.errors import Refused
from recruitment.applications.enums import ApplicationState
from recruitment.applications.gateway import BATCH
from recruitment.applications.models import Application, Transition
from recruitment.applications.numbers import new_registration_numbers
from recruitment.applications.policies import may_enter
from recruitment.applications.queries import batch_group_of
from recruitment.candidates.models import Candidate


@dataclass(frozen=True)
class TicketEntry:
    """A row of a result file: who sat for which position; the person can't sign in."""

    position: Position
    ticket_no: str
    name: str = ""


@transaction.atomic
def enter_application(
    *,
    actor: User,
    candidate: Candidate,
    position: Position,
    ticket_no: str,
    event: RecruitingEvent | None = None,
) -> Application:
    """An effective application of `candidate` with its ticket number; entered again it returns the same one.

    Raises Refused if the ticket number is taken by someone else in the campaign, or the person has another application.
    """
    require(may_enter, actor, position)
    existing = Application.objects.filter(campaign=position.campaign, ticket_no=ticket_no).first()
    if existing and (existing.candidate_id, existing.position_id) == (candidate.pk, position.pk):
        return existing
    try:
        with transaction.atomic():
            application = _built([(candidate, position, ticket_no)], position.campaign)[0]
            application.event = event
            application.save()
    except IntegrityError as problem:
        raise Refused(
            _("Ticket %(ticket)s is taken in this campaign, or the person has another application. Nothing was saved.")
            % {"ticket": ticket_no},
            code="duplicate",
        ) from problem
    Transition.objects.create(application=application, move="enter", to_state=application.state, actor=actor)
    audit.record(actor=actor, action="applications.enter", subject=application, after={"position": position.code})
    return application


@transaction.atomic
def enter_for_conversion(*, actor: User, candidate: Candidate, position: Position) -> Application:
    """The file of a person whose flexible engagement becomes full-time: agreed already, never submitted.

    Raises Refused if the person has another live application in the campaign.
    """
    campaign = position.campaign
    require(may_enter, actor, campaign)
    try:
        with transaction.atomic():
            application = Application.objects.create(
                candidate=candidate,
                campaign=campaign,
                position=position,
                batch_group=batch_group_of(campaign, position, rules_of(campaign).registration),
                registration_no=new_registration_numbers(1)[0],
                state=ApplicationState.AGREED,
                rule_set=rule_set_in_force(campaign),
            )
    except IntegrityError as problem:
        raise Refused(
            _("This person has another application under way in the campaign. Nothing was saved."), code="duplicate"
        ) from problem
    Transition.objects.create(application=application, move="enter", to_state=application.state, actor=actor)
    audit.record(
        actor=actor, action="applications.enter_for_conversion", subject=application, after={"position": position.code}
    )
    return application


@transaction.atomic
def enter_applications(*, actor: User, campaign: Campaign, entries: Sequence[TicketEntry]) -> list[Application]:
    """The applications of a whole file, in its order, made in a fixed number of statements per thousand rows.

    Ticket numbers that the campaign has already are not entered again. Raises Refused, and enters none, if a ticket
    number comes twice in the file or stands for another position than before.
    """
    require(may_enter, actor, campaign)
    _refuse_repeated([entry.ticket_no for entry in entries])
    known = _known(campaign, entries)
    fresh = [entry for entry in entries if entry.ticket_no not in known]
    people = Candidate.objects.bulk_create([Candidate(name=entry.name) for entry in fresh], batch_size=BATCH)
    rows = [(person, entry.position, entry.ticket_no) for person, entry in zip(people, fresh, strict=True)]
    made = Application.objects.bulk_create(_built(rows, campaign), batch_size=BATCH)
    Transition.objects.bulk_create(
        [Transition(application=row, move="enter", to_state=row.state, actor=actor) for row in made],
        batch_size=BATCH,
    )
    if made:
        audit.record(
            actor=actor,
            action="applications.enter",
            subject=campaign,
            after={"count": len(made), "digest": audit.digest_of([row.pk for row in made])},
        )
    known.update({str(row.ticket_no): row for row in made})
    return [known[entry.ticket_no] for entry in entries]


def _built(rows: Sequence[tuple[Candidate, Position, str]], campaign: Campaign) -> list[Application]:
    rule_set, now = rule_set_in_force(campaign), timezone.now()
    rules = rules_of(campaign).registration
    return [
        Application(
            candidate=candidate,
            campaign=campaign,
            position=position,
            batch_group=batch_group_of(campaign, position, rules),
            registration_no=number,
            ticket_no=ticket_no,
            state=ApplicationState.EFFECTIVE,
            rule_set=rule_set,
            submitted_at=now,
            confirmed_at=now,
        )
        for (candidate, position, ticket_no), number in zip(rows, new_registration_numbers(len(rows)), strict=True)
    ]


def _refuse_repeated(tickets: Sequence[str]) -> None:
    seen: set[str] = set()
    repeated = sorted({ticket for ticket in tickets if ticket in seen or seen.add(ticket)})  # type: ignore[func-returns-value]
    if repeated:
        raise Refused(
            _("These ticket numbers come more than once: %(tickets)s. Nothing was saved.")
            % {"tickets": ", ".join(repeated[:10])},
            code="duplicate",
        )


def _known(campaign: Campaign, entries: Sequence[TicketEntry]) -> dict[str, Application]:
    """Applications that the campaign has for tickets of the file; Refused where the position is another one."""
    known: dict[str, Application] = {}
    for start in range(0, len(entries), BATCH):
        tickets = [entry.ticket_no for entry in entries[start : start + BATCH]]
        rows = Application.objects.filter(campaign=campaign, ticket_no__in=tickets)
        known.update({str(row.ticket_no): row for row in rows})
    moved = [
        entry.ticket_no
        for entry in entries
        if entry.ticket_no in known and known[entry.ticket_no].position_id != entry.position.pk
    ]
    if moved:
        raise Refused(
            _("These ticket numbers belong to another position: %(tickets)s. Nothing was saved.")
            % {"tickets": ", ".join(moved[:10])},
            code="other_position",
        )
    return known
