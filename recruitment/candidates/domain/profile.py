"""What a candidate tells us about themselves, once, for all applications."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.errors import Refused
from foundation.fields import blind_index
from foundation.language import rule_language
from recruitment.candidates.models import Candidate
from recruitment.candidates.policies import is_candidate_account, is_oneself
from rulebook.explanation import RuleError
from rulebook.identity import IdNumber, check_against_form, parse_id_number

IDENTITY_FIELDS = ("name", "id_number", "birth_date", "sex")
PROFILE_FIELDS = (
    *IDENTITY_FIELDS,
    "ethnicity",
    "political_status",
    "household",
    "student_origin",
    "graduate_kind",
    "service_project",
    "first_work_on",
    "title_level",
    "title_series",
    "certificates",
)


class ProfileRefused(Refused):
    """A refused answer; `field` names it, so that a form can put the sentence beside it."""

    def __init__(self, message: str, *, field: str, code: str = "refused") -> None:
        super().__init__(message, code=code)
        self.field = field


@transaction.atomic
def register_candidate(*, user: User, name: str = "") -> Candidate:
    """The candidate of a signed-in account; called again it returns the same one.

    Raises NotAllowed for a staff account.
    """
    require(is_candidate_account, user)
    candidate, is_new = Candidate.objects.get_or_create(user=user, defaults={"name": name or user.name})
    if is_new:
        audit.record(actor=user, action="candidates.register", subject=candidate)
    return candidate


@transaction.atomic
def save_profile(
    *, actor: User, candidate: Candidate, answers: Mapping[str, Any], revision: int | None = None
) -> Candidate:
    """Write answers (any of PROFILE_FIELDS, already of their Python types); others stay as they are.

    An ID number is checked by R01–R04 and against birth date and sex, which are taken from it where they were not told.
    Raises ProfileRefused naming the field: a number that is not one, a contradiction, a number someone else registered
    (`id_taken`), identity changed after an application was submitted (`identity_locked`); Refused (`stale_revision`)
    if the profile was saved elsewhere since `revision`.
    """
    require(is_oneself, actor, candidate)
    candidate = Candidate.objects.select_for_update().get(pk=candidate.pk)
    if revision is not None and revision != candidate.revision:
        raise Refused(
            _("Your profile was changed in another window. Please compare and save again; nothing was saved."),
            code="stale_revision",
        )
    if unknown := set(answers) - set(PROFILE_FIELDS):
        raise ValueError(f"not fields of a profile: {sorted(unknown)}")
    values = dict(answers)
    _check_identity(candidate, values)
    changed = sorted(name for name, value in values.items() if getattr(candidate, name) != value)
    for name, value in values.items():
        setattr(candidate, name, value)
    candidate.revision += 1
    try:
        with transaction.atomic():
            candidate.save()
    except IntegrityError as problem:
        raise ProfileRefused(
            _(
                "This ID number is already registered with another account. If it is yours, sign in with that account "
                "or ask the talent office to check it; nothing was saved."
            ),
            field="id_number",
            code="id_taken",
        ) from problem
    if changed:
        audit.record(actor=actor, action="candidates.save_profile", subject=candidate, after={"fields": changed})
    return candidate


def _check_identity(candidate: Candidate, values: dict[str, Any]) -> None:
    """Bring the identity fields of `values` into their normal form and hold them against one another."""
    if not set(values) & set(IDENTITY_FIELDS):
        return
    if "id_number" in values:
        values["id_number"] = _parse(values["id_number"]).number if values["id_number"] else ""
    number = values.get("id_number", candidate.id_number)
    if number:
        _agree_with_number(candidate, values, _parse(number))
    moved = [name for name in IDENTITY_FIELDS if name in values and values[name] != getattr(candidate, name)]
    if moved and is_identity_locked(candidate):
        raise ProfileRefused(
            _("Name, ID number, date of birth and sex can't be changed after an application was submitted."),
            field=moved[0],
            code="identity_locked",
        )
    if "id_number" in values:
        candidate.id_index = blind_index(number) if number else None


def _parse(text: str) -> IdNumber:
    try:
        return parse_id_number(text)
    except RuleError as problem:
        raise ProfileRefused(problem.text(rule_language()), field="id_number", code=problem.code) from problem


def _agree_with_number(candidate: Candidate, values: dict[str, Any], identity: IdNumber) -> None:
    birth_date: date = values.get("birth_date") or identity.birth_date
    sex = values.get("sex") or identity.sex
    wrong = check_against_form(identity, birth_date=birth_date, sex=sex)
    messages = {
        "birth_date": _("The date of birth is not the one in the ID number. Please check both."),
        "sex": _("The sex is not the one in the ID number. Please check both."),
    }
    if wrong:
        raise ProfileRefused(messages[wrong[0]], field=wrong[0], code="id_contradicts")
    values["birth_date"], values["sex"] = birth_date, sex


def is_identity_locked(candidate: Candidate) -> bool:
    """True once an application beyond a draft speaks of this person."""
    return candidate.applications.exclude(state="draft").exists()  # type: ignore[attr-defined]


@transaction.atomic
def keep_answers(*, actor: User, candidate: Candidate, step: str, answers: Mapping[str, Any]) -> None:
    """Keep what was typed in one step of the profile before it passes the checks, so that nothing is lost."""
    require(is_oneself, actor, candidate)
    candidate = Candidate.objects.select_for_update().get(pk=candidate.pk)
    kept = kept_answers(candidate)
    kept[step] = dict(answers)
    if not answers:
        del kept[step]
    candidate.unsaved_answers = json.dumps(kept, ensure_ascii=False) if kept else ""
    candidate.save(update_fields=["unsaved_answers"])


def kept_answers(candidate: Candidate) -> dict[str, dict[str, Any]]:
    """Step → raw answers as typed."""
    return json.loads(candidate.unsaved_answers) if candidate.unsaved_answers else {}
