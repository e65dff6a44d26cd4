"""What a mistake in the rules is called for the person who can correct it."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.language import rule_language
from rulebook.explanation import RuleError
from rulebook.ruleset import profiles

MISTAKES: Mapping[str, Promise] = {
    "greater_than_equal": gettext_lazy("must be at least %(ge)s"),
    "greater_than": gettext_lazy("must be more than %(gt)s"),
    "less_than_equal": gettext_lazy("must be at most %(le)s"),
    "less_than": gettext_lazy("must be less than %(lt)s"),
    "int_parsing": gettext_lazy("must be a whole number"),
    "int_type": gettext_lazy("must be a whole number"),
    "int_from_float": gettext_lazy("must be a whole number"),
    "decimal_parsing": gettext_lazy("must be a number"),
    "decimal_type": gettext_lazy("must be a number"),
    "bool_parsing": gettext_lazy("must be yes or no"),
    "bool_type": gettext_lazy("must be yes or no"),
    "literal_error": gettext_lazy("must be one of %(expected)s"),
    "extra_forbidden": gettext_lazy("there is no such rule"),
    "missing": gettext_lazy("is needed"),
    "string_pattern_mismatch": gettext_lazy("is not written in the right form"),
    "too_short": gettext_lazy("needs at least %(min_length)s"),
    "string_too_short": gettext_lazy("is needed"),
    "date_from_datetime_parsing": gettext_lazy("must be a date such as 2026-03-19"),
    "datetime_from_date_parsing": gettext_lazy("must be a time such as 2026-03-19T09:00:00+08:00"),
}


def mistake_text(row: Mapping[str, Any]) -> str:
    """One mistake as pydantic reports it (a row of `ValidationError.errors()`), in the reader's language."""
    kind, context = row["type"], row.get("ctx") or {}
    if kind in MISTAKES:
        return str(MISTAKES[kind]) % context
    if kind == "value_error":
        problem = context.get("error")
        return problem.text(rule_language()) if isinstance(problem, RuleError) else str(problem or row["msg"])
    return _("is not accepted (%(reason)s)") % {"reason": row["msg"]}


PROFILES: Mapping[str, Promise] = {
    "county_exam": gettext_lazy("County exam for public institutions"),
    "county_selection": gettext_lazy("Competitive selection"),
    "open_challenge": gettext_lazy("Open challenge"),
    "civil_service_exam": gettext_lazy("Civil-service exam"),
}


def profile_choices() -> list[tuple[str, str]]:
    """The profiles that rules may be started from."""
    return [(name, str(PROFILES.get(name, name))) for name in profiles.PROFILES]
