"""Two members of the community, for every test here."""

import pytest

from tests.factories import MemberFactory


@pytest.fixture
def zhang(community):
    return MemberFactory(unit=community, name="张三")


@pytest.fixture
def li(community):
    return MemberFactory(unit=community, name="李四")
