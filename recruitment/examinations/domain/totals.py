"""From interview marks to totals, places and the people proposed for hire."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Min, Q
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign, Position, RuleSetVersion
from campaigns.planning.queries import rules_of
from foundation.errors import Refused
from foundation.jobs.kinds import Report
from foundation.jobs.progress import one_by_one
from foundation.language import rule_language
from recruitment.applications.enums import ApplicationState as S
from recruitment.applications.gateway import move_applications
from recruitment.applications.models import Application
from recruitment.examinations.domain.competition import judge_alone, sittings_of
from recruitment.examinations.domain.evening import even_out
from recruitment.examinations.domain.marking import BATCH, DECIDED, require_locked
from recruitment.examinations.domain.ranking import frozen_rules, marks_of, told
from recruitment.examinations.domain.running import lock_running
from recruitment.examinations.domain.score_check import refuse_open_checks
from recruitment.examinations.mark_layout import EXTRA_TEST, INTERVIEW
from recruitment.examinations.models import MarkKind, TotalResult
from recruitment.examinations.policies import may_propose, may_rank
from recruitment.examinations.recheck import admission_of
from recruitment.examinations.sheets import total_sheet
from rulebook.explanation import RuleError
from rulebook.interview import InterviewResult, NoCompetitionVerdict, passes_line
from rulebook.marks import PaperMark
from rulebook.ranking import Entry, goes_on, list_places, rank
from rulebook.ruleset import RuleSet
from rulebook.total import total

SAT = (S.SHORTLISTED, S.INTERVIEWED, S.RANKED)


@transaction.atomic
def compute_totals(*, actor: User, campaign: Campaign, report: Report | None = None) -> int:
    """Total and rank everyone called to the interview, position by position (R59–R62, R64–R68).

    Marks of a position interviewed in several rooms are evened out first where the rules say so. People below the pass
    line get no total (R61), nor do absent people (R69 keeps them on the list); failing the extra condition of a post
    without competition leaves no place. May be run again, say with marks of an extra test; positions whose hires were
    proposed keep their places. Returns how many have a place. Raises Refused while marks are open, and where a mark
    lacks the panel or the vote that the rules ask for.
    """
    require(may_rank, actor, campaign)
    campaign = lock_running(campaign)
    refuse_open_checks(campaign)
    require_locked(campaign, MarkKind.INTERVIEW)
    if campaign.mark_batches.filter(kind=MarkKind.EXTRA_TEST).exists():
        require_locked(campaign, MarkKind.EXTRA_TEST)
    version, rules = frozen_rules(campaign)
    open_people = campaign.applications.filter(state__in=SAT).exclude(
        position__in=campaign.applications.filter(state__in=DECIDED).values("position")
    )
    people = list(open_people.select_related("position", "written_result", "recheck", "call_up").order_by("pk"))
    papers = interview_marks(campaign, rules)
    results = total_results(campaign, people, papers, version, rules, report)
    TotalResult.objects.filter(application__in=open_people).delete()
    TotalResult.objects.bulk_create(results, batch_size=BATCH)
    shown = {pk: any(m.paper == INTERVIEW and m.value is not None for m in marks) for pk, marks in papers.items()}
    came = [person for person in people if shown.get(person.pk)]
    interviewed = [person for person in came if person.state == S.SHORTLISTED]
    move_applications(actor=actor, applications=interviewed, move="interview", subject=campaign)
    not_ranked = [person for person in came if person.state != S.RANKED]
    move_applications(actor=actor, applications=not_ranked, move="rank", subject=campaign)
    placed = sum(result.rank is not None for result in results)
    after = {"people": len(people), "placed": placed, "rules": version.digest, "sheet": total_sheet(results, rules)}
    audit.record(actor=actor, action="examinations.compute_totals", subject=campaign, after=after)
    return placed


def interview_marks(campaign: Campaign, rules: RuleSet) -> dict[int, list[PaperMark]]:
    """Application id → its marks of papers, interview and extra test."""
    return marks_of(campaign, [*(paper.name for paper in rules.written.papers), INTERVIEW, EXTRA_TEST])


def total_results(
    campaign: Campaign,
    people: Sequence[Application],
    papers: Mapping[int, list[PaperMark]],
    version: RuleSetVersion,
    rules: RuleSet,
    report: Report | None = None,
) -> list[TotalResult]:
    """The totals of these people, position by position, with their places; nothing is saved."""
    groups: dict[int, list[Application]] = defaultdict(list)
    for person in people:
        groups[person.position_id].append(person)
    sittings = sittings_of(campaign)
    evened = even_out(campaign, sittings, rules)
    verdicts = judge_alone(groups.values(), sittings, rules, {pk: mark.value for pk, mark in evened.items()})
    ranked = one_by_one(list(groups.values()), report)
    return [result for group in ranked for result in _rank_group(group, papers, evened, verdicts, rules, version)]


def _rank_group(
    group: Sequence[Application],
    papers: Mapping[int, list[PaperMark]],
    evened: Mapping[int, InterviewResult],
    verdicts: Mapping[int, NoCompetitionVerdict],
    rules: RuleSet,
    version: RuleSetVersion,
) -> list[TotalResult]:
    """Results of one position; `evened` are marks of several rooms, `verdicts` those of people without competition."""
    values = {person.pk: {mark.paper: mark.value for mark in papers.get(person.pk, [])} for person in group}
    headcount = group[0].position.headcount_effective
    results: dict[int, TotalResult] = {}
    entries = []
    for person in group:
        own = values[person.pk]
        room = evened.get(person.pk)
        mark = room.value if room else own.get(INTERVIEW)
        parts = {"written": person.written_result.value, "interview": mark}
        wanted = {part.name: parts.get(part.name, own.get(part.name)) for part in rules.total.parts}
        is_below = mark is not None and not passes_line(mark, rules.interview)
        below = (INTERVIEW,) if is_below else ()
        try:
            outcome = total(wanted, rules.total, person.written_result.carried_bonus, below_line=below)
        except RuleError as problem:
            raise Refused(f"{problem.text(rule_language())} {_('Nothing was saved.')}", code=problem.code) from problem
        steps = [room.explanation, outcome.explanation] if room else [outcome.explanation]
        if mark is None and not (admission := admission_of(person, rules)):
            steps.append(admission.explanation)
        if verdict := verdicts.get(person.pk):
            steps.append(verdict.explanation)
        stays = mark is not None and not is_below and (verdict is None or verdict.met)
        results[person.pk] = TotalResult(
            application=person, interview=mark, value=outcome.value, rule_set=version, explanation=told(*steps)
        )
        ties = {name: mark for name, mark in {**own, **parts}.items() if mark is not None}
        entries.append(Entry(str(person.pk), outcome.value if stays else None, ties))
    for place in rank(entries, rules.ranking, list_places(headcount, rules.ranking)).places:
        result = results[int(place.key)]
        result.rank, result.needs_extra_test = place.rank, place.extra_test_required
        further = goes_on(place, headcount, rules.ranking).explanation
        for language, lines in told(place.explanation, further).items():
            result.explanation[language] += lines
    return list(results.values())


@dataclass(frozen=True)
class Proposals:
    """Who would be proposed, who would not, and the positions that wait for an extra test; by position and place."""

    chosen: list[TotalResult]
    others: list[TotalResult]
    waiting: list[Position]


def proposals_of(campaign: Campaign) -> Proposals:
    """What `propose_hires` would do on the stored totals; nothing is saved. Raises Refused if there are none."""
    totals = TotalResult.objects.filter(application__campaign=campaign, application__state=S.RANKED)
    totals = totals.order_by("application__position__code", F("rank").asc(nulls_last=True), "application__ticket_no")
    rows = list(totals.select_related("application__position__unit"))
    ranking = rules_of(campaign).ranking
    if not rows:
        raise Refused(_("There are no totals to choose from. Nothing was saved."), code="no_totals")
    waiting = {row.application.position_id: row.application.position for row in rows if row.needs_extra_test}
    decided = [row for row in rows if row.application.position_id not in waiting]
    chosen: list[TotalResult] = []
    others: list[TotalResult] = []
    for row in decided:
        places = list_places(row.application.position.headcount_effective, ranking)
        has_place = row.rank is not None and row.rank <= places
        (chosen if has_place else others).append(row)
    return Proposals(chosen, others, list(waiting.values()))


def _refuse_old_totals(campaign: Campaign) -> None:
    """Raises Refused if marks came in or were locked after the totals of the people who are still to be decided."""
    open_totals = TotalResult.objects.filter(application__campaign=campaign, application__state=S.RANKED)
    computed_at = open_totals.aggregate(at=Min("computed_at"))["at"]
    batches = campaign.mark_batches.filter(kind__in=(MarkKind.INTERVIEW, MarkKind.EXTRA_TEST), marks__isnull=False)
    if batches.filter(Q(locked_at=None) | Q(locked_at__gt=computed_at)).exists():
        raise Refused(
            _("Marks came in or were locked after the totals; compute them again first. Nothing was saved."),
            code="old_totals",
        )


@transaction.atomic
def propose_hires(*, actor: User, campaign: Campaign) -> int:
    """Propose the first places of each position, headcount × the rules' ratio (R68); the others are not selected.

    A position whose last place needs an extra test waits as a whole until the totals are computed with it. Returns how
    many are proposed. Raises Refused unless totals were computed on all marks there are.
    """
    require(may_propose, actor, campaign)
    campaign = lock_running(campaign)
    proposals = proposals_of(campaign)
    _refuse_old_totals(campaign)
    chosen, waiting = proposals.chosen, proposals.waiting
    proposed = [row.application for row in chosen]
    others = [row.application for row in proposals.others]
    move_applications(actor=actor, applications=proposed, move="propose", subject=campaign)
    move_applications(actor=actor, applications=others, move="not_select", subject=campaign)
    TotalResult.objects.filter(application__campaign=campaign, application__state=S.PROPOSED).update(is_proposed=True)
    after = {"proposed": len(chosen), "positions_waiting": len(waiting)}
    audit.record(actor=actor, action="examinations.propose_hires", subject=campaign, after=after)
    return len(chosen)
