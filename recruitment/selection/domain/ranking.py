"""From judges' marks to places: shown first, then carried out; ties across the last place wait for an extra test."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.duties import another_person
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign, Position, RuleSetVersion
from foundation.errors import Refused
from foundation.jobs.kinds import Report
from foundation.jobs.progress import one_by_one
from foundation.language import rule_language
from recruitment.applications.enums import ApplicationState as S
from recruitment.applications.gateway import move_applications
from recruitment.applications.models import Application
from recruitment.applications.queries import rule_set_in_force, rules_in_force
from recruitment.panels.domain import require_locked, sheets_by_subject
from recruitment.panels.enums import Purpose
from recruitment.panels.models import Panel, ScoreSheet, Subject
from recruitment.panels.scoring import number_score
from recruitment.selection.domain.competition import interviewed, judge_alone
from recruitment.selection.domain.starting import check_track
from recruitment.selection.models import SelectionResult
from recruitment.selection.parts import PARTS, unmarked_parts, wanted_parts
from recruitment.selection.policies import may_run_selection
from rulebook.explanation import LANGUAGES, Explanation, RuleError
from rulebook.interview import passes_line
from rulebook.ranking import Entry, goes_on, list_places, rank, select_top
from rulebook.ruleset import RuleSet
from rulebook.ruleset.examination import RankingRules
from rulebook.ruleset.words import word
from rulebook.total import total

EXTRA_TEST = "extra_test"
GONE = (S.WITHDRAWN, S.DISQUALIFIED)
HOLDING = (S.PROPOSED, S.AGREED, S.HANDED_OVER)
Marks = Mapping[int, Mapping[str, tuple[Decimal, Explanation]]]


@dataclass(frozen=True)
class RankedPosition:
    """A position with everyone's result in order of rank, not saved; `chosen` are ids of applications in for sure.

    `to_vote` lack the vote of the panel that a position without competition needs (R62).
    """

    position: Position
    results: list[SelectionResult]
    chosen: frozenset[int]
    to_vote: list[SelectionResult]

    @property
    def waiting(self) -> list[SelectionResult]:
        """Those whose tie crosses the last place (R68)."""
        return [result for result in self.results if result.needs_extra_test]


def preview_ranking(campaign: Campaign, report: Report | None = None) -> list[RankedPosition]:
    """Totals and places, position by position, as `rank_selection` would save them; nothing is saved.

    Ranked together are the people of one round: those with all marks who were not ranked before, for the places that
    earlier rounds left. Whoever passed the review after the draw is in none and waits for the next one (B3).

    Totals, ties and the pass line follow the rule set (R61, R64, R66–R68, R83, R84). Raises Refused while marks are
    open, while a part the rules ask for is not marked, or if reviewers or rules are missing.
    """
    check_track(campaign)
    panels = list(campaign.panels.all())
    if not panels:
        raise Refused(_("No panel has marked anyone yet. Nothing was saved."), code="no_panel")
    require_locked(panels)
    version, rules = _version(campaign), rules_in_force(campaign)
    if unmarked := unmarked_parts(rules, panels):
        names = ", ".join(word(part, rule_language()) for part in unmarked)
        raise Refused(_("Not marked yet: %(names)s. Nothing was saved.") % {"names": names}, code="unmarked")
    marks = _marks_by_application(panels, rules)
    number, people = _round(campaign, [pk for pk, own in marks.items() if own.keys() >= set(wanted_parts(rules))])
    by_position: dict[Position, list[Application]] = defaultdict(list)
    for application in people:
        by_position[application.position].append(application)
    ranked = sorted(by_position.items(), key=lambda item: item[0].code)
    current = _Round(number, {row.pk: marks[row.pk] for row in people}, rules, version, interviewed(campaign))
    taken = _taken(campaign, {row.pk for row in people})
    return [
        _rank_position(position, rows, current, taken.get(position.pk, 0))
        for position, rows in one_by_one(ranked, report)
    ]


@dataclass(frozen=True)
class _Round:
    """What ranks the people of one round; `number` counts rounds from 1."""

    number: int
    marks: Marks
    rules: RuleSet
    version: RuleSetVersion
    subjects: Mapping[int, Subject]


def _round(campaign: Campaign, marked: Sequence[int]) -> tuple[int, list[Application]]:
    """The round to rank now and its people, of those with all marks.

    While someone waits for an extra test that is their round; then those not ranked yet make a new one; if there are
    none, the last round is shown again as it is.
    """
    rows = campaign.applications.filter(pk__in=marked).exclude(state__in=GONE)
    people = list(rows.select_related("position__unit", "selection_result"))
    rounds = {row.pk: row.selection_result.round for row in people if hasattr(row, "selection_result")}
    open_rounds = [rounds[row.pk] for row in people if row.state == S.RANKED and row.pk in rounds]
    new = [row for row in people if row.pk not in rounds]
    last = max(rounds.values(), default=0)
    if not open_rounds and new:
        return last + 1, new
    number = max(open_rounds, default=last)
    return number, [row for row in people if rounds.get(row.pk) == number]


def _taken(campaign: Campaign, round_of_now: set[int]) -> dict[int, int]:
    """Position id → places that people of other rounds hold."""
    rows = campaign.applications.filter(state__in=HOLDING).exclude(pk__in=round_of_now)
    return Counter(rows.values_list("position_id", flat=True))


def _version(campaign: Campaign) -> RuleSetVersion:
    version = rule_set_in_force(campaign)
    if version is None:
        raise Refused(_("The rules of this campaign are not fixed yet. Nothing was saved."), code="no_rules")
    return version


@transaction.atomic
def rank_selection(*, actor: User, campaign: Campaign, report: Report | None = None) -> list[SelectionResult]:
    """Save totals and places, propose the first ones, and turn the others down; a tie for the last place waits.

    Run again once the marks of an extra test are in, by another person than recorded them: only those who waited are
    decided then. Raises Refused as `preview_ranking`, and if nobody waits for a decision.
    """
    require(may_run_selection, actor, campaign)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    ranked = preview_ranking(campaign, report)
    if to_vote := [row.application.registration_no for part in ranked for row in part.to_vote]:
        raise Refused(
            _("Enter the vote of the panel first: %(numbers)s. Nothing was saved.") % {"numbers": ", ".join(to_vote)},
            code="to_vote",
        )
    results = [result for part in ranked for result in part.results]
    for person in {result.extra_test_by_id for result in results} - {None}:
        require(another_person(person), actor, campaign)
    people = [result.application for result in results]
    open_people = [person for person in people if person.state in (S.EFFECTIVE, S.RANKED)]
    if not open_people:
        raise Refused(_("Everyone has been decided on. Nothing was saved."), code="decided")
    SelectionResult.objects.filter(application__in=people).delete()
    SelectionResult.objects.bulk_create(results)
    chosen = {pk for part in ranked for pk in part.chosen}
    waiting = {result.application_id for part in ranked for result in part.waiting}
    _decide(actor, campaign, open_people, chosen, waiting)
    after = {
        "people": len(results),
        "proposed": len(chosen),
        "waiting": len(waiting),
        "rules": _version(campaign).digest,
    }
    audit.record(actor=actor, action="selection.rank", subject=campaign, after=after)
    return results


def _decide(actor: User, campaign: Campaign, people: list[Application], chosen: set[int], waiting: set[int]) -> None:
    """Move those not decided yet: ranked, then proposed or turned down; who waits for an extra test stays ranked."""
    new = [person for person in people if person.state == S.EFFECTIVE]
    move_applications(actor=actor, applications=new, move="rank", subject=campaign)
    first = [person for person in people if person.pk in chosen]
    others = [person for person in people if person.pk not in chosen | waiting]
    move_applications(actor=actor, applications=first, move="propose", subject=campaign)
    move_applications(actor=actor, applications=others, move="not_select", subject=campaign)


def _marks_by_application(panels: Sequence[Panel], rules: RuleSet) -> Marks:
    """Application id → part of the total → (mark, how it came about)."""
    found: dict[int, dict[str, tuple[Decimal, Explanation]]] = defaultdict(dict)
    for panel in panels:
        sheets = sheets_by_subject(panel)
        for subject in panel.subjects.select_related("application"):
            application = subject.application
            if application is None or application.state in GONE:
                continue
            mark, why = _panel_mark(panel, sheets.get(subject.pk, []), rules, subject.draw_no)
            found[application.pk][PARTS[Purpose(panel.purpose)]] = (mark, why)
    return dict(found)


def _panel_mark(panel: Panel, sheets: list[ScoreSheet], rules: RuleSet, draw_no: int) -> tuple[Decimal, Explanation]:
    try:
        return number_score(panel.purpose, sheets, rules)
    except RuleError as problem:
        raise Refused(
            _("Number %(number)s of %(panel)s: %(problem)s Nothing was saved.")
            % {"number": draw_no, "panel": panel, "problem": problem.text(rule_language())},
            code=problem.code,
        ) from problem


def _rank_position(position: Position, rows: Sequence[Application], current: _Round, taken: int) -> RankedPosition:
    rules, marks = current.rules, current.marks
    places = max(0, position.headcount_effective - taken)
    results = {row.registration_no: _result(row, current) for row in rows}
    interviews = {pk: own["interview"][0] for pk, own in marks.items() if "interview" in own}
    failed, to_vote = judge_alone(list(results.values()), places, current.subjects, interviews, rules)
    entries = []
    for key, result in results.items():
        ties = {"material": result.material, "interview": result.interview, EXTRA_TEST: result.extra_test}
        below = result.interview is not None and not passes_line(result.interview, rules.interview)
        if why := failed.get(result.application_id):
            for language in result.explanation:
                result.explanation[language] += why.lines(language)
        known = {name: mark for name, mark in ties.items() if mark is not None}
        entries.append(Entry(key, None if below or why else result.total, known))
    ranking = rank(entries, _tie_rules(rules, marks), list_places(places, rules.ranking))
    top = select_top(ranking, places, rules.ranking)
    for place in ranking.places:
        results[place.key].rank = place.rank
        further = goes_on(place, places, rules.ranking).explanation
        for language in LANGUAGES:
            results[place.key].explanation[language] += [place.explanation.text(language), further.text(language)]
    for key in top.chosen:
        results[key].is_selected = True
    for key in top.extra_test:
        results[key].needs_extra_test = True
    ordered = sorted(results.values(), key=lambda row: (row.rank is None, row.rank, row.application.registration_no))
    return RankedPosition(position, ordered, frozenset(results[key].application_id for key in top.chosen), to_vote)


def _tie_rules(rules: RuleSet, marks: Marks) -> RankingRules:
    """The chain without the parts nobody of the campaign is marked in, which could never break a tie (R67).

    An extra test is its last link, so that it decides wherever a tie stayed open (R68).
    """
    measured = {part for own in marks.values() for part in own}
    chain = tuple(link for link in rules.ranking.tie_chain if link in measured)
    return rules.ranking.model_copy(update={"tie_chain": (*chain, EXTRA_TEST)})


def _result(row: Application, current: _Round) -> SelectionResult:
    """Marks and total of one person, with the mark of an extra test they sat before."""
    own, wanted = current.marks[row.pk], {part.name for part in current.rules.total.parts}
    outcome = total({name: mark for name, (mark, _why) in own.items() if name in wanted}, current.rules.total)
    steps = [why for _mark, why in own.values()] + [outcome.explanation]
    before = getattr(row, "selection_result", None)
    return SelectionResult(
        application=row,
        round=current.number,
        material=own["material"][0] if "material" in own else None,
        interview=own["interview"][0] if "interview" in own else None,
        total=outcome.value,
        extra_test=before.extra_test if before else None,
        extra_test_by=before.extra_test_by if before else None,
        explanation={language: [line for step in steps for line in step.lines(language)] for language in LANGUAGES},
        rule_set=current.version,
    )


@transaction.atomic
def record_extra_test(*, actor: User, campaign: Campaign, marks: Mapping[str, Decimal]) -> int:
    """Enter the marks of an extra test, registration number → mark, for everyone who waits (R68).

    Another person then ranks again. Returns how many marks were entered. Raises Refused unless exactly those who wait
    have a mark, and for a mark out of its range.
    """
    require(may_run_selection, actor, campaign)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    rows = SelectionResult.objects.filter(application__campaign=campaign, application__state=S.RANKED)
    waiting = {
        row.application.registration_no: row for row in rows.filter(needs_extra_test=True).select_related("application")
    }
    if set(waiting) != set(marks) or not waiting:
        raise Refused(
            _("Give a mark for each of those who wait and for nobody else: %(numbers)s. Nothing was saved.")
            % {"numbers": ", ".join(sorted(waiting)) or "—"},
            code="waiting",
        )
    most = rules_in_force(campaign).ranking.extra_test_full_mark
    wrong = [number for number, mark in marks.items() if not 0 <= mark <= most]
    if wrong:
        raise Refused(
            _("%(number)s: a mark from 0 to %(most)s. Nothing was saved.") % {"number": wrong[0], "most": most},
            code="mark",
        )
    for number, row in waiting.items():
        row.extra_test, row.extra_test_by = marks[number], actor
    SelectionResult.objects.bulk_update(waiting.values(), ["extra_test", "extra_test_by"])
    audit.record(actor=actor, action="selection.record_extra_test", subject=campaign, after={"people": len(marks)})
    return len(marks)
