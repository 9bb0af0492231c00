"""Addresses that no browser makes of itself."""

import pytest

from tests.cast import sign_in

pytestmark = pytest.mark.django_db

SEARCHED = [
    "/units/?q=%00",
    "/units/?open=%00",
    "/members/?q=%00%E5%BC%A0",
    "/members/?unit=%00",
    "/standing/?q=a%00",
    "/users/?q=%00",
    "/activities/?q=%00",
    "/search/?q=%00",
]


@pytest.mark.parametrize("address", SEARCHED)
def test_a_sign_that_no_database_holds_is_searched_for_in_vain(organizer, address):
    assert sign_in(organizer).get(address).status_code == 200


@pytest.mark.parametrize("address", ["/units/%00/", "/rate/%00/", "/standing/a%00/", "/help/%00/"])
def test_an_address_with_such_a_sign_does_not_exist(organizer, address):
    client = sign_in(organizer)
    assert client.get(address).status_code == 404
    assert client.post(address).status_code in {404, 405}
