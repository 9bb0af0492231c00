"""What a roster writes, the second time as well."""

from __future__ import annotations

from datetime import date

import pytest

from members.choices import Nature, Stage
from members.models import Affiliation, ImportBatch, Membership, Person
from tests.members.sheets import as_csv, id_number, member, rows_of

pytestmark = pytest.mark.django_db


def test_a_clean_roster_is_loaded_whole(load, community):
    rows = rows_of([member(1), member(2, 人员类别="预备党员", 转为正式党员日期="")])

    document, code = load(rows, community)

    batch = document.pop("batch")
    assert (document, code) == (
        {
            "rows": 2,
            "created": 2,
            "updated": 0,
            "unchanged": 0,
            "skipped": 0,
            "errors": [],
            "warnings": [],
        },
        0,
    )
    assert ImportBatch.objects.get(pk=batch).unit == community
    first = Person.objects.get(name="测试员1")
    assert first.reveal_id_number() == id_number(1)
    assert first.reveal_phone() == "13800000001"
    assert (first.sex, first.birth_date, first.ethnicity) == ("male", date(1980, 5, 12), "苗族")
    assert "ceshiyuan1" in first.pinyin
    assert first.membership.stage == Stage.FULL
    assert first.membership.joined_on == date(2005, 7, 1)
    home = Affiliation.objects.get(person=first)
    assert (home.unit, home.nature, home.begun_on) == (community, Nature.HOME, None)
    assert Membership.objects.get(person__name="测试员2").stage == Stage.PROBATIONARY


def test_the_day_since_when_may_be_given(load, community):
    load(rows_of([member(1)]), community, "--on", "2026-03-01")

    assert Affiliation.objects.get().begun_on == date(2026, 3, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_files_are_loaded_alike(load, community, encoding):
    data = as_csv(rows_of([member(1)]), encoding)

    document, code = load(data, community, name="名册.csv")

    assert (document["created"], code) == (1, 0)


def test_loading_the_same_file_twice_changes_nothing(load, community):
    people = [member(number) for number in range(1, 6)]
    people[0] |= {"是否为流动党员": "是", "外出流向": "广东", "党籍状态": "停止党籍"}
    rows = rows_of(people)
    load(rows, community)
    before = list(Person.objects.order_by("pk").values())

    document, code = load(rows, community)

    assert (document["unchanged"], document["updated"], document["created"], code) == (5, 0, 0, 0)
    assert list(Person.objects.order_by("pk").values()) == before


def test_an_empty_cell_leaves_what_is_stored_and_a_changed_one_changes_it(load, community):
    load(rows_of([member(1)]), community)

    document, _code = load(
        rows_of([member(1, 学历="", 家庭住址="", 联系电话="13900000001", 工作岗位="退休人员")]),
        community,
    )

    person = Person.objects.get()
    assert (document["updated"], document["created"]) == (1, 0)
    assert (person.education, person.address) == ("大学", "示例路1号")
    assert (person.occupation, person.reveal_phone()) == ("退休人员", "13900000001")


def test_who_is_not_in_the_file_stays(load, community):
    load(rows_of([member(1), member(2)]), community)

    load(rows_of([member(1)]), community)

    assert Affiliation.objects.filter(ended_on=None).count() == 2
