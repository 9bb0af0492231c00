"""Taking an import back, and what is found again afterwards."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from members.models import Affiliation, FloatingEntry, Membership, Person
from tests.factories import (
    MemberFactory,
)
from tests.members.sheets import id_number, member, rows_of

pytestmark = pytest.mark.django_db


# -- taking it back ---------------------------------------------------------------
@pytest.fixture
def undo(capsys):
    def run(batch):
        code = 0
        try:
            call_command("undo_import", batch, "--json")
        except CommandError as error:
            code = error.returncode
        return json.loads(capsys.readouterr().out), code

    return run


def snapshot():
    rows = {}
    for model in (Person, Membership, Affiliation, FloatingEntry):
        rows[model] = list(model.objects.order_by("pk").values())
    for row in rows[Person]:
        del row["updated_at"]
    return rows


def test_an_import_can_be_undone_to_the_letter(load, undo, community):
    load(rows_of([member(1), member(2, 是否为流动党员="是", 外出流向="广东")]), community)
    before = snapshot()
    changed = [
        member(1, 姓名="改名", 联系电话="13900000009", 党籍状态="停止党籍", 学历="大专"),
        member(2),
        member(3),
    ]
    document, _code = load(rows_of(changed), community)

    answer, code = undo(document["batch"])

    assert (answer["undone"], code) == (True, 0)
    assert snapshot() == before
    assert Person.objects.get(name="测试员1").reveal_phone() == "13800000001"
    assert undo(document["batch"])[1] == 2


def test_what_was_changed_since_stops_the_undoing(load, undo, community):
    document, _code = load(rows_of([member(1), member(2)]), community)
    person = Person.objects.get(name="测试员2")
    person.address = "搬家了"
    person.save()

    answer, code = undo(document["batch"])

    assert (answer["undone"], answer["conflicts"], code) == (False, ["测试员2"], 1)
    assert Person.objects.count() == 2


def test_records_that_hang_on_a_new_person_stop_the_undoing(load, undo, community):
    from tests.factories import AttendanceFactory

    document, _code = load(rows_of([member(1)]), community)
    AttendanceFactory(person=Person.objects.get())

    answer, code = undo(document["batch"])

    assert (answer["conflicts"], code) == (["测试员1"], 1)
    assert Person.objects.count() == 1


def test_undo_of_what_never_was_leaves_with_2(undo):
    assert undo("not-a-batch")[1] == 2


def test_a_member_registered_by_hand_is_found_again(load, community):
    person = MemberFactory(unit=community, name="测试员7")
    person.set_id_number(id_number(7))
    person.save()

    document, _code = load(rows_of([member(7)]), community)

    assert (document["created"], document["updated"]) == (0, 1)


def test_an_empty_unit_cell_leaves_everybody_where_they_are(load, community):
    load(rows_of([member(1)]), community)

    document, _code = load(rows_of([member(1, 学历="大专")]), community.parent)

    assert (document["updated"], document["warnings"]) == (1, [])
    assert Affiliation.objects.get().unit == community
