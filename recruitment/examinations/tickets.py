"""A person's own ticket for the written exam: number, day, place and papers."""

from dataclasses import dataclass
from datetime import datetime

from campaigns.planning.queries import rules_of
from recruitment.applications.models import Application
from rulebook.seating import place_of_ticket


@dataclass(frozen=True)
class Ticket:
    """`site`, `room` and `seat` are None where the number was given elsewhere; `starts_at` as planned, if it is."""

    number: str
    site: int | None
    room: int | None
    seat: int | None
    starts_at: datetime | None
    papers: tuple[tuple[str, int], ...]


def ticket_of(application: Application) -> Ticket | None:
    """The ticket of an application once numbers are given; None before, and for people of a result file."""
    if not application.ticket_no or not application.snapshot_digest:
        return None
    rules = rules_of(application.campaign)
    site, room, seat = place_of_ticket(application.ticket_no, rules.seating) or (None, None, None)
    exam = next((row for row in application.campaign.milestones.all() if row.key == "written_exam"), None)
    papers = tuple((paper.name, int(paper.full_mark)) for paper in rules.written.papers)
    return Ticket(application.ticket_no, site, room, seat, exam.starts_at if exam else None, papers)
