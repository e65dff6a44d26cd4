from tests.applicants import *  # noqa: F403 - the fixtures of people who apply
