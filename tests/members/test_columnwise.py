"""Rosters cleaned by the column say what they would say cell by cell; keys come in order."""

from __future__ import annotations

from uuid import UUID

import pytest

from members.models import Person
from members.roster.cleaning import clean_yes_no
from members.roster.columns import ROSTER
from members.roster.days import clean_date
from members.roster.newcomers import new_keys
from members.roster.readers import Reader
from members.roster.rows import read_table
from members.roster.states import state_as_before, state_of
from members.roster.table import find_layout
from members.roster.undo import find_conflicts, undo_log
from organizations.pinyin import spell, spell_name
from organizations.spreadsheets.cells import Problem, Sheet
from tests.members.sheets import id_number

BY_FIELD = {column.field: column for column in ROSTER}
HEADINGS = ["姓名", "公民身份号码", "人员类别", "联系电话", "是否为流动党员"]


def reader(name, *, headings=HEADINGS, **sheet):
    layout = find_layout(Sheet("", [headings, ["张三"]], **sheet), ROSTER)
    return Reader(BY_FIELD[name], 0, layout)


def test_a_plain_column_is_cleaned_as_each_of_its_cells_would_be():
    cells = ["1985-07-01", "", "1985年7月2日", "1985-07-01"]

    outcomes = reader("birth_date").read_column(cells)

    assert outcomes == [clean_date(cell) if cell else None for cell in cells]


@pytest.mark.parametrize("odd", ["1985.07", 31229, None, "无", "清空", "#REF!"])
def test_a_column_with_something_odd_is_left_to_be_read_cell_by_cell(odd):
    assert reader("birth_date").read_column(["1985-07-01", odd]) is None


def test_a_cell_found_odd_before_is_odd_in_the_next_block():
    one = reader("birth_date")
    assert isinstance(one.read("1985.07"), Problem)

    assert one.read_column(["1985-07-01", "1985.07"]) is None
    assert one.read_column(["1985-07-01"]) == [clean_date("1985-07-01")]


def test_no_is_a_value_and_no_empty_cell():
    assert reader("is_floating").read_column(["否", "", "是"]) == [clean_yes_no("否"), None, True]


def test_one_odd_row_among_a_thousand_keeps_the_others_as_they_are():
    rows = [[f"张{'三' * (1 + at % 3)}", "", "正式党员", "", "否"] for at in range(1_500)]
    rows[700] = ["李四", "123", "不知道", "86 138-0000-0000", ""]

    table = read_table([Sheet("", [HEADINGS, *rows])], ROSTER)

    odd = table.rows[700]
    assert len(table.rows) == 1_500
    assert odd.number == 702
    assert odd.values == {"name": "李四", "phone": "13800000000"}
    assert [finding.column for finding in odd.errors] == ["公民身份号码", "人员类别"]
    plain = [row.values for row in table.rows if row is not odd]
    assert {frozenset(values) for values in plain} == {frozenset({"name", "stage", "is_floating"})}


def test_keys_are_of_version_7_and_in_order():
    keys = new_keys(500)

    assert keys == sorted(set(keys))
    assert {UUID(key).version for key in keys} == {7}
    assert all(str(UUID(key)) == key for key in keys)


@pytest.mark.django_db
def test_a_log_with_digests_as_they_were_made_before_can_still_be_undone():
    person = Person(name="张三", birth_date=clean_date("1985-07-01"))
    person.set_id_number(id_number(1))
    person.save()
    person.refresh_from_db()
    logs = [
        [["create", "members.person", str(person.pk), digest]]
        for digest in (state_of(person), state_as_before(person))
    ]

    assert logs[0] != logs[1]
    assert [find_conflicts(log) for log in logs] == [[], []]

    Person.objects.filter(pk=person.pk).update(name="改名")
    assert [find_conflicts(log) for log in logs] == [[person], [person]]


@pytest.mark.django_db
def test_a_log_from_when_names_were_spelt_as_one_word_can_still_be_undone():
    person = Person.objects.create(name="改过名")
    spelt_now, person.pinyin = person.pinyin, spell("改过名")
    made = [["create", "members.person", str(person.pk), state_of(person)]]
    before = {"name": "原来名", "pinyin": spell("原来名")}
    after = {"name": "改过名", "pinyin": spell("改过名")}
    renamed = [["change", "members.person", str(person.pk), before, after]]

    assert Person.objects.get().pinyin == spelt_now
    assert [find_conflicts(log) for log in (made, renamed)] == [[], []]

    undo_log(renamed)

    assert (Person.objects.get().name, Person.objects.get().pinyin) == (
        "原来名",
        spell_name("原来名"),
    )


@pytest.mark.django_db
def test_sealing_an_id_number_anew_is_no_change_that_stops_an_undo():
    person = Person(name="张三")
    person.set_id_number(id_number(1))
    before = state_of(person)

    person.set_id_number(id_number(1))
    assert state_of(person) == before

    person.set_id_number(id_number(2))
    assert state_of(person) != before
