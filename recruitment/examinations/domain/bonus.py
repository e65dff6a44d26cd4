"""Bonus points: an applicant claims a ground with a document, a person decides, the ranking counts it (R42–R44)."""

from datetime import datetime
from typing import IO, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import audit
from accounts.duties import another_person
from accounts.models import User
from accounts.policies import require
from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.errors import DomainError, Refused
from foundation.language import rule_language
from foundation.templatetags.ui import day
from recruitment.applications.models import Application
from recruitment.applications.policies import require_person
from recruitment.candidates.domain import add_document
from recruitment.candidates.enums import DocumentKind
from recruitment.candidates.models import Candidate, CandidateDocument
from recruitment.examinations.bonus import (
    CLAIMING,
    claims_still_come,
    closes_at,
    granted,
    is_ranked,
    is_window_open,
    knobs_of,
    listed_points,
    points_by_ticket,
    points_of,
    waiting_by_position,
)
from recruitment.examinations.domain.running import lock_running
from recruitment.examinations.models import BonusClaim, BonusReason, BonusState
from recruitment.examinations.notices import tell_of_bonus
from recruitment.examinations.policies import may_claim_bonus, may_decide_bonus
from rulebook.bonus import BonusResult, bonus_list_out, item_of
from rulebook.explanation import RuleError
from rulebook.ruleset import RuleSet
from rulebook.ruleset.examination import BonusItem, BonusRules

LEAST_WORDS = 4
MOST_MONTHS = 600
FULL_YEAR = 12
POSITIONS_NAMED = 5
UNDECIDED: dict[str, Any] = {
    "decided_by": None,
    "decided_at": None,
    "months_proved": None,
    "reason_code": "",
    "reason": "",
}


@transaction.atomic
def claim_bonus(
    *, actor: User, application: Application, ground: str, document: CandidateDocument, months: int = 0
) -> BonusClaim:
    """Claim a ground of the announcement's table for one's own application, with a document that proves it.

    For a person without an account somebody who decides on claims enters it, and somebody else decides. `months` of
    service count for grounds with points per year. The same claim again changes nothing. Raises Refused:
    too late (the moment after the deadline's day included), a ground that is not in the table or claimed already, a
    document of somebody else, less than a full year.
    """
    require(may_claim_bonus, actor, application)
    campaign = lock_running(application.campaign)
    Candidate.objects.select_for_update().get(pk=application.candidate_id)
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    rules = knobs_of(rules_of(campaign))
    _refuse_late(campaign, rules, timezone.now())
    if application.state not in CLAIMING:
        raise Refused(
            _("Bonus is claimed for an application that was handed in and still stands; this one is “%(state)s”. "
              "Nothing was saved.") % {"state": application.get_state_display()},
            code="wrong_state",
        )  # fmt: skip
    months = _months(_item(ground, rules), months)
    if not CandidateDocument.objects.filter(pk=document.pk, candidate=application.candidate_id).exists():
        raise Refused(_("Choose one of your own documents as proof. Nothing was saved."), code="not_your_document")
    standing = application.bonus_claims.filter(ground=ground).exclude(state=BonusState.WITHDRAWN).first()
    if standing is not None:
        if (standing.state, standing.months, standing.document_id) == (BonusState.OPEN, months, document.pk):
            return standing
        raise Refused(
            _("This ground is claimed already. While it waits for a decision you may withdraw that claim and make "
              "another. Nothing was saved."),
            code="claimed",
        )  # fmt: skip
    entered_by = None if application.candidate.user_id else actor
    claim = BonusClaim.objects.create(
        application=application, ground=ground, months=months, document=document, entered_by=entered_by
    )
    after = {"ground": ground, "months": months, "document": document.pk}
    audit.record(actor=actor, action="examinations.claim_bonus", subject=claim, after=after)
    return claim


def claim_with_new_proof(
    *, actor: User, application: Application, ground: str, content: IO[bytes] | bytes, name: str, months: int = 0
) -> BonusClaim:
    """Hand in a new document and claim with it: both or neither; nothing stays of a refused one. Raises as they do."""
    proof = None
    try:
        with transaction.atomic():
            proof = add_document(
                actor=actor, candidate=application.candidate, kind=DocumentKind.BONUS, content=content, name=name
            )
            return claim_bonus(actor=actor, application=application, ground=ground, document=proof, months=months)
    except DomainError:
        if proof is not None:
            # The row is gone with the transaction; its content must not stay behind.
            stored = proof.file.content
            stored.storage.delete(str(stored.name))
        raise


