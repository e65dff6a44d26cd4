"""From locked marks to the written ranking and the list of those called to the interview."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign, Position, RuleSetVersion
from campaigns.planning.queries import rule_set_in_force, rules_of
from foundation.errors import Refused
from foundation.jobs.kinds import Report
from foundation.jobs.progress import one_by_one
from foundation.language import rule_language
from recruitment.applications.effect import effective
from recruitment.applications.enums import ApplicationState as S
from recruitment.applications.gateway import move_applications
from recruitment.applications.models import Application
from recruitment.examinations.domain.bonus import bonus_for_ranking
from recruitment.examinations.domain.marking import BATCH, refuse_after_interviews, refuse_rechecked, require_locked
from recruitment.examinations.domain.running import lock_running
from recruitment.examinations.domain.score_check import refuse_open_checks
from recruitment.examinations.lines import lines_in_force
from recruitment.examinations.models import Mark, MarkKind, MarkStatus, WrittenResult
from recruitment.examinations.policies import may_rank
from recruitment.examinations.sheets import written_sheet
from rulebook import marks as rule_marks
from rulebook.bonus import BonusResult
from rulebook.explanation import LANGUAGES, Explanation, RuleError, number_text
from rulebook.marks import ZERO, PaperMark, fold_written
from rulebook.ranking import Entry, competition_ranks, place_explanation
from rulebook.ruleset import RuleSet
from rulebook.ruleset.examination import ShortlistRules
from rulebook.shortlist import Shortlist, shortlist, why

AFTER_SHORTLIST = (
    S.SHORTLISTED,
    S.NOT_SHORTLISTED,
    S.INTERVIEWED,
    S.RANKED,
    S.PROPOSED,
    S.NOT_SELECTED,
    S.AGREED,
    S.HANDED_OVER,
)
WRITTEN_STATES = (S.EFFECTIVE, S.SCORED, S.ABSENT, S.SHORTLISTED, S.NOT_SHORTLISTED)


def told(*steps: Explanation) -> dict[str, list[str]]:
    """Explanations as they are stored and shown: their lines in both languages."""
    return {language: [line for step in steps for line in step.lines(language)] for language in LANGUAGES}


def frozen_rules(campaign: Campaign) -> tuple[RuleSetVersion, RuleSet]:
    version = rule_set_in_force(campaign)
    if version is None:
        raise Refused(_("This campaign has no rule set. Nothing was saved."), code="no_rules")
    return version, rules_of(campaign)


def marks_of(campaign: Campaign, papers: Iterable[str]) -> dict[int, list[PaperMark]]:
    """Application id → its marks in these papers, the newest of each paper, in one query."""
    newest: dict[int, dict[str, PaperMark]] = defaultdict(dict)
    rows = Mark.objects.filter(application__campaign=campaign, paper__in=list(papers)).order_by("pk")
    for pk, paper, value, status in rows.values_list("application_id", "paper", "value", "status"):
        newest[pk][paper] = PaperMark(paper, value, rule_marks.MarkStatus(status))
    return {pk: [marks[paper] for paper in sorted(marks)] for pk, marks in newest.items()}


@transaction.atomic
def rank_written(*, actor: User, campaign: Campaign, report: Report | None = None) -> int:
    """Fold the papers of everyone who sat, rank each position, and say how each mark came about (R36–R46, R66).

    Granted bonus enters where the rules put it (R43). People without any mark are absent. Returns how many have a
    written mark. May be run again until the shortlist is made. Raises Refused while marks are not locked or claims of
    bonus wait, and once the shortlist was made.
    """
    require(may_rank, actor, campaign)
    campaign = lock_running(campaign)
    if campaign.applications.filter(state__in=AFTER_SHORTLIST).exists():
        raise Refused(
            _("The shortlist has been made on this ranking; take it back first. Nothing was saved."), code="shortlisted"
        )
    refuse_open_checks(campaign)
    require_locked(campaign, MarkKind.WRITTEN)
    version, rules = frozen_rules(campaign)
    sat = effective(campaign.applications.filter(state__in=(S.EFFECTIVE, S.SCORED, S.ABSENT)), rules.registration)
    people = list(sat.order_by("pk"))
    results = written_results(campaign, people, bonus_for_ranking(campaign, rules), version, rules, report)
    WrittenResult.objects.filter(application__in=sat).delete()
    WrittenResult.objects.bulk_create(results, batch_size=BATCH)
    has_mark = {result.application_id: result.value is not None for result in results}
    for move, wanted, states in (
        ("mark", True, (S.EFFECTIVE, S.ABSENT)),
        ("mark_absent", False, (S.EFFECTIVE, S.SCORED)),
    ):
        group = [person for person in people if has_mark[person.pk] is wanted and person.state in states]
        move_applications(actor=actor, applications=group, move=move, subject=campaign)
    counted = sum(has_mark.values())
    with_bonus = sum(result.bonus > 0 for result in results)
    after = {
        "people": len(people), "with_mark": counted, "with_bonus": with_bonus, "rules": version.digest,
        "sheet": written_sheet(results, rules),
    }  # fmt: skip
    audit.record(actor=actor, action="examinations.rank_written", subject=campaign, after=after)
    return counted


def written_results(
    campaign: Campaign,
    people: Sequence[Application],
    bonus: Mapping[int, BonusResult],
    version: RuleSetVersion,
    rules: RuleSet,
    report: Report | None = None,
) -> list[WrittenResult]:
    """The written result of each of these people, in their order, with the place in the position; nothing is saved."""
    marks = marks_of(campaign, [paper.name for paper in rules.written.papers])
    results = [
        _written(person, marks.get(person.pk, []), bonus.get(person.pk), rules, version)
        for person in one_by_one(people, report)
    ]
    _rank_positions(results, {person.pk: person.position_id for person in people})
    return results


def _written(
    person: Application,
    marks: Sequence[PaperMark],
    bonus: BonusResult | None,
    rules: RuleSet,
    version: RuleSetVersion,
) -> WrittenResult:
    if not marks:
        absent = Explanation("written.absent", {"papers": tuple(paper.name for paper in rules.written.papers)})
        return WrittenResult(application=person, status=MarkStatus.ABSENT, explanation=told(absent), rule_set=version)
    try:
        folded = fold_written(marks, rules.written, bonus.points if bonus else ZERO)
    except RuleError as problem:
        raise Refused(f"{problem.text(rule_language())} {_('Nothing was saved.')}", code=problem.code) from problem
    if folded.value is None or bonus is None:
        steps, points, carried = [folded.explanation], ZERO, ZERO
    else:
        steps, points, carried = [bonus.explanation, folded.explanation], bonus.points, folded.carried_bonus
    return WrittenResult(
        application=person,
        value=folded.value,
        status=folded.status.value,
        bonus=points,
        carried_bonus=carried,
        explanation=told(*steps),
        rule_set=version,
    )


def _rank_positions(results: Sequence[WrittenResult], position_of: Mapping[int, int]) -> None:
    groups: dict[int, list[WrittenResult]] = defaultdict(list)
    for result in results:
        if result.value is not None:
            groups[position_of[result.application_id]].append(result)
    for group in groups.values():
        ranks = competition_ranks([result.value for result in group if result.value is not None])
        sharing = Counter(ranks)
        for result, rank in zip(group, ranks, strict=True):
            result.rank = rank
            for language, lines in told(place_explanation(result.value or Decimal(0), rank, sharing[rank])).items():
                result.explanation[language] += lines


def shortlist_rules(position: Position, rules: RuleSet) -> ShortlistRules:
    """The campaign's rules with the ratio printed for this position, if any."""
    if position.shortlist_ratio is None:
        return rules.shortlist
    return rules.shortlist.model_copy(update={"ratio": position.shortlist_ratio})


