"""Whether those left of a position meet the extra conditions once people dropped out (R62, R73)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from campaigns.planning.enums import Track
from campaigns.planning.models import Campaign, Position
from recruitment.applications.enums import CLOSED_STATES
from recruitment.appointments.enums import ENDED_STATES
from recruitment.examinations.domain.competition import sittings_of
from recruitment.selection.domain.competition import interviewed
from recruitment.selection.models import SelectionResult
from rulebook.explanation import RuleError
from rulebook.interview import has_no_competition, no_competition_verdict
from rulebook.ruleset import RuleSet


@dataclass(frozen=True)
class Sitting:
    """One person's interview: the mark, the panel in its session, and its vote where there was one."""

    mark: Decimal
    panel: tuple[str, str]
    votes: int | None
    judges: int | None


def standing_alone(position: Position, rules: RuleSet) -> dict[int, bool | None]:
    """Application id → whether the person meets the extra conditions; None where panel or vote are not known.

    Empty while those still in the procedure are enough for competition, or where the rules set no condition.
    """
    extra = rules.interview.no_competition
    rows = position.applications.exclude(state__in=CLOSED_STATES).exclude(appointment__state__in=ENDED_STATES)
    sittings = _sittings(position.campaign)
    left = [pk for pk in rows.order_by("pk").values_list("pk", flat=True) if pk in sittings]
    if not has_no_competition(len(left), position.headcount_effective, extra):
        return {}
    sessions = _sessions(sittings.values())
    found: dict[int, bool | None] = {}
    for pk in left:
        own = sittings[pk]
        marks = sessions[own.panel] if all(own.panel) else []
        try:
            verdict = no_competition_verdict(own.mark, extra, session_marks=marks, votes=own.votes, panel=own.judges)
        except RuleError:
            found[pk] = None
        else:
            found[pk] = verdict.met
    return found


def _sessions(sittings: Iterable[Sitting]) -> Mapping[tuple[str, str], list[Decimal]]:
    sessions: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for sitting in sittings:
        sessions[sitting.panel].append(sitting.mark)
    return sessions


def _sittings(campaign: Campaign) -> dict[int, Sitting]:
    """Application id → the interview, for everyone of the campaign who was interviewed."""
    if campaign.track != Track.COMPETITIVE_SELECTION:
        return {
            pk: Sitting(mark.value, (mark.panel, mark.session), mark.votes, mark.judges)
            for pk, mark in sittings_of(campaign).items()
            if mark.value is not None
        }
    subjects = interviewed(campaign)
    marks = SelectionResult.objects.filter(application__campaign=campaign, interview__isnull=False)
    return {
        pk: Sitting(mark, (str(subject.panel_id), "-"), subject.votes, subject.judges)  # type: ignore[attr-defined]
        for pk, mark in marks.values_list("application_id", "interview")
        if mark is not None and (subject := subjects.get(pk))
    }
