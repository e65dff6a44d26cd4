"""The kinds of jobs there are: each a function in the `tasks` of the room whose verb it runs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.module_loading import autodiscover_modules

from foundation.files.models import PrivateFile
from foundation.jobs.models import Job

Report = Callable[[int, int], None]


@dataclass(frozen=True)
class JobOutcome:
    """What a run leaves: `result` (plain JSON values for the job page), perhaps an error sheet.

    `write`, for kinds declared with `in_transaction=False`, makes all the job's changes; it runs in the transaction
    that marks the job as done, and what it returns is added to `result`.
    """

    result: dict[str, Any] = field(default_factory=dict)
    error_sheet: PrivateFile | None = None
    write: Callable[[], dict[str, Any] | None] | None = None


Run = Callable[[Job, Report], JobOutcome]


@dataclass(frozen=True)
class Kind:
    name: str
    run: Run
    in_transaction: bool


_KINDS: dict[str, Kind] = {}


def job_kind(name: str, *, in_transaction: bool = True) -> Callable[[Run], Run]:
    """Decorator: `run(job, report) -> JobOutcome` does the jobs of kind `name` ("room.verb"); `report(done, total)`.

    The whole run is one transaction that also marks the job as done: a run killed half-way leaves nothing and is done
    again from the start. On SQLite a transaction keeps all other writers waiting; a kind that reads and checks for more
    than a few seconds takes `in_transaction=False`, prepares outside, and makes its changes in `JobOutcome.write`.
    """

    def register(run: Run) -> Run:
        known = _KINDS.get(name)
        if known and known.run.__module__ != run.__module__:
            raise ValueError(f"jobs of kind {name!r} are run by two functions: {known.run} and {run}")
        _KINDS[name] = Kind(name, run, in_transaction)
        return run

    return register


def kind_named(name: str) -> Kind:
    """The kind `name`; raises LookupError if no room declares it."""
    autodiscover_modules("tasks")
    try:
        return _KINDS[name]
    except KeyError:
        raise LookupError(f"no room declares jobs of kind {name!r}") from None
