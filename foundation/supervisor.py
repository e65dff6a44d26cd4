"""Starting an embedded installation's processes together, and stopping them together."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence

STOP_SECONDS = 10
START_SECONDS = 90
_PR_SET_PDEATHSIG = 1


def free_port(host: str, first: int) -> int:
    """`first`, or the next port nobody listens on. Raises OSError if the next hundred are all taken."""
    for port in range(first, first + 100):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port between {first} and {first + 99} on {host}")


def _die_with_parent() -> None:
    """A child whose supervisor was killed stops too (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Runs commands side by side; when one ends, or a signal comes, all are stopped."""

    def __init__(self, commands: Mapping[str, Sequence[str]], environment: Mapping[str, str]) -> None:
        self._commands = commands
        self._environment = {**os.environ, **environment}
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._stop = threading.Event()

    def run(self, ready: Callable[[], bool], when_ready: Callable[[], None]) -> int:
        """Start, call `when_ready` once `ready` says so, and wait. 0 after a signal, 1 if a child ended by itself."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stop.set())
        try:
            for name, command in self._commands.items():
                # A session of its own: Ctrl-C reaches the supervisor only, which stops its children in order.
                self._children[name] = subprocess.Popen(  # noqa: S603 (our own commands)
                    command, env=self._environment, start_new_session=True, preexec_fn=_die_with_parent
                )
            return self._watch(ready, when_ready)
        finally:
            self._stop_children()

    def _watch(self, ready: Callable[[], bool], when_ready: Callable[[], None]) -> int:
        announced = False
        give_up = time.monotonic() + START_SECONDS
        while not self._stop.wait(0.2):
            ended = [name for name, child in self._children.items() if child.poll() is not None]
            if ended:
                sys.stderr.write(f"{', '.join(ended)} ended by itself; stopping.\n")
                return 1
            if not announced:
                if ready():
                    announced = True
                    when_ready()
                elif time.monotonic() > give_up:
                    sys.stderr.write(f"The server did not answer within {START_SECONDS} seconds; stopping.\n")
                    return 1
        return 0

    def _stop_children(self) -> None:
        for child in self._children.values():
            if child.poll() is None:
                child.terminate()
        end = time.monotonic() + STOP_SECONDS
        for child in self._children.values():
            try:
                child.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def answers(host: str, port: int) -> bool:
    """True if something accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False
