"""Verbs of the accounts room. Locks are taken in the order units by id → users by id → roles by id."""

from accounts.domain.people import (
    accept_text,
    change_phone,
    choose_password,
    confirm_email,
    confirm_phone,
    create_candidate_user,
)
from accounts.domain.site_editors import sync_site_editor
from accounts.domain.staff import (
    activate_staff,
    close_accounts,
    create_staff,
    deactivate_staff,
    end_role,
    end_roles,
    grant_role,
    issue_password,
    reset_demo_passwords,
    reset_second_factor,
)
from accounts.domain.units import (
    RefusedRow,
    UnitImport,
    UnitRow,
    create_unit,
    deactivate_unit,
    edit_unit,
    import_units,
    reactivate_unit,
)

__all__ = [
    "RefusedRow",
    "UnitImport",
    "UnitRow",
    "accept_text",
    "activate_staff",
    "change_phone",
    "choose_password",
    "close_accounts",
    "confirm_email",
    "confirm_phone",
    "create_candidate_user",
    "create_staff",
    "create_unit",
    "deactivate_staff",
    "deactivate_unit",
    "edit_unit",
    "end_role",
    "end_roles",
    "grant_role",
    "import_units",
    "issue_password",
    "reactivate_unit",
    "reset_demo_passwords",
    "reset_second_factor",
    "sync_site_editor",
]
