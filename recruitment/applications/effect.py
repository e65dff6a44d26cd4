"""Which applications are effective (R22): computed from their verdicts, never stored."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.planning.models import Campaign
from campaigns.planning.queries import rules_of
from foundation.errors import Refused
from foundation.language import rule_language
from recruitment.applications.enums import ApplicationState as S
from recruitment.applications.models import Application
from rulebook.explanation import Explanation, Guard
from rulebook.registration import EffectiveFacts, Review, confirmation_ends, may_confirm, missing_for_effect
from rulebook.ruleset.registration import RegistrationRules

# Photos and payments are looked at outside this system, so no application waits for either of them here.
PHOTO_IS_FINE = True
FEE_IS_SETTLED = True


def lacks(review: Review, confirmed: bool, rules: RegistrationRules) -> tuple[Explanation, ...]:
    """What keeps an application from being effective, in the words of the rule book."""
    facts = EffectiveFacts(PHOTO_IS_FINE, review, paid=FEE_IS_SETTLED, waived=False, confirmed=confirmed)
    return missing_for_effect(facts, rules)


def needs_confirmation(rules: RegistrationRules) -> bool:
    """Whether an application that passed the review is effective only once it is confirmed."""
    return bool(lacks("passed", False, rules))


def effective(passed: QuerySet[Application], rules: RegistrationRules) -> QuerySet[Application]:
    """Those that are effective of applications, of one campaign, whose review has passed."""
    return passed.filter(confirmed_at__isnull=False) if needs_confirmation(rules) else passed


def is_effective(application: Application) -> bool:
    """Whether one application whose review has passed is effective, by the rules in force."""
    return not lacks("passed", application.confirmed_at is not None, rules_of(application.campaign).registration)


def confirmation_of(application: Application, rules: RegistrationRules, now: datetime) -> Guard | None:
    """Whether the applicant may confirm now; None where nothing is to be confirmed, or not any more. Needs `review`."""
    review = getattr(application, "review", None)
    if application.state != S.EFFECTIVE or review is None or review.reviewed_at is None:
        return None
    closes = application.campaign.registration_closes_at
    return may_confirm(application.confirmed_at is not None, now, closes, review.reviewed_at, rules)


def refuse_while_confirming(campaign: Campaign, rules: RegistrationRules) -> None:
    """Raises Refused while people may still confirm that they will sit the exam: who is effective is not settled."""
    ends = confirmation_ends(campaign.registration_closes_at, rules) if rules.two_stage_confirm else None
    if ends and timezone.now() < ends:
        told = Explanation("registration.confirm_open", {"ends": ends}).text(rule_language())
        raise Refused(f"{told} {_('Nothing was saved.')}", code="confirming")
