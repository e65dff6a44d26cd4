"""A person's own result of a selection, line by line, once its list is out."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from foundation.ui.components import LedgerLine, LedgerPart
from recruitment.applications.models import Application
from recruitment.publications.models import PublicationKind
from recruitment.publications.queries import released_kinds_of
from recruitment.selection.models import SelectionResult


def selection_ledger(application: Application) -> list[LedgerPart]:
    """The person's own marks as far as the list that names them is out; nothing before (R94)."""
    result = SelectionResult.objects.filter(application=application).first()
    if result is None:
        return []
    released_at = released_kinds_of(application).get(PublicationKind.SELECTION)
    if released_at is None:
        return []
    marks = result.marks_shown
    named = [(_("Material mark"), "material"), (_("Interview mark"), "interview")]
    lines = [LedgerLine(name, marks[key]) for name, key in named if getattr(result, key) is not None]
    lines.append(LedgerLine(_("Total mark"), marks["total"]))
    language = "en" if (get_language() or "").startswith("en") else "zh"
    steps = result.explanation.get(language, [])
    return [LedgerPart(_("Result of the selection"), lines, steps, result.rank, released_at)]
