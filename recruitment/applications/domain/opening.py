"""The check of the opening ratio (A8): positions kept, reduced or cancelled, and what their applicants may do then."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from campaigns.planning.domain import advance_campaign, cut_headcounts, merge_position, open_rechoosing, record_openings
from campaigns.planning.domain import extend_registration as extend_window
from campaigns.planning.enums import CampaignState, PositionState
from campaigns.planning.models import Campaign, Position
from campaigns.planning.queries import is_registration_open, rules_of
from foundation.dates import moment
from foundation.errors import Refused
from foundation.language import rule_language
from recruitment.applications.domain.drafting import beside_others, lock_person
from recruitment.applications.effect import effective, is_effective, refuse_while_confirming
from recruitment.applications.enums import CLOSED_STATES, ApplicationState, Verdict
from recruitment.applications.gateway import move_application
from recruitment.applications.judging import clauses_document, clauses_of
from recruitment.applications.models import Application, EligibilityReview
from recruitment.applications.notices import tell_all
from recruitment.applications.opening import OpeningLine, lowered, opening_lines, remedy_of, undecided
from recruitment.applications.policies import is_applicant, may_check_opening
from recruitment.applications.queries import batch_group_of
from recruitment.applications.signals import opening_ratio_checked, positions_merged, registration_extended
from rulebook.eligibility import overall
from rulebook.opening_ratio import check_conservation
from rulebook.ruleset import RuleSet


@transaction.atomic
def check_opening_ratio(*, actor: User, campaign: Campaign, document: str, reason: str) -> list[OpeningLine]:
    """Apply the opening ratio once registration and reviews are over; returns the positions that lost places.

    Where the rules say so (R30) the first call only cancels positions and opens the hours in which their applicants may
    choose again; the call after these hours reduces with the new counts and ends the step. Posts beyond the headcount
    go back with the reason code of the opening ratio, applicants of cancelled positions are told, and a notice of the
    changes is drafted. Raises Refused without a document, while registration, a review or choosing again is open, for a
    rule that a person must apply (merge, extend registration), and once the check is done.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("unit").get(pk=campaign.pk)
    require(may_check_opening, actor, campaign)
    _refuse_early(campaign, document)
    in_force = rules_of(campaign)
    rules = in_force.opening_ratio
    found = opening_lines(campaign)
    if told := remedy_of(found, rules):
        raise Refused(f"{told.text(rule_language())} {_('Nothing was saved.')}", code="remedy")
    check_conservation(line.result for line in found)
    lines = lowered(found)
    gone = [line for line in lines if line.result.outcome == "cancelled"]
    cancels_first = rules.cut_order == "cancel_then_reduce" and rules.rechoose_hours > 0
    is_first = cancels_first and _stranded(gone, in_force).exists()
    if is_first:
        lines = gone
        open_rechoosing(campaign=campaign, until=timezone.now() + timedelta(hours=rules.rechoose_hours))
    cut_headcounts(
        actor=actor, campaign=campaign, left={line.position.pk: line.result.effective for line in lines},
        document=document, reason=reason,
    )  # fmt: skip
    decided = lines if is_first else found
    record_openings(campaign=campaign, results={line.position.pk: line.result for line in decided})
    for line in gone:
        with translation.override(settings.LANGUAGE_CODE):
            people = _stranded([line], in_force).select_related("candidate__user", "position__unit")
            tell_all(list(people), "post_cancelled", reason=line.why)
    if not is_first:
        advance_campaign(actor=actor, campaign=campaign, move="check_ratio")
    audit.record(
        actor=actor, action="applications.check_opening_ratio", subject=campaign, reason=reason,
        after={"cancelled": len(gone), "lowered": len(lines), "final": not is_first, "document": document},
    )  # fmt: skip
    opening_ratio_checked.send(sender=Campaign, campaign=campaign, actor=actor, lines=lines, is_final=not is_first)
    return lines


def _stranded(gone: list[OpeningLine], rules: RuleSet) -> QuerySet[Application]:
    """Effective applications to positions that are cancelled."""
    positions = [line.position.pk for line in gone]
    passed = Application.objects.filter(position__in=positions, state=ApplicationState.EFFECTIVE)
    return effective(passed, rules.registration)


def _refuse_early(campaign: Campaign, document: str) -> None:
    now = timezone.now()
    if not document.strip():
        raise Refused(_("Give the number of the decision. Nothing was saved."), code="document_required")
    if campaign.state != CampaignState.PUBLISHED:
        raise Refused(_("The opening ratio is checked once, before the exam. Nothing was saved."), code="wrong_state")
    if is_registration_open(campaign, now) or not campaign.registration_closes_at:
        raise Refused(_("Registration is still open. Nothing was saved."), code="registration_open")
    if waiting := undecided(campaign):
        raise Refused(
            _("%(n)s applications still wait for their review. Nothing was saved.") % {"n": waiting}, code="undecided"
        )
    refuse_while_confirming(campaign, rules_of(campaign).registration)
    until = rechoosing_until(campaign)
    if until and now < until:
        raise Refused(
            _("Applicants may choose again until %(until)s. Nothing was saved.") % {"until": moment(until)},
            code="rechoosing",
        )


