"""Reads over messages."""

from collections.abc import Sequence
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from foundation.messages.models import Message


def messages_to(recipient_id: int, rooms: Sequence[str]) -> QuerySet[Message]:
    """What a person was sent by these rooms (the part of `kind` before the dot), newest first; never sign-in codes."""
    wanted = reduce(or_, (Q(kind__startswith=f"{room}.") for room in rooms))
    return Message.objects.filter(wanted, recipient_id=recipient_id).order_by("-created_at", "-pk")
