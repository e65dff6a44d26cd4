"""Which unit a row of a position table speaks of: one that is there, one that must be created, or none for sure."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.domain.units import UnitRow
from accounts.enums import UnitKind
from accounts.models import Unit


class NoUnit(ValueError):
    """The row names no single unit; the message says why."""


class UnitFinder:
    """Units below one unit by name; those not there yet are planned with a code that depends only on their place."""

    def __init__(self, root: Unit, units: Iterable[Unit]) -> None:
        self.root = root
        self.planned: list[UnitRow] = []
        self._parent_code = {root.code: ""}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._inactive: set[str] = set()
        codes = {}
        for unit in units:
            codes[unit.pk] = unit.code
            self._by_name[unit.name].append(unit.code)
            if not unit.is_active:
                self._inactive.add(unit.code)
        for unit in units:
            if unit.pk != root.pk:
                self._parent_code[unit.code] = codes.get(unit.parent_id or 0, "")

    def code_of(self, name: str, department: str, row: int) -> str:
        """The code of the unit of that name, planned if it is not there. Raises NoUnit: none, several, out of use."""
        name, department = name.strip(), department.strip()
        if not name or len(name) > 200 or len(department) > 200:
            raise NoUnit(_("The name of the unit must have 1 to 200 characters."))
        if not department or department in (name, self.root.name):
            return self._find(name) or self._plan(name, self.root.code, UnitKind.UNIT, row)
        above = self._find(department) or self._plan(department, self.root.code, UnitKind.DEPARTMENT, row)
        return self._find(name, below=above) or self._plan(name, above, UnitKind.UNIT, row)

    def _find(self, name: str, below: str = "") -> str | None:
        codes = [code for code in self._by_name.get(name, []) if not below or self._is_below(code, below)]
        if len(codes) > 1:
            raise NoUnit(
                _("%(count)s units are called “%(name)s”; print the supervising department in a column of its own.")
                % {"count": len(codes), "name": name}
            )
        if codes and codes[0] in self._inactive:
            raise NoUnit(_("“%(name)s” is out of use.") % {"name": name})
        return codes[0] if codes else None

    def _is_below(self, code: str, above: str) -> bool:
        while code:
            if code == above:
                return True
            code = self._parent_code.get(code, "")
        return False

    def _plan(self, name: str, parent_code: str, kind: UnitKind, row: int) -> str:
        code = "U" + hashlib.sha256(f"{parent_code}/{name}".encode()).hexdigest()[:12]
        self.planned.append(UnitRow(row=row, code=code, name=name, parent_code=parent_code, kind=kind))
        self._by_name[name].append(code)
        self._parent_code[code] = parent_code
        return code
