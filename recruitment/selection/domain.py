"""Verbs of competitive selection (tracks, 2.2): review of material, ranking, agreement."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.enums import Track
from campaigns.planning.models import Campaign, Position
from foundation.errors import Refused
from foundation.files.models import PrivateFile
from foundation.language import rule_language
from recruitment.applications.enums import ApplicationState
from recruitment.applications.gateway import move_application, move_applications
from recruitment.applications.models import Application
from recruitment.applications.queries import rule_set_in_force, rules_in_force
from recruitment.panels.domain import create_panel, draw_subjects, marks_by_subject, require_locked, seat_member
from recruitment.panels.enums import Purpose
from recruitment.panels.models import Panel
from recruitment.selection.models import Agreement, SelectionResult
from recruitment.selection.policies import may_record_agreements, may_run_selection
from rulebook.explanation import Explanation, RuleError
from rulebook.interview import trimmed_mean
from rulebook.ranking import Entry, rank, select_top
from rulebook.ruleset import RuleSet
from rulebook.selection import reviewers_mean
from rulebook.total import total

PARTS = {Purpose.MATERIAL: "material", Purpose.INTERVIEW: "interview"}


@transaction.atomic
def start_panel(*, actor: User, campaign: Campaign, purpose: str, judges: Sequence[User], name: str = "") -> Panel:
    """A panel over everyone whose application is effective, with the draw made; the first judge takes the chair.

    Raises Refused if the campaign is on another track, nobody stands, the panel exists, or there are too few judges.
    """
    require(may_run_selection, actor, campaign)
    _check_track(campaign)
    rules = rules_in_force(campaign)
    least = rules.selection.material_reviewers if purpose == Purpose.MATERIAL else rules.interview.panel_size
    if len(judges) < least:
        raise Refused(
            _("At least %(least)s judges are needed, not %(given)s. Nothing was saved.")
            % {"least": least, "given": len(judges)},
            code="too_few_judges",
        )
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.panels.filter(purpose=purpose).exists():
        raise Refused(_("This panel has been set up before. Nothing was saved."), code="duplicate")
    standing = list(campaign.applications.filter(state=ApplicationState.EFFECTIVE).order_by("pk"))
    if not standing:
        raise Refused(_("No application has passed the review yet. Nothing was saved."), code="nobody")
    panel = create_panel(actor=actor, campaign=campaign, name=name or str(Purpose(purpose).label), purpose=purpose)
    for number, judge in enumerate(judges):
        seat_member(actor=actor, panel=panel, user=judge, is_chair=number == 0)
    draw_subjects(actor=actor, panel=panel, applications=standing)
    return panel


def _check_track(campaign: Campaign) -> None:
    if campaign.track != Track.COMPETITIVE_SELECTION:
        raise Refused(_("This campaign is not a competitive selection. Nothing was saved."), code="wrong_track")


@transaction.atomic
def rank_selection(*, actor: User, campaign: Campaign) -> list[SelectionResult]:
    """Total and rank everyone position by position, propose the first ones, and turn the others down.

    Totals, ties and the pass line follow the rule set (R61, R64, R66–R68, R83, R84); a tie across the last place waits
    for an extra test. Raises Refused while marks are open or reviewers are missing.
    """
    require(may_run_selection, actor, campaign)
    _check_track(campaign)
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    panels = list(campaign.panels.all())
    if not panels:
        raise Refused(_("No panel has marked anyone yet. Nothing was saved."), code="no_panel")
    require_locked(panels)
    version = rule_set_in_force(campaign)
    if version is None:
        raise Refused(_("The rules of this campaign are not fixed yet. Nothing was saved."), code="no_rules")
    rules = rules_in_force(campaign)
    marks = _marks_by_application(panels, rules)
    results: list[SelectionResult] = []
    applications: dict[int, Application] = {
        row.pk: row for row in campaign.applications.filter(pk__in=marks).select_related("position")
    }
    by_position: dict[Position, list[Application]] = defaultdict(list)
    for application in applications.values():
        by_position[application.position].append(application)
    chosen: list[Application] = []
    for position, rows in sorted(by_position.items(), key=lambda item: item[0].code):
        ranked, selected = _rank_position(position, rows, marks, rules)
        for result in ranked:
            result.rule_set = version
        results += ranked
        chosen += [row for row in rows if row.pk in selected]
    SelectionResult.objects.filter(application__in=applications).delete()
    SelectionResult.objects.bulk_create(results)
    standing = list(applications.values())
    move_applications(actor=actor, applications=standing, move="rank", subject=campaign)
    move_applications(actor=actor, applications=chosen, move="propose", subject=campaign)
    waiting = {result.application_id for result in results if result.needs_extra_test}
    others = [row for row in standing if row not in chosen and row.pk not in waiting]
    move_applications(actor=actor, applications=others, move="not_select", subject=campaign)
    audit.record(
        actor=actor,
        action="selection.rank",
        subject=campaign,
        after={"people": len(results), "proposed": len(chosen), "rules": version.digest},
    )
    return results


def _marks_by_application(panels: Sequence[Panel], rules: RuleSet) -> dict[int, dict[str, tuple[Decimal, Explanation]]]:
    """Application id → part of the total → (mark, how it came about)."""
    found: dict[int, dict[str, tuple[Decimal, Explanation]]] = defaultdict(dict)
    for panel in panels:
        sheets = marks_by_subject(panel)
        for subject in panel.subjects.select_related("application"):
            if subject.application_id is None:
                continue
            mark, why = _panel_mark(panel, sheets.get(subject.pk, []), rules, subject.draw_no)
            found[subject.application_id][PARTS[Purpose(panel.purpose)]] = (mark, why)
    return dict(found)


def _panel_mark(panel: Panel, totals: list[Decimal], rules: RuleSet, draw_no: int) -> tuple[Decimal, Explanation]:
    try:
        if panel.purpose == Purpose.MATERIAL:
            material = reviewers_mean(totals, rules.selection, rules.total.rounding)
            return material.value, material.explanation
        interview = trimmed_mean(totals, rules.interview)
    except RuleError as problem:
        raise Refused(
            _("Number %(number)s of %(panel)s: %(problem)s Nothing was saved.")
            % {"number": draw_no, "panel": panel, "problem": problem.text(rule_language())},
            code=problem.code,
        ) from problem
    return interview.value, interview.explanation


def _rank_position(
    position: Position,
    rows: Sequence[Application],
    marks: dict[int, dict[str, tuple[Decimal, Explanation]]],
    rules: RuleSet,
) -> tuple[list[SelectionResult], set[int]]:
    """Results of one position, and the ids of the applications that are proposed."""
    results: dict[str, SelectionResult] = {}
    entries = []
    wanted = {part.name for part in rules.total.parts}
    for row in rows:
        own = {name: mark for name, (mark, _why) in marks[row.pk].items()}
        outcome = total({name: mark for name, mark in own.items() if name in wanted}, rules.total)
        steps = [why for _mark, why in marks[row.pk].values()] + [outcome.explanation]
        below = rules.interview.pass_line is not None and own.get("interview", Decimal(999)) < rules.interview.pass_line
        results[row.registration_no] = SelectionResult(
            application=row,
            material=own.get("material"),
            interview=own.get("interview"),
            total=outcome.value,
            explanation={
                language: [line for step in steps for line in step.lines(language)] for language in ("zh", "en")
            },
        )
        entries.append(Entry(row.registration_no, None if below else outcome.value, own))
    ranking = rank(entries, rules.ranking, position.headcount_effective)
    top = select_top(ranking, position.headcount_effective, rules.ranking)
    for place in ranking.places:
        results[place.key].rank = place.rank
    for key in top.chosen:
        results[key].is_selected = True
    for key in top.extra_test:
        results[key].needs_extra_test = True
    return list(results.values()), {results[key].application_id for key in top.chosen}


@transaction.atomic
def sign_agreement(
    *,
    actor: User,
    application: Application,
    number: str,
    signed_on: date,
    service_years: int,
    degree_due_on: date | None = None,
    document: PrivateFile | None = None,
) -> Agreement:
    """Record the introduction agreement of a proposed person (B8); the post is held from here by the appointment.

    Raises Refused if the person is not proposed or the agreement number is taken.
    """
    require(may_record_agreements, actor, application)
    _check_track(application.campaign)
    if Agreement.objects.filter(number=number).exists():
        raise Refused(_("Agreement %(number)s was entered before. Nothing was saved.") % {"number": number})
    move_application(actor=actor, application=application, move="agree")
    agreement = Agreement.objects.create(
        application=application, number=number, signed_on=signed_on, service_years=service_years,
        degree_due_on=degree_due_on, document=document, recorded_by=actor,
    )  # fmt: skip
    audit.record(actor=actor, action="selection.sign_agreement", subject=agreement, after={"years": service_years})
    return agreement
