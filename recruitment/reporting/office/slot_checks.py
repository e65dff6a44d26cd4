"""The proof of the ledger on demand: every broken invariant, or the sentence that there is none."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from accounts.policies import has_county_role
from foundation.ui.office import OfficePage
from recruitment.reporting.slot_checks import CHECKS, check_slots, last_run, run_checks

# Findings name posts and campaigns of every unit: for those who keep the county's ledger or audit it.
may_check_slots = has_county_role(Role.ESTABLISHMENT_OFFICE, Role.AUDITOR)


class SlotChecks(OfficePage):
    """Looking proves the ledger now; the button also writes the result in the audit trail, as the night does."""

    rule = may_check_slots
    page_title = _("Proof of the ledger")
    template_name = "reporting/slot_checks.html"

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Ledger of posts"), "/admin/posts/")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run = last_run()
        return super().get_context_data(
            findings=check_slots(),
            number=len(CHECKS),
            run=run,
            found=run.after.get("findings", 0) if run else 0,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert isinstance(request.user, User)
        run_checks(actor=request.user)
        return redirect(request.path)
