"""One holder at a time, by one row that runs out unless it is renewed."""

import os
import socket
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from foundation.jobs.models import Lease


def holder_name() -> str:
    """This process, as others on this machine and elsewhere can tell it from themselves."""
    return f"{socket.gethostname()}:{os.getpid()}"


def _is_gone(holder: str) -> bool:
    """True if `holder` was a process of this machine that no longer runs."""
    host, _colon, number = holder.rpartition(":")
    if host != socket.gethostname() or not number.isdigit() or int(number) == os.getpid():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def hold_lease(*, name: str, holder: str, seconds: int) -> bool:
    """Take or renew the lease `name` for `seconds`; False while another holds it.

    A lease whose holder died on this machine is taken at once, one from elsewhere once it has run out.
    """
    now = timezone.now()
    until = now + timedelta(seconds=seconds)
    free = Lease.objects.filter(Q(holder=holder) | Q(expires_at__lte=now), name=name)
    if free.update(holder=holder, expires_at=until):
        return True
    held = Lease.objects.filter(name=name).first()
    if held is None:
        try:
            with transaction.atomic():
                Lease.objects.create(name=name, holder=holder, expires_at=until)
        except IntegrityError:
            return False
        return True
    if not _is_gone(held.holder):
        return False
    return bool(Lease.objects.filter(name=name, holder=held.holder).update(holder=holder, expires_at=until))


def drop_lease(*, name: str, holder: str) -> None:
    """Let go of the lease, if it is still held, so that the next process need not wait."""
    Lease.objects.filter(name=name, holder=holder).delete()
