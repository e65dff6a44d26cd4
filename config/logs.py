"""Log lines: one JSON object or one plain line each, with the number of the request and nothing personal."""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

from foundation.origin import origin

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_PERSONAL = re.compile(
    r"(?P<mail>[\w.+-]+@[\w-]+\.[\w.-]+)"
    r"|(?<![0-9A-Fa-f-])(?P<identity>\d{17}[\dXx]|\d{15})(?![0-9A-Fa-f-])"
    r"|(?<!\d)(?:\+?86[- ]?)?(?P<phone>1[3-9]\d{9})(?!\d)"
)


def scrub(text: str) -> str:
    """`text` with e-mail addresses, ID numbers and mobile numbers replaced by what they were."""
    return _PERSONAL.sub(lambda found: f"[{found.lastgroup}]", text)


def _error(record: logging.LogRecord) -> dict[str, Any] | None:
    """Kind and places of the exception. Not its words: databases quote the values they refuse."""
    if not record.exc_info or record.exc_info[0] is None:
        return None
    kind, _problem, trace = record.exc_info
    frames = traceback.extract_tb(trace)[-12:]
    return {"kind": kind.__qualname__, "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]}


def _extras(record: logging.LogRecord) -> dict[str, Any]:
    """Plain values given as `extra`; objects such as a request are left out."""
    given = {key: value for key, value in vars(record).items() if key not in _STANDARD}
    return {
        key: scrub(value) if isinstance(value, str) else value
        for key, value in given.items()
        if isinstance(value, str | int | float | bool)
    }


class JsonFormatter(logging.Formatter):
    """For collectors: time, level, logger, message, request, extras, error."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrub(record.getMessage()),
            "request": origin.get().partition(" ")[0],
            **_extras(record),
        }
        error = _error(record)
        if error:
            line["error"] = error
        return json.dumps(line, ensure_ascii=False)


class PlainFormatter(logging.Formatter):
    """For the person at the console of an embedded installation."""

    def format(self, record: logging.LogRecord) -> str:
        extras = " ".join(f"{key}={value}" for key, value in _extras(record).items())
        text = f"{record.levelname} {record.name}: {scrub(record.getMessage())} {extras}".rstrip()
        error = _error(record)
        return f"{text}\n  {error['kind']}\n    " + "\n    ".join(error["at"]) if error else text
