"""What a change of rules would do to written marks, the shortlist, the rooms and the totals that are there."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from campaigns.planning.models import Campaign
from campaigns.planning.rule_effects import RuleEffect, register_rule_effect
from recruitment.applications.effect import effective
from recruitment.applications.enums import ApplicationState
from recruitment.examinations.bonus import granted, knobs_of
from recruitment.examinations.domain.ranking import WRITTEN_STATES, marks_of, shortlist_rules
from recruitment.examinations.lines import current_lines, lines_by, open_positions
from recruitment.examinations.models import TotalResult, WrittenResult
from rulebook.explanation import RuleError
from rulebook.marks import ZERO, fold_written
from rulebook.ranking import Entry
from rulebook.ruleset import RuleSet
from rulebook.seating import room_sizes
from rulebook.shortlist import shortlist

Marks = dict[str, Decimal | None]


@register_rule_effect
def marks_and_shortlist(campaign: Campaign, old: RuleSet, new: RuleSet) -> list[RuleEffect]:
    """Whose written mark would be another one, and who would be called or left out (R41–R51)."""
    if (old.written, old.shortlist) == (new.written, new.shortlist):
        return []
    rows = WrittenResult.objects.filter(application__campaign=campaign, application__state__in=WRITTEN_STATES)
    people = {
        pk: (ticket or number, position_id, value)
        for pk, ticket, number, position_id, value in rows.values_list(
            "application_id", "application__ticket_no", "application__registration_no", "application__position_id",
            "value",
        )
    }  # fmt: skip
    if not people:
        return []
    try:
        before = {key: value for key, _position, value in people.values()}
        after = before if old.written == new.written else _folded(campaign, people, new)
        confirmed = {category: line.value for category, line in current_lines(campaign).items() if line.confirmed_at}
        called = _called(campaign, people, before, old, confirmed)
        would = _called(campaign, people, after, new, confirmed)
    except RuleError:
        # Papers the new rules do not know: nothing can be computed yet.
        return [RuleEffect(_("The written marks and the shortlist must be computed anew by the new rules."))]
    effects = []
    if changed := tuple(sorted(key for key in before if before[key] != after[key])):
        effects.append(RuleEffect(_("Written marks that would change: %(count)s.") % {"count": len(changed)}, changed))
    come, gone = sorted(would - called), sorted(called - would)
    if not come and not gone:
        stay = _("The same people would be called to the interview: %(count)s.") % {"count": len(would)}
        return [*effects, RuleEffect(stay)]
    text = _("%(now)s people would be called to the interview instead of %(was)s: %(come)s more, %(gone)s no longer.")
    values = {"now": len(would), "was": len(called), "come": len(come), "gone": len(gone)}
    return [*effects, RuleEffect(text % values, (*come, *gone))]


def _folded(campaign: Campaign, people: dict[int, tuple[str, int, Decimal | None]], rules: RuleSet) -> Marks:
    marks = marks_of(campaign, [paper.name for paper in rules.written.papers])
    bonus = {pk: result.points for pk, result in granted(campaign, knobs_of(rules)).items()}
    return {
        key: fold_written(marks[pk], rules.written, bonus.get(pk, ZERO)).value if marks.get(pk) else None
        for pk, (key, _position, _value) in people.items()
    }


def _called(
    campaign: Campaign,
    people: dict[int, tuple[str, int, Decimal | None]],
    marks: Marks,
    rules: RuleSet,
    confirmed: Mapping[str, Decimal],
) -> set[str]:
    entries: dict[int, list[Entry]] = defaultdict(list)
    for key, position_id, _value in people.values():
        entries[position_id].append(Entry(key, marks[key]))
    positions = open_positions(campaign)
    values = {pk: [entry.value for entry in own] for pk, own in entries.items()}
    lines = lines_by(positions, rules, values, confirmed)
    return {
        key
        for position in positions
        for key in shortlist(
            entries.get(position.pk, []),
            position.headcount_effective,
            shortlist_rules(position, rules),
            line=lines[position.pk],
        ).called
    }


@register_rule_effect
def rooms(campaign: Campaign, old: RuleSet, new: RuleSet) -> list[RuleEffect]:
    """How many rooms today's examinees would fill (R33)."""
    passed = campaign.applications.filter(state=ApplicationState.EFFECTIVE)
    people = effective(passed, new.registration).count()
    was, now = (len(room_sizes(people, rules.seating)) for rules in (old, new))
    if was == now:
        return []
    text = _("Rooms for %(people)s examinees: %(now)s instead of %(was)s.")
    return [RuleEffect(text % {"people": people, "now": now, "was": was})]


@register_rule_effect
def totals(campaign: Campaign, old: RuleSet, new: RuleSet) -> list[RuleEffect]:
    """People whose total was computed by rules that would change (R57–R68)."""
    steps = ("interview", "total", "ranking")
    if all(getattr(old, step) == getattr(new, step) for step in steps):
        return []
    rows = TotalResult.objects.filter(application__campaign=campaign).order_by("application__registration_no")
    numbers = tuple(rows.values_list("application__registration_no", flat=True))
    text = _("Totals computed by the old rules, to be computed anew: %(count)s.") % {"count": len(numbers)}
    return [RuleEffect(text, numbers)] if numbers else []
