"""Conditions of positions: read from the printed table, kept as typed values, explained clause by clause."""

from rulebook.conditions.model import PositionConditions
from rulebook.conditions.parse import CONDITION_COLUMNS, parse_position
from rulebook.conditions.report import StructureReport, report

__all__ = ["CONDITION_COLUMNS", "PositionConditions", "StructureReport", "parse_position", "report"]
