"""Running one act many times at once over real connections."""

import threading
from collections.abc import Callable

from django.db import connection

from foundation.errors import DomainError


def run_together(count: int, act: Callable[[int], object]) -> list[object]:
    """Call `act(0) … act(count-1)` in as many threads, released by one barrier; each result or its DomainError."""
    barrier = threading.Barrier(count)
    results: list[object] = [None] * count

    def run(number: int) -> None:
        try:
            barrier.wait()
            results[number] = act(number)
        except DomainError as refusal:
            results[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
