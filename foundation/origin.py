"""Where the current work came from: the number of the request and its network, on audit entries and log lines."""

from contextvars import ContextVar

origin: ContextVar[str] = ContextVar("origin", default="")
