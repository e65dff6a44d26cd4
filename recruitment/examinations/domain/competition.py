"""Positions with so few interviewees that an extra condition applies (R62), judged by what their panels gave."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from campaigns.planning.models import Campaign
from foundation.errors import Refused
from recruitment.applications.models import Application
from recruitment.examinations.mark_layout import INTERVIEW
from recruitment.examinations.models import Mark
from rulebook.interview import NoCompetitionVerdict, has_no_competition, no_competition_verdict, passes_line
from rulebook.ruleset import RuleSet
from rulebook.ruleset.examination import NoCompetitionRules

Sittings = Mapping[int, Mark]


def sittings_of(campaign: Campaign) -> dict[int, Mark]:
    """Application id → its interview mark that counts, for everyone interviewed; one query.

    People who left the procedure since were interviewed too: their marks stay in the mean of their session.
    """
    rows = Mark.objects.filter(application__campaign=campaign, paper=INTERVIEW).order_by("pk")
    newest = {mark.application_id: mark for mark in rows}
    return {pk: mark for pk, mark in newest.items() if mark.value is not None}


def judge_alone(
    groups: Iterable[Sequence[Application]], sittings: Sittings, rules: RuleSet, evened: Mapping[int, Decimal]
) -> dict[int, NoCompetitionVerdict]:
    """Application id → whether it meets the extra conditions of a position without competition, by all the rules set.

    Only people who reach the pass line, by their mark in `evened` if they have one, and whose position (a group each)
    had no competition are judged: by the mark their own panel gave. The mean is that of everyone the panel marked in
    the same session. Raises Refused naming everyone whose panel or vote the
    rules ask for and no sheet of marks gave.
    """
    extra = rules.interview.no_competition
    people = [
        person
        for group in groups
        for came in [[person for person in group if person.pk in sittings]]
        if came and has_no_competition(len(came), came[0].position.headcount_effective, extra)
        for person in came
        if passes_line(evened.get(person.pk, _value(sittings[person.pk])), rules.interview)
    ]
    _refuse_unknown(people, sittings, extra)
    sessions: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for mark in sittings.values():
        sessions[mark.panel, mark.session].append(_value(mark))
    return {person.pk: _verdict(sittings[person.pk], sessions, extra) for person in people}


def _verdict(
    mark: Mark, sessions: Mapping[tuple[str, str], Sequence[Decimal]], extra: NoCompetitionRules
) -> NoCompetitionVerdict:
    session = sessions[mark.panel, mark.session]
    return no_competition_verdict(_value(mark), extra, session_marks=session, votes=mark.votes, panel=mark.judges)


def _value(mark: Mark) -> Decimal:
    assert mark.value is not None
    return mark.value


def _refuse_unknown(people: Sequence[Application], sittings: Sittings, extra: NoCompetitionRules) -> None:
    unseated = [person for person in people if extra.at_least_panel_mean and not sittings[person.pk].panel]
    if unseated:
        raise Refused(
            _(
                "Without competition the rules ask for the mean of the same panel in the same session, and no panel is "
                "known for: %(tickets)s. Import the interview marks again as a correction, with the columns 考官组 and "
                "场次 for everyone interviewed, and have them locked. Nothing was saved."
            )
            % {"tickets": _tickets(unseated)},
            code="no_session",
        )
    unvoted = [person for person in people if extra.two_thirds_vote and sittings[person.pk].votes is None]
    if unvoted:
        raise Refused(
            _(
                "Without competition the rules ask for two thirds of the panel, and no vote is known for: %(tickets)s. "
                "Import their interview marks again as a correction, with the columns 同意票数 and 考官人数, and have "
                "them locked. Nothing was saved."
            )
            % {"tickets": _tickets(unvoted)},
            code="no_votes",
        )


def _tickets(people: Sequence[Application]) -> str:
    return ", ".join(str(person.ticket_no) for person in people)
