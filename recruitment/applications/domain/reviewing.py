"""The first review, and what may be done about its result. A person decides, never a machine."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.errors import Refused
from recruitment.applications.domain.consent import require_consent
from recruitment.applications.domain.drafting import beside_others, lock_person
from recruitment.applications.enums import REJECT_CODES, RETURN_CODES, ReasonCode, Verdict
from recruitment.applications.gateway import move_application, move_applications
from recruitment.applications.models import Application, EligibilityReview, Recusal
from recruitment.applications.notices import tell, tell_passed
from recruitment.applications.policies import (
    may_declare_recusal,
    may_disqualify,
    may_override,
    may_review,
    require_person,
)
from recruitment.applications.queries import rules_by_campaign

LEAST_WORDS = 4


def _locked(application: Application) -> Application:
    rows = Application.objects.select_for_update(of=("self",))
    related = ("position__unit", "campaign", "candidate__user", "review")
    return rows.select_related(*related).prefetch_related("recusals", "candidate__relatives").get(pk=application.pk)


def _check_reason(codes: Iterable[ReasonCode], reason_code: str, reason: str) -> None:
    allowed = [code.value for code in codes]
    if reason_code not in allowed:
        raise Refused(_("Please choose a reason from the list. Nothing was saved."), code="reason_code_required")
    if len(reason.strip()) < LEAST_WORDS:
        raise Refused(
            _("Please say in words what is wrong and what would be right; the applicant reads it. Nothing was saved."),
            code="reason_required",
        )


def _record_verdict(application: Application, actor: User, verdict: str, reason_code: str, reason: str) -> None:
    EligibilityReview.objects.update_or_create(
        application=application,
        defaults={
            "verdict": verdict,
            "reason_code": reason_code,
            "reason": reason,
            "reviewer": actor,
            "reviewed_at": timezone.now(),
        },
    )


@transaction.atomic
def pass_review(*, actor: User, application: Application, reason_code: str = "", reason: str = "") -> Application:
    """The applicant meets the conditions; the position is fixed from now on (R19).

    The application becomes effective with it, or once it is confirmed where the rules want that (R22). Raises
    NotAllowed for others than the reviewers of the unit, Refused if it is no longer submitted or lacks the employer's
    consent that the rules ask for now (R17).
    """
    application = _locked(application)
    require_person(may_review, actor, application)
    require_consent([application], "registration")
    move_application(actor=actor, application=application, move="pass_review", reason=reason)
    _record_verdict(application, actor, Verdict.PASSED, "", reason)
    tell_passed([application], rules_by_campaign([application]))
    return application


@transaction.atomic
def pass_reviews(*, actor: User, applications: Iterable[Application]) -> int:
    """Pass a set of applications, all or none; returns how many. The same checks as for one, made for each."""
    keys = [row.pk for row in applications]
    rows = list(
        Application.objects.select_for_update(of=("self",))
        .filter(pk__in=keys)
        .order_by("pk")
        .select_related("position__unit", "campaign", "candidate__user")
        .prefetch_related("recusals", "candidate__relatives")
    )
    for row in rows:
        require_person(may_review, actor, row)
    require_consent(rows, "registration")
    moved = move_applications(actor=actor, applications=rows, move="pass_review")
    EligibilityReview.objects.filter(application__in=rows).update(
        verdict=Verdict.PASSED, reason_code="", reason="", reviewer=actor, reviewed_at=timezone.now()
    )
    tell_passed(rows, rules_by_campaign(rows))
    return moved


@transaction.atomic
def return_application(*, actor: User, application: Application, reason_code: str, reason: str) -> Application:
    """Send it back to be corrected; the applicant reads code and words and may submit again (R20, R21)."""
    application = _locked(application)
    require_person(may_review, actor, application)
    _check_reason(RETURN_CODES, reason_code, reason)
    move_application(actor=actor, application=application, move="return", reason_code=reason_code, reason=reason)
    _record_verdict(application, actor, Verdict.RETURNED, reason_code, reason)
    tell(application, "returned", reason)
    return application


@transaction.atomic
def reject_application(*, actor: User, application: Application, reason_code: str, reason: str) -> Application:
    """The applicant does not meet a condition; code and words are shown, and how to object (R20).

    Until the window closes the person may choose another position (R19).
    """
    application = _locked(application)
    require_person(may_review, actor, application)
    _check_reason(REJECT_CODES, reason_code, reason)
    move_application(actor=actor, application=application, move="reject", reason_code=reason_code, reason=reason)
    _record_verdict(application, actor, Verdict.REJECTED, reason_code, reason)
    tell(application, "rejected", reason)
    return application


@transaction.atomic
def override_rejection(*, actor: User, application: Application, reason: str) -> Application:
    """Let a rejected application pass, by the supervising department or the talent office, never by its reviewer.

    Raises Refused if the person has chosen another position meanwhile, since one person holds one application (R16).
    """
    lock_person(application.candidate_id)
    application = _locked(application)
    require_person(may_override, actor, application)
    with beside_others(application, application.position):
        move_application(actor=actor, application=application, move="override", reason=reason)
    _record_verdict(application, actor, Verdict.PASSED, "", reason)
    tell_passed([application], rules_by_campaign([application]), kind="overridden")
    return application


@transaction.atomic
def disqualify_application(*, actor: User, application: Application, reason_code: str, reason: str) -> Application:
    """End an application for a stated cause at any step before an appointment has begun its course."""
    application = _locked(application)
    require_person(may_disqualify, actor, application)
    _check_reason(ReasonCode, reason_code, reason)  # type: ignore[arg-type]
    move_application(actor=actor, application=application, move="disqualify", reason_code=reason_code, reason=reason)
    tell(application, "disqualified", reason)
    return application


@transaction.atomic
def declare_recusal(*, actor: User, application: Application, user: User, reason: str) -> Recusal:
    """Keep `user` from deciding on an application because of a relation (R15); declared twice it stays one."""
    require(may_declare_recusal, actor, application)
    if len(reason.strip()) < 2:
        raise Refused(_("Please name the relation. Nothing was saved."), code="reason_required")
    recusal, is_new = Recusal.objects.get_or_create(
        application=application, user=user, defaults={"reason": reason.strip(), "declared_by": actor}
    )
    if is_new:
        audit.record(
            actor=actor,
            action="applications.declare_recusal",
            subject=application,
            after={"user": user.pk},
            reason=reason,
        )
    return recusal
