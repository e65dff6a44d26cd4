"""What challenges tell the rooms above: `challenge_published(challenge=…)`, in the transaction that publishes."""

from django.dispatch import Signal

challenge_published = Signal()
