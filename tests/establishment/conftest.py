import pytest

from accounts.enums import Role
from campaigns.establishment import domain


@pytest.fixture
def office(staff, county):
    return staff(Role.ESTABLISHMENT_OFFICE, unit=county, username="posts")


@pytest.fixture
def hospital(make_unit):
    return make_unit("H1", name="县人民医院")


@pytest.fixture
def school(make_unit):
    return make_unit("S1", name="县第一中学")


@pytest.fixture
def envelope(office, county):
    return domain.create_envelope(actor=office, code="TP", name="千名人才", size=20, unit=county, document="编1号")
