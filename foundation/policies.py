"""Where the checks of this room's files are found."""

from foundation.jobs.policies import may_open_error_sheet

__all__ = ["may_open_error_sheet"]
