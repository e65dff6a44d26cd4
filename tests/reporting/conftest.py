from tests.applicants import campaign, hospital, make_campaign, make_candidate, make_position  # noqa: F401
from tests.examiners import exam  # noqa: F401
