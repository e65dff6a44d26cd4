import pytest
from django.db import connection

from tests.flushing import let_tests_flush


@pytest.fixture(autouse=True, scope="session")
def _append_only_tables_can_be_emptied_between_tests():
    let_tests_flush(type(connection.ops))
