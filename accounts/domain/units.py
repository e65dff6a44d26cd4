"""The unit tree: one unit by hand, many from a sheet. Units are never deleted, only taken out of use."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.enums import UnitKind
from accounts.models import Unit, User
from accounts.policies import may_manage_units, require
from foundation.errors import Refused

BATCH = 1000
CODE = re.compile(r"[0-9A-Za-z_-]{1,40}")
EDITABLE = ("name", "name_en", "kind", "sector", "phone")


@dataclass(frozen=True)
class UnitRow:
    """One line of a sheet of units; `row` is its number in the sheet, `parent_code` is empty only for the root."""

    row: int
    code: str
    name: str
    parent_code: str = ""
    kind: str = UnitKind.UNIT
    sector: str = ""
    phone: str = ""
    name_en: str = ""


@dataclass(frozen=True)
class RefusedRow:
    """A line that can't be taken in, the column at fault and what would be right."""

    row: int
    column: str
    message: str


@dataclass
class UnitImport:
    """What an import did, or would do: codes by outcome."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)


@transaction.atomic
def create_unit(
    *,
    actor: User,
    parent: Unit | None,
    code: str,
    name: str,
    kind: str = UnitKind.UNIT,
    sector: str = "",
    phone: str = "",
    name_en: str = "",
) -> Unit:
    """Add a unit below `parent` (None only for the county itself, by the console).

    Raises Refused when the code or the name below that parent is taken, or the parent is out of use.
    """
    require(may_manage_units, actor, parent)
    if parent is None and (actor.kind != "system" or Unit.objects.filter(parent=None).exists()):
        raise Refused(_("A unit needs a parent; only the county itself has none. Nothing was saved."), code="no_parent")
    if parent is not None and not Unit.objects.select_for_update().get(pk=parent.pk).is_active:
        raise Refused(_("“%(unit)s” is out of use. Nothing was saved.") % {"unit": parent}, code="inactive")
    unit = Unit(
        parent=parent, code=code.strip(), name=name.strip(), kind=kind, sector=sector, phone=phone, name_en=name_en
    )
    _check_words(unit)
    _check_free(unit)
    unit.save()
    audit.record(
        actor=actor,
        action="accounts.create_unit",
        subject=unit,
        after={"code": unit.code, "name": unit.name, "kind": kind, "parent": parent.code if parent else ""},
    )
    return unit


@transaction.atomic
def edit_unit(*, actor: User, unit: Unit, **changes: str) -> Unit:
    """Change name, English name, kind, sector or telephone of `unit`; the code never changes, since paths hold it.

    Raises Refused when the new name is empty or taken below the same parent.
    """
    require(may_manage_units, actor, unit)
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise TypeError(f"a unit has no editable {sorted(unknown)}")
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    before = {name: getattr(unit, name) for name, value in changes.items() if getattr(unit, name) != value.strip()}
    if not before:
        return unit
    for name in before:
        setattr(unit, name, changes[name].strip())
    _check_words(unit)
    _check_free(unit)
    unit.save()
    after = {name: getattr(unit, name) for name in before}
    audit.record(actor=actor, action="accounts.edit_unit", subject=unit, before=before, after=after)
    return unit


@transaction.atomic
def deactivate_unit(*, actor: User, unit: Unit, reason: str) -> Unit:
    """Take `unit` out of use; its history stays. Raises Refused while it has units in use below it or open roles."""
    require(may_manage_units, actor, unit)
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if not reason.strip():
        raise Refused(_("A reason is needed. Nothing was saved."), code="reason_required")
    if unit.children.filter(is_active=True).exists():
        raise Refused(
            _("Units below “%(unit)s” are still in use: take them out of use first. Nothing was saved.")
            % {"unit": unit},
            code="has_children",
        )
    if unit.staff_roles.current().exists():
        raise Refused(
            _("Staff still hold roles for “%(unit)s”: end them first. Nothing was saved.") % {"unit": unit},
            code="has_roles",
        )
    return _set_active(actor, unit, False, reason)


@transaction.atomic
def reactivate_unit(*, actor: User, unit: Unit, reason: str) -> Unit:
    """Put `unit` back into use. Raises Refused while its parent is out of use."""
    require(may_manage_units, actor, unit)
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if unit.parent is not None and not unit.parent.is_active:
        raise Refused(_("“%(unit)s” is out of use. Nothing was saved.") % {"unit": unit.parent}, code="inactive")
    return _set_active(actor, unit, True, reason)


def _set_active(actor: User, unit: Unit, active: bool, reason: str) -> Unit:
    if unit.is_active != active:
        unit.is_active = active
        unit.save()
        audit.record(
            actor=actor,
            action="accounts.reactivate_unit" if active else "accounts.deactivate_unit",
            subject=unit,
            before={"is_active": not active},
            after={"is_active": active},
            reason=reason,
        )
    return unit


def _check_words(unit: Unit) -> None:
    problem = _word_problem(unit.code, unit.name, unit.kind)
    if problem:
        raise Refused(f"{problem[1]} {_('Nothing was saved.')}", code="invalid")


def _word_problem(code: str, name: str, kind: str) -> tuple[str, str] | None:
    """(column, message) of what is wrong with the words of a unit, or None."""
    if not CODE.fullmatch(code):
        return "code", _("The code “%(code)s” must be 1 to 40 letters, digits, hyphens or underscores.") % {
            "code": code
        }
    if not name or len(name) > 200:
        return "name", _("The name must have 1 to 200 characters.")
    if kind not in UnitKind.values:
        names = "、".join(str(label) for label in UnitKind.labels)
        return "kind", _("“%(kind)s” is not a kind of unit; allowed: %(names)s.") % {"kind": kind, "names": names}
    return None


def _check_free(unit: Unit) -> None:
    others = Unit.objects.exclude(pk=unit.pk)
    if others.filter(code=unit.code).exists():
        raise Refused(
            _("The code “%(code)s” belongs to another unit. Nothing was saved.") % {"code": unit.code}, code="taken"
        )
    if others.filter(parent=unit.parent, name=unit.name).exists():
        raise Refused(
            _("There is already a unit “%(name)s” below “%(parent)s”. Nothing was saved.")
            % {"name": unit.name, "parent": unit.parent or "—"},
            code="taken",
        )


@transaction.atomic
def import_units(*, actor: User, rows: Iterable[UnitRow], dry_run: bool = False) -> UnitImport:
    """Create and change the units of `rows`, parents before children in any order of lines.

    Returns the codes by outcome and the refused lines. If any line is refused, nothing is saved. A second import of
    the same rows changes nothing. `dry_run` only tells what would happen. One audit entry covers the batch.
    """
    require(may_manage_units, actor)
    lines = [_trimmed(row) for row in rows]
    known = {unit.code: unit for unit in Unit.objects.select_for_update().order_by("pk")}
    outcome, ordered = UnitImport(), _in_tree_order(lines, known)
    outcome.refused = [problem for problem in _problems(actor, lines, known, ordered) if problem]
    if outcome.refused:
        return outcome
    for line in ordered:
        unit = known.get(line.code)
        if unit is None:
            outcome.created.append(line.code)
        elif any(getattr(unit, name) != getattr(line, name) for name in EDITABLE):
            outcome.changed.append(line.code)
        else:
            outcome.unchanged.append(line.code)
    if not dry_run and (outcome.created or outcome.changed):
        _write_units(ordered, known, outcome)
        _record_import(actor, ordered, known, outcome)
    return outcome


def _trimmed(row: UnitRow) -> UnitRow:
    words = {name: getattr(row, name).strip() for name in ("code", "parent_code", *EDITABLE)}
    return UnitRow(row=row.row, **words)


def _in_tree_order(lines: Sequence[UnitRow], known: dict[str, Unit]) -> list[UnitRow]:
    """Lines whose parent is known or stands before them; lines of a ring or of an unknown parent are left out."""
    ordered: list[UnitRow] = []
    placed, waiting = set(known), list(lines)
    while waiting:
        ready: list[UnitRow] = []
        later: list[UnitRow] = []
        for line in waiting:
            (ready if line.parent_code in placed or line.code in known else later).append(line)
        if not ready:
            return ordered
        ordered += ready
        placed.update(line.code for line in ready)
        waiting = later
    return ordered


def _problems(
    actor: User, lines: Sequence[UnitRow], known: dict[str, Unit], ordered: Sequence[UnitRow]
) -> Iterable[RefusedRow | None]:
    placed = {line.row for line in ordered}
    codes: dict[str, int] = {}
    names = {(unit.parent.code if unit.parent else "", unit.name): unit.code for unit in known.values()}
    for line in lines:
        yield _problem(actor, line, known, codes, names, is_placed=line.row in placed)
        codes.setdefault(line.code, line.row)
        names.setdefault((line.parent_code, line.name), line.code)


def _problem(
    actor: User,
    line: UnitRow,
    known: dict[str, Unit],
    codes: dict[str, int],
    names: dict[tuple[str, str], str],
    *,
    is_placed: bool,
) -> RefusedRow | None:
    wrong = _word_problem(line.code, line.name, line.kind)
    unit = known.get(line.code)
    if wrong:
        return RefusedRow(line.row, *wrong)
    if line.code in codes:
        message = _("The code “%(code)s” stands already in row %(row)s.") % {
            "code": line.code,
            "row": codes[line.code],
        }
        return RefusedRow(line.row, "code", message)
    if not is_placed:
        message = _("No unit has the code “%(code)s” of the parent, or the parents form a ring.") % {
            "code": line.parent_code
        }
        return RefusedRow(line.row, "parent_code", message)
    if unit and (unit.parent.code if unit.parent else "") != line.parent_code:
        message = _("“%(unit)s” stands below another parent; a unit is not moved by an import.") % {"unit": unit}
        return RefusedRow(line.row, "parent_code", message)
    if names.get((line.parent_code, line.name), line.code) != line.code:
        message = _("Another unit below the same parent has the name “%(name)s”.") % {"name": line.name}
        return RefusedRow(line.row, "name", message)
    nearest = unit or known.get(line.parent_code)
    if nearest and actor.kind != "system" and not may_manage_units(actor, nearest):
        return RefusedRow(line.row, "code", _("You may not change units there."))
    return None


def _write_units(ordered: Sequence[UnitRow], known: dict[str, Unit], outcome: UnitImport) -> None:
    """Save generation by generation, since a child needs its parent's key."""
    changed = [line for line in ordered if line.code in set(outcome.changed)]
    for line in changed:
        for name in EDITABLE:
            setattr(known[line.code], name, getattr(line, name))
    Unit.objects.bulk_update([known[line.code] for line in changed], EDITABLE, batch_size=BATCH)
    fresh = set(outcome.created)
    waiting = [line for line in ordered if line.code in fresh]
    while waiting:
        generation = []
        for line in [line for line in waiting if line.parent_code in known]:
            words = {name: getattr(line, name) for name in EDITABLE}
            unit = Unit(code=line.code, parent=known[line.parent_code], **words)
            unit.path = unit.path_below(unit.parent)
            generation.append(unit)
        Unit.objects.bulk_create(generation, batch_size=BATCH)
        known.update({unit.code: unit for unit in generation})
        waiting = [line for line in waiting if line.code not in known]


def _record_import(actor: User, ordered: Sequence[UnitRow], known: dict[str, Unit], outcome: UnitImport) -> None:
    text = json.dumps([[getattr(line, name) for name in ("code", "parent_code", *EDITABLE)] for line in ordered])
    audit.record(
        actor=actor,
        action="accounts.import_units",
        subject=min((known[line.code] for line in ordered), key=lambda unit: len(unit.path)),
        after={
            "created": len(outcome.created),
            "changed": len(outcome.changed),
            "digest": hashlib.sha256(text.encode()).hexdigest(),
        },
    )
