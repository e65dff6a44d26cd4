import json
import logging
import sys

import pytest

from config.logs import JsonFormatter, PlainFormatter, scrub
from foundation.origin import origin

SECRETS = ("440524188001010014", "44052418800101001X", "13912345678", "lin.xiaoman@example.com", "440524880101001")


def record(message, *args, error=None, **extra):
    line = logging.LogRecord("room.verb", logging.ERROR, __file__, 1, message, args, error)
    line.__dict__.update(extra)
    return line


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_personal_survives_in_message_arguments_or_extras(secret):
    line = record("for %s of %s", secret, {"who": secret}, who=f"x {secret}", request=object())
    for formatter in (JsonFormatter(), PlainFormatter()):
        assert secret not in formatter.format(line)


@pytest.mark.parametrize("formatter", [JsonFormatter(), PlainFormatter()])
def test_an_error_tells_its_kind_and_place_but_not_its_words(formatter):
    try:
        raise ValueError("Key (phone)=(林小满 13912345678) already exists")
    except ValueError:
        text = formatter.format(record("failed", error=sys.exc_info()))
    assert "ValueError" in text
    assert "test_logs.py" in text
    assert "林小满" not in text
    assert "already exists" not in text


def test_a_line_carries_the_number_of_its_request_and_plain_extras():
    token = origin.set("00ff00ff00ff00ff 10.1.2.0/24")
    try:
        line = json.loads(JsonFormatter().format(record("job failed", attempt=2, kind="planning.import")))
    finally:
        origin.reset(token)
    assert {key: line[key] for key in ("level", "logger", "message", "request", "attempt", "kind")} == {
        "level": "ERROR",
        "logger": "room.verb",
        "message": "job failed",
        "request": "00ff00ff00ff00ff",
        "attempt": 2,
        "kind": "planning.import",
    }


@pytest.mark.parametrize("kept", ["2026-11-23", "岗位 410100202601", "b3a1c6de-1234-4c5d-8e9f-123456789012", "1,239"])
def test_dates_codes_and_numbers_of_jobs_are_kept(kept):
    assert scrub(kept) == kept
