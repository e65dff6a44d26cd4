"""What applications tell the rooms above; sent inside the verb's transaction."""

from django.dispatch import Signal

opening_ratio_checked = Signal()
"""Sent with `campaign`, `actor`, `lines` (OpeningLine, those that changed) and `is_final` when positions were cut."""

registration_extended = Signal()
"""Sent with `campaign`, `actor` and `lines` (OpeningLine, those short of applicants) when registration was extended."""

positions_merged = Signal()
"""Sent with `campaign`, `actor`, `line` (OpeningLine of the position that is gone) and `target` (Position)."""

applications_moved = Signal()
"""Sent with `move` (its name) and `keys` (ids of the applications), once however many were moved."""