def shortlists(campaign: Campaign, lines: Mapping[int, Decimal | None] | None = None) -> dict[Position, Shortlist]:
    """What the shortlist of each position would be on the stored written results; nothing is saved.

    `lines` are the lowest marks to try, by position; else those in force. Raises Refused if the rules leave the line to
    the authority and none is confirmed.
    """
    rules = rules_of(campaign)
    lines = lines_in_force(campaign) if lines is None else lines
    people: dict[int, list[Entry]] = defaultdict(list)
    rows = WrittenResult.objects.filter(application__campaign=campaign, application__state__in=WRITTEN_STATES)
    for position_id, ticket, number, value in rows.values_list(
        "application__position_id", "application__ticket_no", "application__registration_no", "value"
    ):
        people[position_id].append(Entry(ticket or number, value))
    positions = campaign.positions.exclude(state="cancelled").order_by("code")
    try:
        return {
            position: shortlist(
                people.get(position.pk, []),
                position.headcount_effective,
                shortlist_rules(position, rules),
                line=lines.get(position.pk),
            )
            for position in positions
        }
    except RuleError as problem:
        raise Refused(f"{problem.text(rule_language())} {_('Nothing was saved.')}", code=problem.code) from problem


def refuse_old_ranking(campaign: Campaign) -> None:
    """Raises Refused if there is no ranking, or marks came in or were locked after it."""
    ranked_at = WrittenResult.objects.filter(application__campaign=campaign).aggregate(at=Min("computed_at"))["at"]
    if ranked_at is None:
        raise Refused(_("The written marks have not been ranked yet. Nothing was saved."), code="not_ranked")
    require_locked(campaign, MarkKind.WRITTEN)
    if campaign.mark_batches.filter(kind=MarkKind.WRITTEN, locked_at__gt=ranked_at).exists():
        raise Refused(
            _("Marks were locked after the written ranking; rank again first. Nothing was saved."), code="old_ranking"
        )


