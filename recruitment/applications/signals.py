"""What applications tell the rooms above; sent inside the verb's transaction."""

from django.dispatch import Signal

opening_ratio_checked = Signal()
"""Sent with `campaign`, `actor`, `lines` (OpeningLine, those that changed) and `is_final` when positions were cut."""
