from tests.applicants import make_campaign as make_campaign  # a fixture
