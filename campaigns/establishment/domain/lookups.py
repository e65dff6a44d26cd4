"""Cells of a sheet that name something of ours; each refusal says the column and what would be right."""

from django.utils.translation import gettext as _

from accounts.models import Unit
from foundation.errors import Refused


class UnitLookup:
    """Units by code or name, all read in one query."""

    def __init__(self) -> None:
        self._by_code: dict[str, Unit] = {}
        self._by_name: dict[str, list[Unit]] = {}
        for unit in Unit.objects.all():
            self._by_code[unit.code] = unit
            if unit.is_active:
                self._by_name.setdefault(unit.name, []).append(unit)

    def find(self, text: str) -> Unit:
        """Raises Refused where no unit has that code or name, or several have the name."""
        if text in self._by_code:
            return self._by_code[text]
        found = self._by_name.get(text, [])
        if len(found) == 1:
            return found[0]
        problem = (
            _("More than one unit is called “%(text)s”: give its code.")
            if found
            else _("There is no unit with the code or name “%(text)s”: enter the unit first.")
        )
        raise Refused(problem % {"text": text})