@transaction.atomic
def make_shortlist(*, actor: User, campaign: Campaign) -> int:
    """Call people to the interview by ratio, line and ties (R48–R51); returns how many are called.

    Each person keeps the line that was applied. May be made again until rechecks or interview marks are in. Raises
    Refused unless the written ranking was made on all marks there are, and where the authority sets the line and none
    is confirmed (R46).
    """
    require(may_rank, actor, campaign)
    campaign = lock_running(campaign)
    refuse_open_checks(campaign)
    refuse_old_ranking(campaign)
    refuse_after_interviews(campaign)
    refuse_rechecked(campaign)
    lists = shortlists(campaign)
    called = {key for one in lists.values() for key in one.called}
    people = list(campaign.applications.filter(state__in=(S.SCORED, S.ABSENT, S.SHORTLISTED, S.NOT_SHORTLISTED)))
    chosen = [person for person in people if (person.ticket_no or person.registration_no) in called]
    left = [person for person in people if (person.ticket_no or person.registration_no) not in called]
    _move(actor, campaign, [p for p in chosen if p.state != S.SHORTLISTED], "shortlist")
    _move(actor, campaign, [p for p in left if p.state != S.NOT_SHORTLISTED], "leave_out")
    results = WrittenResult.objects.filter(application__campaign=campaign)
    results.update(is_called=False, line=None)
    results.filter(application__state=S.SHORTLISTED).update(is_called=True)
    by_line = _by_line(lists)
    for line, positions in by_line.items():
        results.filter(application__position__in=positions).update(line=line)
    _explain_calls(campaign, lists)
    after = {"called": len(chosen), "line": ", ".join(number_text(line) for line in sorted(by_line)[:10])}
    audit.record(actor=actor, action="examinations.make_shortlist", subject=campaign, after=after)
    return len(chosen)


def _by_line(lists: Mapping[Position, Shortlist]) -> dict[Decimal, list[int]]:
    """Line → ids of the positions it was applied to."""
    found: dict[Decimal, list[int]] = defaultdict(list)
    for position, one in lists.items():
        if one.line is not None:
            found[one.line].append(position.pk)
    return found


def _explain_calls(campaign: Campaign, lists: Mapping[Position, Shortlist]) -> None:
    """Keep with each written result why the person is called or not."""
    by_position = {position.pk: one for position, one in lists.items()}
    rows = WrittenResult.objects.filter(application__campaign=campaign, application__position__in=by_position)
    results = list(rows.select_related("application"))
    alike: dict[tuple[int, str], dict[str, list[str]]] = {}
    for result in results:
        person = result.application
        reason = why(Entry(person.ticket_no or person.registration_no, result.value), by_position[person.position_id])
        key = (person.position_id, reason.code)
        result.call_explanation = alike[key] if key in alike else alike.setdefault(key, told(reason))
    WrittenResult.objects.bulk_update(results, ["call_explanation"], batch_size=BATCH)


@transaction.atomic
def reopen_ranking(*, actor: User, campaign: Campaign, reason: str) -> int:
    """Take shortlist and written ranking back, say because a mark was corrected; returns how many people wait again.

    Lists that are out stay until new ones replace them. Raises Refused without a reason, if there is no ranking, and
    once rechecks or marks of the interview are in.
    """
    require(may_rank, actor, campaign)
    campaign = lock_running(campaign)
    refuse_after_interviews(campaign)
    refuse_rechecked(campaign)
    people = list(campaign.applications.filter(state__in=(S.SCORED, S.ABSENT, S.SHORTLISTED, S.NOT_SHORTLISTED)))
    if not people:
        raise Refused(_("The written marks have not been ranked yet. Nothing was saved."), code="not_ranked")
    move_applications(actor=actor, applications=people, move="reopen_marks", reason=reason, subject=campaign)
    WrittenResult.objects.filter(application__campaign=campaign).delete()
    audit.record(
        actor=actor,
        action="examinations.reopen_ranking",
        subject=campaign,
        after={"people": len(people)},
        reason=reason.strip(),
    )
    return len(people)


def _move(actor: User, campaign: Campaign, people: Sequence[Application], name: str) -> None:
    move_applications(actor=actor, applications=people, move=name, subject=campaign)
