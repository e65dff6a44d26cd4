"""Files of jobs that belong to no room's purpose: error sheets."""

from typing import Any

from foundation.files.models import PrivateFile
from foundation.files.policies import opens
from foundation.jobs.queries import visible_to

ERROR_SHEET = "error-sheet"


@opens(ERROR_SHEET)
def may_open_error_sheet(user: Any, file: PrivateFile) -> bool:
    """Whoever sees the job the sheet came from."""
    return visible_to(user).filter(error_sheet=file).exists()
