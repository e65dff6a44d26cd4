"""What a judge reads to mark a number: each track says it for the purpose of its panels, without any identity."""

from collections.abc import Callable

from recruitment.panels.models import Subject

Reading = list[tuple[str, str]]
_READINGS: dict[str, Callable[[Subject], Reading]] = {}


def register_reading(purpose: str, read: Callable[[Subject], Reading]) -> None:
    """`read(subject)` gives (heading, text) of what panels of `purpose` judge; it must name nobody."""
    _READINGS[purpose] = read


def reading_of(subject: Subject) -> Reading:
    """What there is to read for a number; empty where the judge sees the person in the room instead."""
    read = _READINGS.get(subject.panel.purpose)
    return read(subject) if read else []
