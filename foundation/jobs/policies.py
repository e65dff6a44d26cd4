"""Files of jobs that belong to no room's purpose: tables that were uploaded, error sheets."""

from typing import Any

from foundation.files.models import PrivateFile
from foundation.files.policies import opens
from foundation.jobs.queries import visible_to

ERROR_SHEET = "error-sheet"
IMPORTED = "import"


@opens(ERROR_SHEET)
def may_open_error_sheet(user: Any, file: PrivateFile) -> bool:
    """Whoever sees the job the sheet came from."""
    return visible_to(user).filter(error_sheet=file).exists()


@opens(IMPORTED)
def may_open_import(user: Any, file: PrivateFile) -> bool:
    """A table that was uploaded, and its error sheet: only for whoever uploaded it."""
    return file.owner_id == user.pk
