"""Which of the rule book's two languages the reader gets; the rule book itself knows no gettext (decision 6)."""

from typing import Literal

from django.utils.translation import get_language


def rule_language() -> Literal["zh", "en"]:
    """ "zh" or "en", by the language of the request or thread; Chinese unless English is active."""
    return "en" if (get_language() or "").startswith("en") else "zh"
