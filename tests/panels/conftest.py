from tests.applicants import *  # noqa: F403 - the fixtures of people who apply
from tests.selections import *  # noqa: F403 - a selection with its panel