@transaction.atomic
def withdraw_claim(*, actor: User, claim: BonusClaim) -> BonusClaim:
    """Take one's own claim back, as long as nobody decided it; withdrawn twice it stays so.

    One that an office entered is taken back by an office.
    """
    require(may_claim_bonus, actor, claim.application)
    lock_running(claim.application.campaign)
    claim = _locked(claim)
    if claim.state == BonusState.WITHDRAWN:
        return claim
    if claim.state != BonusState.OPEN:
        raise _decided(claim)
    return _save(actor, claim, "withdraw_bonus", state=BonusState.WITHDRAWN)


@transaction.atomic
def accept_claim(*, actor: User, claim: BonusClaim, months: int | None = None) -> BonusClaim:
    """Grant the points of the ground for `months` proved (those claimed, unless said otherwise).

    Accepting once more with the same months changes nothing. Raises Refused once it is decided otherwise, once the
    written marks are ranked, for a ground no longer in the rules, and where the document gives no points.
    """
    campaign, claim = _to_decide(actor, claim)
    rules = knobs_of(rules_of(campaign))
    proved = _months(_item(claim.ground, rules), claim.months if months is None else months)
    if claim.state == BonusState.ACCEPTED and claim.months_proved == proved:
        return claim
    _refuse_decided(claim)
    points = points_of(claim, rules, proved)
    if not points:
        raise Refused(
            _("By the rules in force this claim gives no points; do not grant it, and say why. Nothing was saved."),
            code="no_points",
        )
    decided: dict[str, Any] = {"decided_by": actor, "decided_at": timezone.now(), "months_proved": proved}
    claim = _save(actor, claim, "accept_bonus", state=BonusState.ACCEPTED, points=str(points), **decided)
    tell_of_bonus(claim.application, "bonus_accepted")
    return claim


@transaction.atomic
def reject_claim(*, actor: User, claim: BonusClaim, reason_code: str, reason: str) -> BonusClaim:
    """Grant nothing, with a code and words that the applicant reads; the same rejection again changes nothing."""
    _campaign, claim = _to_decide(actor, claim)
    reason = reason.strip()
    if reason_code not in BonusReason.values:
        raise Refused(_("Please choose a reason from the list. Nothing was saved."), code="reason_code_required")
    if len(reason) < LEAST_WORDS:
        raise Refused(
            _("Please say in words what is wrong and what would be right; the applicant reads it. Nothing was saved."),
            code="reason_required",
        )
    if (claim.state, claim.reason_code, claim.reason) == (BonusState.REJECTED, reason_code, reason):
        return claim
    _refuse_decided(claim)
    decided: dict[str, Any] = {
        "decided_by": actor,
        "decided_at": timezone.now(),
        "reason_code": reason_code,
        "reason": reason,
    }
    claim = _save(actor, claim, "reject_bonus", state=BonusState.REJECTED, **decided)
    tell_of_bonus(claim.application, "bonus_rejected")
    return claim


@transaction.atomic
def reopen_claim(*, actor: User, claim: BonusClaim, reason: str) -> BonusClaim:
    """Take a decision back, say after an objection, so that it is made anew before the ranking."""
    _campaign, claim = _to_decide(actor, claim)
    if len(reason.strip()) < LEAST_WORDS:
        raise Refused(_("Please say why the decision is taken back. Nothing was saved."), code="reason_required")
    if claim.state not in (BonusState.ACCEPTED, BonusState.REJECTED):
        raise Refused(_("There is no decision to take back. Nothing was saved."), code="not_decided")
    claim = _save(actor, claim, "reopen_bonus", state=BonusState.OPEN, why=reason.strip(), **UNDECIDED)
    tell_of_bonus(claim.application, "bonus_reopened")
    return claim


def bonus_for_ranking(campaign: Campaign, rules: RuleSet) -> dict[int, BonusResult]:
    """Application id → granted points and how they came about, for the ranking; call it with the campaign locked.

    Raises Refused while claims may still come in or wait for a decision, naming how many and at which positions, and
    until the bonus list is out as it was decided (R44).
    """
    knobs = knobs_of(rules)
    if claims_still_come(knobs, timezone.now()):
        raise Refused(
            _("Bonus may be claimed until %(day)s, that day included; rank after it. Nothing was saved.")
            % {"day": day(knobs.deadline)},
            code="bonus_window",
        )
    refuse_undecided(campaign)
    found = granted_by_rules(campaign, knobs)
    guard = bonus_list_out(points_by_ticket(campaign, found), listed_points(campaign))
    if not guard:
        raise Refused(f"{guard.explanation.text(rule_language())} {_('Nothing was saved.')}", code="bonus_list")
    return found


def refuse_undecided(campaign: Campaign) -> None:
    """Raises Refused while claims wait for a decision, naming how many and at which positions."""
    if waiting := waiting_by_position(campaign):
        raise Refused(_undecided(waiting), code="bonus_open")


