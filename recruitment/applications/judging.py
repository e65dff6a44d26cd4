"""How a profile meets a position's conditions. It warns; only a person decides (decision 15)."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.planning.models import Position
from recruitment.candidates.models import Candidate
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


def clauses_of(candidate: Candidate, position: Position, rules: RuleSet) -> list[dict[str, Any]]:
    """The conditions as printed, each for a person to judge."""
    return [
        {"text": str(text), "source": str(column), "verdict": "ask"}
        for column, text in position.printed.items()
        if text
    ]
