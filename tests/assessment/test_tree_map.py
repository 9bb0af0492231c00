"""The tree map: tiles that fill the picture in their own order, and the table behind it."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.tree_map import HIGH, WIDE, boxes_of, members_by_unit
from organizations.models import Unit
from tests.cast import sign_in
from tests.factories import MemberFactory

TREND = "/dashboard/trend/"


@given(st.lists(st.integers(1, 400), max_size=80))
def test_tiles_cover_the_picture_exactly_and_never_overlap(numbers):
    boxes = boxes_of(numbers)

    assert len(boxes) == len(numbers)
    assert sum(width * height for _x, _y, width, height in boxes) == (WIDE * HIGH if numbers else 0)
    assert all(x + width <= WIDE and y + height <= HIGH for x, y, width, height in boxes)
    assert boxes == sorted(boxes, key=lambda box: (box[1], box[0]))


def test_a_tile_is_as_large_as_its_number():
    (first, second) = boxes_of([30, 10])

    assert first[2] * first[3] == 3 * second[2] * second[3]


@pytest.mark.django_db
def test_members_are_counted_at_home(community, neighbour):
    MemberFactory.create_batch(3, unit=community)
    MemberFactory(unit=neighbour)

    assert members_by_unit(Unit.objects.all()) == {community.pk: 3, neighbour.pk: 1}


@pytest.mark.django_db
def test_the_picture_and_its_table_say_the_same(organizer, community, neighbour):
    MemberFactory.create_batch(3, unit=community)
    MemberFactory(unit=neighbour)
    client = sign_in(organizer)

    page = client.get(TREND).content.decode()
    table = list(csv.reader(StringIO(client.get(f"{TREND}members/").content.decode("utf-8-sig"))))

    assert page.count('class="tree-tile') == 2
    assert [line[:2] for line in table[1:]] == [[community.name, "3"], [neighbour.name, "1"]]
    assert table[0][2] == "状态"
    for line in table[1:]:
        assert f"<title>{line[0]} · {line[1]} · {line[2]}</title>" in page


@pytest.mark.django_db
def test_what_is_out_of_reach_is_no_tile(secretary, community, neighbour):
    MemberFactory(unit=community)
    MemberFactory(unit=neighbour)

    page = sign_in(secretary).get(TREND).content.decode()

    assert f"<title>{community.name} · 1" in page
    assert neighbour.name not in page
