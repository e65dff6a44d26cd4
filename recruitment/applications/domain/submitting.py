"""Submitting, taking back to correct, withdrawing."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.enums import UserKind
from accounts.models import User
from accounts.policies import require
from campaigns.planning.queries import rule_set_in_force, rules_of
from foundation.errors import Refused
from foundation.language import rule_language
from recruitment.applications.domain.drafting import refuse_unless_open
from recruitment.applications.effect import confirmation_of
from recruitment.applications.enums import ApplicationState, Verdict
from recruitment.applications.gateway import move_application
from recruitment.applications.judging import clauses_document, clauses_of, missing_from_profile
from recruitment.applications.models import Application, EligibilityReview
from recruitment.applications.notices import tell
from recruitment.applications.pledge import Pledge, current_pledge
from recruitment.applications.policies import is_applicant, may_record_withdrawal
from recruitment.applications.queries import may_correct_now
from recruitment.applications.snapshot import snapshot_of
from recruitment.candidates.models import Candidate
from rulebook.eligibility import DECLARATIONS, Clause, judge_declarations, overall


def _locked(application: Application) -> Application:
    rows = Application.objects.select_for_update(of=("self",))
    return rows.select_related("position__unit", "campaign", "candidate__user", "review").get(pk=application.pk)


@transaction.atomic
def submit_application(
    *,
    actor: User,
    application: Application,
    form: Mapping[str, Any],
    declarations: Mapping[str, bool | None],
    pledge_version: str,
) -> Application:
    """Hand the application in: conditions judged and stored as shown, data frozen, receipt sent.

    `declarations` answers every question of the rule book's negative list (R14): True it applies, False it does not,
    None not sure, which goes to a person. Submitting one that is submitted already changes nothing. Raises Refused:
    closed (the moment of closing included, R18), answers missing, a declaration that bars the application, an older
    version of the pledge, an incomplete profile.
    """
    require(is_applicant, actor, application)
    application = _locked(application)
    if application.state == ApplicationState.SUBMITTED:
        return application
    _refuse_late(application)
    declared = _check_declarations(declarations)
    pledge = _accepted_pledge(pledge_version)
    _refuse_incomplete(application.candidate)
    now, rules = timezone.now(), rules_of(application.campaign)
    clauses = (*clauses_of(application.candidate, application.position, rules), *declared)
    text = snapshot_of(application, form, declarations, now)
    move_application(
        actor=actor,
        application=application,
        move="submit",
        submitted_at=now,
        snapshot=text,
        snapshot_digest=hashlib.sha256(text.encode()).hexdigest(),
        clauses=clauses_document(clauses),
        machine_verdict=overall(clauses),
        rule_set=rule_set_in_force(application.campaign),
        pledge_version=pledge.version,
        pledge_digest=pledge.digest,
        draft=json.dumps(dict(form), ensure_ascii=False),
        revision=application.revision + 1,
    )
    blank = {"reason_code": "", "reason": "", "reviewer": None, "reviewed_at": None}
    EligibilityReview.objects.update_or_create(application=application, defaults={"verdict": Verdict.PENDING, **blank})
    tell(application, "submitted")
    return application


def _refuse_late(application: Application) -> None:
    """A returned application may come back within its hours of grace (R21); anything else keeps to the window."""
    if application.state == ApplicationState.RETURNED:
        allowed = may_correct_now(application, timezone.now())
        if not allowed:
            raise Refused(allowed.explanation.text(rule_language()), code="closed")
        return
    refuse_unless_open(application.position)


def _accepted_pledge(version: str) -> Pledge:
    """The pledge of today; Refused if the person accepted another version."""
    pledge = current_pledge()
    if version != pledge.version:
        raise Refused(
            _("The pledge has a new version. Please read it and accept it again; your entries are kept."),
            code="pledge_changed",
        )
    return pledge


def _refuse_incomplete(candidate: Candidate) -> None:
    if missing := missing_from_profile(candidate):
        raise Refused(
            _("Your profile is not complete: %(fields)s. Your entries are kept; nothing was submitted.")
            % {"fields": _(", ").join(str(name) for name in missing.values())},
            code="incomplete",
        )


def _check_declarations(declarations: Mapping[str, bool | None]) -> tuple[Clause, ...]:
    """The clauses of answers a person must look at; Refused for those that bar and for questions left open (R14)."""
    if missing := set(DECLARATIONS) - set(declarations):
        raise Refused(
            _("Please answer every declaration; %(count)s are open. Nothing was submitted.") % {"count": len(missing)},
            code="declarations_open",
        )
    result = judge_declarations(declarations)
    if not result.may_submit:
        barring = [clause.text.text(rule_language()) for clause in result.clauses if clause.verdict == "not_met"]
        raise Refused(
            _("By the announcement this bars an application: %(text)s Nothing was submitted.")
            % {"text": " ".join(barring)},
            code="barred",
        )
    return result.clauses


@transaction.atomic
def recall_application(*, actor: User, application: Application) -> Application:
    """Take a submitted application back to correct it, before anyone reviewed it and while the window is open."""
    require(is_applicant, actor, application)
    application = _locked(application)
    refuse_unless_open(application.position)
    move_application(actor=actor, application=application, move="recall")
    return application


@transaction.atomic
def confirm_application(*, actor: User, application: Application) -> Application:
    """The applicant confirms that they will sit the exam; confirmed again it stays as it is (R22).

    Raises Refused, in the words of the rule book, where nothing is to be confirmed or it is too late.
    """
    require(is_applicant, actor, application)
    application = _locked(application)
    now = timezone.now()
    allowed = confirmation_of(application, rules_of(application.campaign).registration, now)
    if application.confirmed_at:
        return application
    if allowed is None:
        raise Refused(_("There is nothing to confirm now. Nothing was saved."), code="wrong_state")
    if not allowed:
        raise Refused(f"{allowed.explanation.text(rule_language())} {_('Nothing was saved.')}", code="closed")
    application.confirmed_at = now
    application.save(update_fields=["confirmed_at"])
    audit.record(actor=actor, action="applications.confirm", subject=application)
    tell(application, "confirmed")
    return application


@transaction.atomic
def withdraw_application(*, actor: User, application: Application, reason: str = "") -> Application:
    """End an application at the person's own wish; told in writing, staff may record it with a reason.

    Raises Refused once the person is handed over to the appointment, or if the application has ended already.
    """
    application = _locked(application)
    require(is_applicant | may_record_withdrawal, actor, application)
    if actor.kind != UserKind.CANDIDATE and not reason.strip():
        raise Refused(_("Please say how and when the person withdrew. Nothing was saved."), code="reason_required")
    move_application(actor=actor, application=application, move="withdraw", reason_code="own_wish", reason=reason)
    tell(application, "withdrawn")
    return application