@transaction.atomic
def extend_registration(*, actor: User, campaign: Campaign, document: str, reason: str) -> Campaign:
    """Open registration again for positions short of applicants, by the hours of the rules (R29); a notice is drafted.

    Raises Refused as `check_opening_ratio` does before its time, and where no position asks for it.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("unit").get(pk=campaign.pk)
    require(may_check_opening, actor, campaign)
    _refuse_early(campaign, document)
    lines = [line for line in opening_lines(campaign) if line.result.outcome == "extend_registration"]
    if not lines:
        raise Refused(_("No position asks for a longer registration. Nothing was saved."), code="no_remedy")
    campaign = extend_window(actor=actor, campaign=campaign, document=document, reason=reason)
    registration_extended.send(sender=Campaign, campaign=campaign, actor=actor, lines=lines)
    return campaign


@transaction.atomic
def merge_positions(*, actor: User, campaign: Campaign, document: str, reason: str, source: int, target: int) -> int:
    """Merge a position short of applicants (its id) into another of its unit (R29); returns how many people move.

    They are told, and reviewed anew for the other position; a notice is drafted. Raises Refused as
    `check_opening_ratio` does before its time, for a position that the rules do not want merged, and as
    `planning.merge_position` does.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("unit").get(pk=campaign.pk)
    require(may_check_opening, actor, campaign)
    _refuse_early(campaign, document)
    lines = [line for line in opening_lines(campaign) if line.result.outcome == "merge" and line.position.pk == source]
    other = campaign.positions.filter(pk=target).first()
    if not lines or other is None:
        raise Refused(_("By the rules this position is not to be merged. Nothing was saved."), code="no_remedy")
    other = merge_position(
        actor=actor, campaign=campaign, source=lines[0].position, target=other, document=document, reason=reason
    )
    moved = _moved_along(actor, lines[0].position, other)
    positions_merged.send(sender=Campaign, campaign=campaign, actor=actor, line=lines[0], target=other)
    return len(moved)


def _moved_along(actor: User, source: Position, target: Position) -> list[Application]:
    """The effective applications of a merged position, now to the other one; who applied there too keeps that one."""
    there = Application.objects.filter(position=target).exclude(state__in=CLOSED_STATES).values("candidate")
    rows = Application.objects.filter(position=source, state=ApplicationState.EFFECTIVE).exclude(candidate__in=there)
    rules = rules_of(source.campaign)
    moved = list(effective(rows, rules.registration).select_related("candidate__user", "campaign").order_by("pk"))
    for row in moved:
        _move_to(actor, row, target, rules)
    told = list(Application.objects.filter(pk__in=[row.pk for row in moved]).select_related(
        "candidate__user", "position__unit"
    ))  # fmt: skip
    tell_all(told, "merged")
    return moved


def _move_to(actor: User, application: Application, position: Position, rules: RuleSet) -> None:
    """Put an effective application to another position of its campaign, where it is reviewed anew."""
    clauses = clauses_of(application.candidate, position, rules)
    with beside_others(application, position):
        move_application(
            actor=actor, application=application, move="rechoose", position=position,
            batch_group=batch_group_of(application.campaign, position, rules.registration),
            clauses=clauses_document(clauses), machine_verdict=overall(clauses), submitted_at=timezone.now(),
        )  # fmt: skip
    EligibilityReview.objects.filter(application=application).update(
        verdict=Verdict.PENDING, reason_code="", reason="", reviewer=None, reviewed_at=None
    )


def rechoosing_until(campaign: Campaign) -> datetime | None:
    """Until when applicants of cancelled positions may choose again; None where nobody may."""
    return campaign.milestones.filter(key="rechoose").values_list("ends_at", flat=True).first()


@transaction.atomic
def rechoose_position(*, actor: User, application: Application, position: Position) -> Application:
    """Move an effective application from a cancelled position to another of the campaign; it is reviewed anew (R30).

    Raises Refused unless its position was cancelled, the hours of choosing again run, the new position is open, and the
    rules allow it beside what the person has otherwise (R16).
    """
    require(is_applicant, actor, application)
    lock_person(application.candidate_id)
    rows = Application.objects.select_for_update(of=("self",)).select_related("position", "campaign", "candidate")
    application = rows.get(pk=application.pk)
    position = Position.objects.get(pk=position.pk)
    until = rechoosing_until(application.campaign)
    is_late = until is None or timezone.now() >= until
    if application.position.state != PositionState.CANCELLED or is_late or not is_effective(application):
        raise Refused(_("Another position can't be chosen now. Nothing was saved."), code="closed")
    if position.campaign_id != application.campaign_id or position.state != PositionState.PUBLISHED:
        raise Refused(_("This position does not take applications. Nothing was saved."), code="not_recruiting")
    before, rules = application.position.code, rules_of(application.campaign)
    _move_to(actor, application, position, rules)
    audit.record(
        actor=actor, action="applications.rechoose_position", subject=application,
        before={"position": before}, after={"position": position.code},
    )  # fmt: skip
    return application
