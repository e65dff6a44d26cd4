"""A kind of job slow enough to be killed half-way, for worker processes started by tests."""

import time

from accounts.models import Unit
from foundation.jobs.domain import JobOutcome, Report, job_kind
from foundation.jobs.models import Job

KIND = "test.slow"


@job_kind(KIND)
def make_units(job: Job, report: Report) -> JobOutcome:
    """Write `count` units, one each tenth of a second, except in a run after the first, which is quick."""
    count = job.arguments["count"]
    for number in range(count):
        Unit.objects.create(code=f"S{number}", name=f"单位{number}")
        report(number + 1, count)
        if job.attempts == 1:
            time.sleep(0.1)
    return JobOutcome({"new": count})


def main() -> None:
    """The background process of an embedded installation that knows this kind of job."""
    from foundation.jobs.background import Background

    Background().run()
