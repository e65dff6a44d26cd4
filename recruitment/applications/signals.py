"""What other rooms may hear from the gateway."""

from django.dispatch import Signal

# Sent inside the transaction of a move, once however many were moved, with `move` (its name) and `keys` (the ids of the
# applications).
applications_moved = Signal()
