"""A background process that halts within the real written ranking, after its first writes, where HALT names a file."""

import os
import time
from pathlib import Path
from typing import Any

from recruitment.examinations.domain import ranking

_move = ranking.move_applications


def _move_and_halt(**told: Any) -> int:
    moved = _move(**told)
    if file := os.environ.get("HALT"):
        Path(file).write_text(f"{moved} moved")
        time.sleep(600)
    return moved


def main() -> None:
    from foundation.jobs.background import Background

    ranking.move_applications = _move_and_halt
    Background().run()
