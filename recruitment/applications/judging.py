"""How a profile meets a position's conditions. It warns; only a person decides (decision 15)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.planning.models import Campaign, Position
from campaigns.planning.queries import catalogue_of, rules_of
from recruitment.candidates.domain import profile_of
from recruitment.candidates.models import Candidate
from rulebook.conditions import PositionConditions
from rulebook.conditions.finding import Verdict
from rulebook.eligibility import Clause, Judge
from rulebook.ruleset import RuleSet

REQUIRED = ("name", "id_number", "political_status", "graduate_kind")


def missing_from_profile(candidate: Candidate) -> dict[str, Promise | str]:
    """Field → label of what an application needs and the profile does not say yet."""
    missing: dict[str, Promise | str] = {
        name: Candidate._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        for name in REQUIRED
        if not getattr(candidate, name)
    }
    if not candidate.educations.exists():
        missing["educations"] = _("education")
    user = candidate.user
    if user is None or not (user.phone or user.email):
        missing["contact"] = _("mobile phone or e-mail")
    return missing


def reference_day(campaign: Campaign, rules: RuleSet) -> date:
    """The day ages and work are counted to (R06); today while the campaign has no date of its kind yet."""
    kind = rules.eligibility.age_reference
    if kind == "fixed" and rules.eligibility.age_reference_date:
        return rules.eligibility.age_reference_date
    moment = campaign.published_at if kind == "announcement" else campaign.registration_opens_at
    return timezone.localdate(moment) if moment else timezone.localdate()


def judge_for(candidate: Candidate, campaign: Campaign, rules: RuleSet) -> Judge:
    """One judge for all positions of a campaign."""
    return Judge(profile_of(candidate), reference_day(campaign, rules), rules.eligibility, catalogue_of(rules))


def clauses_of(candidate: Candidate, position: Position, rules: RuleSet) -> tuple[Clause, ...]:
    """Every condition of the position with its verdict, reason and source, in printed order."""
    return judge_for(candidate, position.campaign, rules).clauses(conditions_of(position))


def conditions_of(position: Position) -> PositionConditions:
    return PositionConditions.from_json(position.conditions or {})


def clauses_document(clauses: Iterable[Clause]) -> list[dict[str, Any]]:
    """What is stored of the verdicts shown: the Chinese texts, with the English ones beside them."""
    return [{**clause.to_json("zh"), "text_en": clause.text_en, "reason_en": clause.reason_en} for clause in clauses]


def verdicts_of(candidate: Candidate, positions: Sequence[Position]) -> dict[int, Verdict]:
    """Position id → verdict, for positions selected with their campaign; the rules of each are read once."""
    judges: dict[int, Judge] = {}
    found: dict[int, Verdict] = {}
    profile = profile_of(candidate)
    for position in positions:
        campaign = position.campaign
        if campaign.pk not in judges:
            rules = rules_of(campaign)
            judges[campaign.pk] = Judge(profile, reference_day(campaign, rules), rules.eligibility, catalogue_of(rules))
        found[position.pk] = judges[campaign.pk].verdict(conditions_of(position))
    return found