def granted_by_rules(campaign: Campaign, knobs: BonusRules) -> dict[int, BonusResult]:
    """As `granted`; raises Refused for a ground that the rules do not have any more."""
    try:
        return granted(campaign, knobs)
    except RuleError as problem:
        raise Refused(f"{problem.text(rule_language())} {_('Nothing was saved.')}", code=problem.code) from problem


def _undecided(waiting: dict[str, int]) -> str:
    count = sum(waiting.values())
    named = _(", ").join(f"{code} ({n})" for code, n in list(waiting.items())[:POSITIONS_NAMED])
    more = len(waiting) - POSITIONS_NAMED
    if more > 0:
        named += ngettext(" and %(n)s more position", " and %(n)s more positions", more) % {"n": more}
    return ngettext(
        "%(n)s claim of bonus waits for a decision, at: %(where)s. Decide it, then rank. Nothing was saved.",
        "%(n)s claims of bonus wait for a decision, at: %(where)s. Decide them, then rank. Nothing was saved.",
        count,
    ) % {"n": count, "where": named}


def _refuse_late(campaign: Campaign, rules: BonusRules, now: datetime) -> None:
    if not rules.items:
        raise Refused(_("This announcement gives no bonus points. Nothing was saved."), code="no_bonus")
    if is_window_open(campaign, rules, now):
        return
    closes = closes_at(rules)
    if closes is not None and now >= closes:
        raise Refused(
            _("Bonus could be claimed until %(day)s, that day included; a later claim is waived. Nothing was saved.")
            % {"day": day(rules.deadline)},
            code="closed",
        )
    raise Refused(
        _("The written marks are in, so bonus can't be claimed any more. Nothing was saved."), code="marks_in"
    )


def _item(ground: str, rules: BonusRules) -> BonusItem:
    try:
        return item_of(ground, rules)
    except RuleError as problem:
        raise Refused(f"{problem.text(rule_language())} {_('Nothing was saved.')}", code=problem.code) from problem


def _months(item: BonusItem, months: int) -> int:
    """The months that count for this ground: none for fixed points, else at least a full year."""
    if not item.per_year:
        return 0
    if not FULL_YEAR <= months <= MOST_MONTHS and not item.fixed:
        raise Refused(
            _("This ground gives points for full years of service: at least 12 months, at most %(most)s; you entered "
              "%(months)s. Nothing was saved.") % {"most": MOST_MONTHS, "months": months},
            code="no_full_year",
        )  # fmt: skip
    return max(0, min(months, MOST_MONTHS))


def _locked(claim: BonusClaim) -> BonusClaim:
    rows = BonusClaim.objects.select_for_update(of=("self",))
    related = ("application__position__unit", "application__campaign", "application__candidate__user", "decided_by")
    people = ("application__recusals", "application__candidate__relatives")
    return rows.select_related(*related).prefetch_related(*people).get(pk=claim.pk)


def _to_decide(actor: User, claim: BonusClaim) -> tuple[Campaign, BonusClaim]:
    """The claim, locked with its campaign, for somebody who may decide it before the ranking exists."""
    campaign = lock_running(claim.application.campaign)
    claim = _locked(claim)
    require_person(may_decide_bonus, actor, claim.application)
    require(another_person(claim.entered_by_id), actor, claim.application)
    if is_ranked(campaign):
        raise Refused(
            _("The written marks are ranked with the bonus as decided; take the ranking back first. "
              "Nothing was saved."),
            code="ranked",
        )  # fmt: skip
    return campaign, claim


def _refuse_decided(claim: BonusClaim) -> None:
    if claim.state != BonusState.OPEN:
        raise _decided(claim)


def _decided(claim: BonusClaim) -> Refused:
    return Refused(
        _("This claim is not waiting any more, it is in the state “%(state)s”. Nothing was saved.")
        % {"state": claim.get_state_display()},
        code="wrong_state",
    )


def _save(
    actor: User, claim: BonusClaim, action: str, *, points: str = "", why: str = "", **values: object
) -> BonusClaim:
    before = {"state": claim.state, "months": claim.months_proved, "reason_code": claim.reason_code}
    for name, value in values.items():
        setattr(claim, name, value)
    claim.save(update_fields=list(values))
    after = {"state": claim.state, "months": claim.months_proved, "reason_code": claim.reason_code, "points": points}
    audit.record(
        actor=actor, action=f"examinations.{action}", subject=claim,
        before={name: value for name, value in before.items() if value not in ("", None)},
        after={name: value for name, value in after.items() if value not in ("", None)}, reason=why or claim.reason,
    )  # fmt: skip
    return claim
