"""What planning tells the rooms above it.

Signals are sent inside the verb's transaction, so a receiver that fails stops the verb.
"""

from django.dispatch import Signal

campaign_published = Signal()
"""Sent with `campaign` and `actor` when a campaign goes public."""

rules_amended = Signal()
"""Sent with `campaign`, `rule_set` and `actor` when an amendment of the rules is published."""

campaign_voided = Signal()
"""Sent with `campaign` and `actor` when a campaign is voided."""
