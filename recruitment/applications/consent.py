"""Who is on an established post, and whether the employer's consent still lacks at a step (R17)."""

from collections.abc import Collection
from typing import Literal

from campaigns.planning.queries import rules_of_all
from recruitment.applications.models import Application, EmployerConsent
from recruitment.candidates.models import WorkPeriod
from recruitment.candidates.rule_profile import ON_A_POST
from rulebook.explanation import Guard
from rulebook.registration import consent_guard


def consents_of(applications: Collection[Application], step: Literal["registration", "recheck"]) -> dict[int, Guard]:
    """Application id → whether it may pass the step, for people now on an established post only; three queries."""
    works = WorkPeriod.objects.filter(kind__in=ON_A_POST, ended_on=None)
    on_post = set(
        works.filter(candidate__in=[row.candidate_id for row in applications]).values_list("candidate_id", flat=True)
    )
    asked = [row for row in applications if row.candidate_id in on_post]
    if not asked:
        return {}
    shown = set(EmployerConsent.objects.filter(application__in=asked).values_list("application_id", flat=True))
    rules = rules_of_all({row.campaign for row in asked})
    return {row.pk: consent_guard(step, True, row.pk in shown, rules[row.campaign_id].registration) for row in asked}
