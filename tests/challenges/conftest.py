from tests.applicants import *  # noqa: F403
from tests.bidders import *  # noqa: F403
from tests.engagements import make_engagement  # noqa: F401
