from tests.workers import *  # noqa: F403 - worker processes
