from tests.applicants import *  # noqa: F403 - the fixtures of people who apply
from tests.bonuses import *  # noqa: F403 - applicants who claim bonus
from tests.examiners import *  # noqa: F403 - the exam and its offices
