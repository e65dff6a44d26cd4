from tests.applicants import *  # noqa: F403 - a campaign, its positions, people
from tests.bonuses import *  # noqa: F403 - applicants who claim bonus
from tests.conducts import *  # noqa: F403 - a case of misconduct
from tests.examiners import *  # noqa: F403 - the exam and its offices
from tests.workers import *  # noqa: F403 - worker processes
