from tests.applicants import *  # noqa: F403 - the fixtures of people who apply
from tests.examiners import *  # noqa: F403 - the exam and its offices
