"""The flexible engagement that follows an award (C10–C13). It uses no established post."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.errors import Refused
from foundation.language import rule_language
from foundation.words import money
from recruitment.applications.queries import rules_in_force
from recruitment.challenges.enums import BidState
from recruitment.challenges.machine import ENGAGEMENTS
from recruitment.challenges.models import Bid, Challenge, Engagement, EngagementMilestone
from recruitment.challenges.policies import may_run_challenges
from recruitment.challenges.queries import is_correction_waiting
from recruitment.challenges.standing import may_sign
from rulebook.challenge import milestone_amounts
from rulebook.ruleset.talent import ChallengeRules


def _refuse_before_notice_ends(challenge: Challenge) -> None:
    """Raises Refused until the notice of the award is out, its period over, and no objection or correction waits."""
    guard = may_sign(challenge, timezone.localdate())
    if guard is None:
        raise Refused(_("The award must be under public notice first. Nothing was saved."), code="no_notice")
    if not guard:
        raise Refused(
            f"{guard.explanation.text(rule_language())} {_('Nothing was saved.')}",
            code="in_notice" if guard.explanation.code == "notice.not_over" else "objection",
        )
    if is_correction_waiting(challenge):
        raise Refused(
            _("A corrected notice waits with the press; release or discard it first. Nothing was saved."),
            code="correction_waits",
        )


@transaction.atomic
def sign_engagement(
    *,
    actor: User,
    bid: Bid,
    number: str,
    starts_on: date,
    ends_on: date,
    days_per_year: int,
    amount: Decimal,
    subsidy: Decimal = Decimal(0),
) -> Engagement:
    """The flexible agreement with the winner (C10): days on site a year, amount and yearly subsidy in yuan.

    The amount is split into the milestones of the rules (R88). Raises Refused unless the bid was awarded, its notice is
    over with no objection open and no correction waiting, the dates are in order, the number is new, and the amount
    does not exceed that of the board.
    """
    bid = (
        Bid.objects.select_for_update(of=("self",))
        .select_related("challenge__notice__campaign", "challenge__campaign")
        .get(pk=bid.pk)
    )
    require(may_run_challenges, actor, bid)
    if bid.state != BidState.AWARDED:
        raise Refused(_("Only the awarded bid leads to an agreement. Nothing was saved."), code="wrong_state")
    _refuse_before_notice_ends(bid.challenge)
    if ends_on < starts_on:
        raise Refused(_("The agreement must end after it starts. Nothing was saved."), code="dates")
    if not 0 <= amount <= bid.challenge.budget or subsidy < 0:
        raise Refused(
            _("The amount must be at most that of the board, %(budget)s yuan. Nothing was saved.")
            % {"budget": money(bid.challenge.budget)},
            code="amount",
        )
    if Engagement.objects.filter(number=number).exists() or Engagement.objects.filter(bid=bid).exists():
        raise Refused(_("This agreement was entered before. Nothing was saved."), code="duplicate")
    engagement = Engagement.objects.create(
        bid=bid, number=number, starts_on=starts_on, ends_on=ends_on, days_per_year=days_per_year, amount=amount,
        subsidy=subsidy, recorded_by=actor,
    )  # fmt: skip
    set_milestones(engagement, rules_in_force(bid.challenge.campaign).challenge)
    audit.record(actor=actor, action="challenges.sign_engagement", subject=engagement, after={"amount": str(amount)})
    return engagement


def set_milestones(engagement: Engagement, rules: ChallengeRules) -> None:
    """The agreed sum in the parts of the rules, to the cent (R88)."""
    EngagementMilestone.objects.bulk_create(
        EngagementMilestone(engagement=engagement, number=number, amount=amount)
        for number, amount in enumerate(milestone_amounts(engagement.amount, rules), start=1)
    )


def _move(actor: User, engagement: Engagement, name: str, action: str, reason: str) -> Engagement:
    require(may_run_challenges, actor, engagement.bid)
    before = ENGAGEMENTS.move(name, engagement, reason=reason)
    audit.record(actor=actor, action=action, subject=engagement, before={"state": before}, reason=reason)
    return engagement


@transaction.atomic
def begin_engagement(*, actor: User, engagement: Engagement) -> Engagement:
    """The person has begun the work (C11)."""
    return _move(actor, engagement, "begin", "challenges.begin_engagement", "")


@transaction.atomic
def accept_work(*, actor: User, engagement: Engagement, document: str) -> Engagement:
    """The result was accepted against the indicators; `document` is the number of the acceptance record (C13)."""
    return _move(actor, engagement, "accept", "challenges.accept_work", document)


@transaction.atomic
def terminate_engagement(*, actor: User, engagement: Engagement, reason: str) -> Engagement:
    """End an engagement early, with the reason."""
    return _move(actor, engagement, "terminate", "challenges.terminate", reason)
