"""A community named by its bare name in a file about a county: confirmed before it is taken."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from members.choices import BatchState
from members.models import Affiliation, ImportBatch, Person
from organizations.choices import Role
from tests.cast import sign_in
from tests.factories import CommunityFactory, GrantFactory, StreetFactory
from tests.members.sheets import member, rows_of, xlsx

pytestmark = pytest.mark.django_db

ASKED = "我已核对"


@pytest.fixture
def browser(organizer, community):
    return sign_in(organizer)


def bring(browser, unit, *people):
    file = SimpleUploadedFile("名册.xlsx", xlsx(rows_of(list(people))))
    answer = browser.post(reverse("members:import"), {"unit": unit.code, "file": file}, follow=True)
    return ImportBatch.objects.latest("made_at"), answer.content.decode()


def confirm(browser, batch, **said):
    url = reverse("members:confirm", args=[batch.pk])
    html = browser.post(url, said, follow=True).content.decode()
    batch.refresh_from_db()
    return html


def test_nothing_is_written_until_the_units_are_confirmed(browser, county, community):
    batch, html = bring(browser, county, member(1, 所在党支部="河滨社区"))
    assert "河滨社区 → 东街街道河滨社区（s1m1）" in html
    assert ASKED in html

    html = confirm(browser, batch)

    assert batch.state == BatchState.PLANNED
    assert "请先确认" in html
    assert not Person.objects.exists()
    confirm(browser, batch, names="checked")
    assert batch.state == BatchState.APPLIED
    assert Affiliation.objects.get().unit == community


@pytest.mark.parametrize("written", ["s1m1", "东街街道河滨社区"])
def test_a_code_or_street_and_name_leave_nothing_to_confirm(browser, county, written):
    batch, html = bring(browser, county, member(1, 所在党支部=written))

    assert ASKED not in html
    confirm(browser, batch)
    assert batch.state == BatchState.APPLIED


def test_within_one_street_the_name_is_enough(street, community):
    browser = sign_in(GrantFactory(unit=street, role=Role.SECRETARY).user)

    batch, html = bring(browser, street, member(1, 所在党支部="河滨社区"))

    assert ASKED not in html
    confirm(browser, batch)
    assert batch.state == BatchState.APPLIED


def test_a_name_that_two_streets_have_is_wrong_and_both_are_named(browser, county, community):
    other = StreetFactory(code="s2", name="西街街道", parent=county)
    CommunityFactory(code="s2m1", name="河滨社区", parent=other)

    batch, html = bring(browser, county, member(1, 所在党支部="河滨社区"))

    assert batch.counts["wrong"] == 1
    assert "s1m1" in html
    assert "s2m1" in html


def test_all_names_are_shown_however_many(browser, county, street):
    for number in range(12):
        CommunityFactory(code=f"s1n{number}", name=f"第{number}示例社区", parent=street)

    people = [member(number, 所在党支部=f"第{number}示例社区") for number in range(12)]
    _batch, html = bring(browser, county, *people)

    for number in range(12):
        assert f"（s1n{number}）" in html
