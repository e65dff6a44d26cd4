"""What planning tells the rooms above it.

Signals are sent inside the verb's transaction, so a receiver that fails stops the verb.
"""

from django.dispatch import Signal

campaign_published = Signal()
"""Sent with `campaign` and `actor` when a campaign goes public."""

rules_amended = Signal()
"""Sent when an amendment is published, with `campaign`, `actor`, the `announcement` that is in force from now on, its
`rule_set`, and the one in force `before`: the same where only the text was amended."""

campaign_voided = Signal()
"""Sent with `campaign` and `actor` when a campaign is voided."""
