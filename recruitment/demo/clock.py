"""A clock for made-up history: inside `at(moment)` the verbs believe that it is that moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from unittest.mock import patch


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let Django's clock stand at `moment` (aware); everything dated meanwhile carries it."""

    class _Meta(type):
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, datetime)

    class Stopped(datetime, metaclass=_Meta):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return moment.astimezone(tz)

    with patch("django.utils.timezone.datetime", Stopped):
        yield
