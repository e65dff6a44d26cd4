"""The employer's consent of people on an established post, seen and recorded by staff (R17)."""

from collections.abc import Collection
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from foundation.errors import Refused
from foundation.language import rule_language
from recruitment.applications.consent import consents_of
from recruitment.applications.models import Application, EmployerConsent
from recruitment.applications.policies import may_record_consent, require_person


@transaction.atomic
def record_consent(*, actor: User, application: Application, document: str) -> EmployerConsent:
    """Record the written consent that was seen; recorded again it takes the place of the one before.

    Raises NotAllowed for others than the reviewers and the offices above them, Refused without a document number.
    """
    require_person(may_record_consent, actor, application)
    if not document.strip():
        raise Refused(_("Give the number of the document. Nothing was saved."), code="document_required")
    consent, _is_new = EmployerConsent.objects.update_or_create(
        application=application, defaults={"document": document.strip(), "recorded_by": actor}
    )
    audit.record(
        actor=actor, action="applications.record_consent", subject=application, after={"document": document.strip()}
    )
    return consent


def require_consent(applications: Collection[Application], step: Literal["registration", "recheck"]) -> None:
    """Raises Refused, naming the first person whose employer's consent the rules ask for at this step and lacks."""
    guards = consents_of(applications, step)
    lacking = next((row for row in applications if not guards.get(row.pk, True)), None)
    if lacking is not None:
        words = guards[lacking.pk].explanation.text(rule_language())
        raise Refused(
            _("%(number)s: %(problem)s Nothing was saved.") % {"number": lacking.registration_no, "problem": words},
            code="consent",
        )
