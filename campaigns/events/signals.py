"""What events tell the rooms above: `event_published(event=…)` is sent in the transaction that publishes."""

from django.dispatch import Signal

event_published = Signal()
