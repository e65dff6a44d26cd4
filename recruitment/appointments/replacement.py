"""Who would be called to the place of an ended appointment, and why: the replacement rules on today's data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from campaigns.planning.enums import Track
from campaigns.planning.queries import rules_of
from recruitment.applications.enums import ApplicationState
from recruitment.applications.models import Application
from recruitment.appointments.competition import standing_alone
from recruitment.appointments.enums import ENDED_STATES, Conclusion, EndReason, Stage
from recruitment.appointments.models import Appointment, Replacement
from rulebook.explanation import Explanation
from rulebook.notice_period import valid_until
from rulebook.ranking import competition_ranks
from rulebook.replacement import Waiting, next_replacement
from rulebook.ruleset.hiring import ReplacementReason, StageReplacement

REASONS: dict[str, ReplacementReason] = {EndReason.WITHDREW: "withdrew", EndReason.NOT_REPORTED: "withdrew"}


@dataclass(frozen=True)
class Standing:
    """A person of the position who was not selected, with the mark that counts; `is_free` is False for someone who is
    being hired elsewhere.
    """

    application: Application
    rank: int | None
    score: Decimal | None
    is_free: bool

    @property
    def key(self) -> str:
        return str(self.application.pk)


@dataclass(frozen=True)
class Outlook:
    """The rules' answer for one place: who is next (or who is tied), the rule, the rounds used and the last day.

    Nobody is next and the place is not left empty while the answer is not known.
    """

    stage: Stage
    rule: StageReplacement
    rounds_used: int
    until: date | None
    standing: list[Standing]
    called: Application | None
    tied: list[Application]
    explanation: Explanation
    is_known: bool


def outlook(place: Appointment) -> Outlook:
    """Who takes the place of this ended appointment (R72, R73); reads only."""
    rules = rules_of(place.position.campaign)
    stage, today = Stage(place.ended_stage), timezone.localdate()
    rule = rules.replacement.at(stage.value)
    used = Replacement.objects.filter(place__position=place.position, stage=stage, application__isnull=False).count()
    published = place.position.campaign.published_at
    until = valid_until(timezone.localdate(published), rules.notice) if published else None
    standing = _standing(place, rule)
    alone = standing_alone(place.position, rules) if rules.replacement.no_competition_reapplied else {}
    answer = next_replacement(
        [_waiting(row, alone) for row in standing], stage.value, reason_of(place), used, rules.replacement,
        window_open=until is None or today <= until,
    )  # fmt: skip
    by_key = {row.key: row.application for row in standing}
    called = by_key[answer.called] if answer.called else None
    tied = [by_key[key] for key in answer.tied]
    return Outlook(stage, rule, used, until, standing, called, tied, answer.explanation, answer.is_known)


def reason_of(place: Appointment) -> ReplacementReason:
    """The reason in the words of the rules: failed, absent or withdrew (R71)."""
    if place.checks.filter(conclusion=Conclusion.ABSENT).exists():
        return "absent"
    return REASONS.get(place.ended_reason_code, "failed")


def _waiting(row: Standing, alone: Mapping[int, bool | None]) -> Waiting:
    """Without a rank a person did not come to the interview or stayed below the line."""
    return Waiting(
        row.key, row.rank or 0, row.score, passed_line=row.rank is not None, disqualified=not row.is_free,
        stands_alone=alone.get(row.application.pk, True),
    )  # fmt: skip


def _standing(place: Appointment, rule: StageReplacement) -> list[Standing]:
    """People of the same position who were not selected, the best first."""
    rows = Application.objects.filter(position=place.position, state=ApplicationState.NOT_SELECTED)
    rows = rows.select_related("total_result", "written_result", "selection_result", "candidate")
    people = list(rows.order_by("pk"))
    candidates = [person.candidate_id for person in people]
    busy = set(
        Appointment.objects.filter(candidate__in=candidates)
        .exclude(state__in=ENDED_STATES)
        .values_list("candidate_id", flat=True)
    )
    scores = [_score(person, place.position.campaign.track, rule) for person in people]
    ranks = _ranks(people, scores, place.position.campaign.track, rule)
    standing = [
        Standing(person, rank, score, person.candidate_id not in busy)
        for person, rank, score in zip(people, ranks, scores, strict=True)
    ]
    return sorted(standing, key=lambda row: (row.rank is None, row.rank or 0, row.application.pk))


def _score(person: Application, track: str, rule: StageReplacement) -> Decimal | None:
    if track == Track.COMPETITIVE_SELECTION:
        chosen = getattr(person, "selection_result", None)
        if chosen is None:
            return None
        score: Decimal | None = chosen.material if rule.score == "screening" else chosen.total
        return score
    result = getattr(person, "written_result" if rule.score == "written" else "total_result", None)
    return result.value if result else None


def _ranks(
    people: Sequence[Application], scores: Sequence[Decimal | None], track: str, rule: StageReplacement
) -> list[int | None]:
    """The stored rank, which has the ties broken; by another mark than the total the rank among those with a place."""
    name = "selection_result" if track == Track.COMPETITIVE_SELECTION else "total_result"
    places = [getattr(getattr(person, name, None), "rank", None) for person in people]
    if rule.score == "total":
        return places
    able = [
        (index, score)
        for index, (place, score) in enumerate(zip(places, scores, strict=True))
        if place is not None and score is not None
    ]
    ranks: list[int | None] = [None] * len(people)
    for (index, _score_of), rank in zip(able, competition_ranks([score for _index, score in able]), strict=True):
        ranks[index] = rank
    return ranks
