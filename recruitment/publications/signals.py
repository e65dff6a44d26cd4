"""What other rooms may hear from the press."""

from django.dispatch import Signal

# Sent inside the transaction of the release, with `publication` and `actor`; whoever raises keeps the list in.
publication_released = Signal()
