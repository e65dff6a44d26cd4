from tests.applicants import *  # noqa: F403 - a published campaign
