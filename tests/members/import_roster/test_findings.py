"""What a roster is refused for, and what is told of its rows."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent
from members.choices import Nature, Stage, Standing
from members.crypto import blind_index
from members.models import Affiliation, FloatingEntry, ImportBatch, Membership, Person
from members.models.person import ID_NUMBER
from organizations.models import Touch
from tests.factories import (
    AffiliationFactory,
    CommunityFactory,
    MemberFactory,
)
from tests.members.sheets import id_number, member, rows_of, xlsx

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"公民身份号码": id_number(1)[:-1] + "?"}, "公民身份号码", "18位"),
        ({"公民身份号码": "520399198005120013"}, "公民身份号码", "校验位"),
        ({"加入党组织日期": "2005-02-30"}, "加入党组织日期", "日期不存在"),
        ({"加入党组织日期": "2005-07"}, "加入党组织日期", "缺少"),
        ({"加入党组织日期": "2105-07-01"}, "加入党组织日期", "1900至2099"),
        ({"加入党组织日期": "2095-07-01"}, "加入党组织日期", "晚于今天"),
        ({"转为正式党员日期": "2004-07-01"}, "转为正式党员日期", "早于"),
        ({"人员类别": "群众"}, "人员类别", "正式党员"),
        ({"人员类别": ""}, "人员类别", "不能为空"),
        ({"姓名": ""}, "姓名", "不能为空"),
        ({"联系电话": "123"}, "联系电话", "电话"),
        ({"公民身份号码": "", "出生日期": ""}, "公民身份号码", "姓名无法区分"),
        ({"党籍状态": "预备党员"}, "党籍状态", "矛盾"),
        ({"是否为流动党员": "也许"}, "是否为流动党员", "是"),
    ],
)
def test_a_wrong_cell_is_told_and_nothing_is_written(load, community, cells, column, words):
    document, code = load(rows_of([member(2), member(1, **cells)]), community)

    (error,) = document["errors"]
    assert (code, error["row"], error["column"]) == (1, 3, column)
    assert words in error["message"]
    assert (document["created"], document["batch"]) == (0, None)
    assert not Person.objects.exists()
    assert not ImportBatch.objects.exists()


def test_partial_takes_the_good_rows(load, community):
    document, code = load(
        rows_of([member(1), member(2, 加入党组织日期="昨天")]), community, "--partial"
    )

    assert (document["rows"], document["created"], len(document["errors"]), code) == (2, 1, 1, 0)
    assert Person.objects.get().name == "测试员1"


def test_a_dry_run_promises_and_writes_nothing(load, community):
    document, code = load(rows_of([member(1)]), community, "--dry-run")

    assert (document["created"], document["batch"], code) == (1, None, 0)
    assert not Person.objects.exists()
    assert not Touch.objects.exists()


def test_the_same_person_twice_makes_both_rows_wrong(load, community):
    document, code = load(rows_of([member(1), member(2), member(1, 姓名="别名")]), community)

    assert code == 1
    assert [error["row"] for error in document["errors"]] == [2, 4]
    assert "2、4" in document["errors"][0]["message"]


def test_a_person_at_home_in_another_unit_within_reach_needs_a_transfer(load, community):
    load(rows_of([member(1)]), community)
    other = CommunityFactory(name="另一社区党支部", parent=community.parent)

    document, code = load(
        rows_of([member(1, 所在党支部="另一社区党支部", 学历="大专")]), community.parent
    )

    (warning,) = document["warnings"]
    assert (document["skipped"], document["updated"], code) == (1, 0, 0)
    assert "示例社区党支部" in warning["message"]
    assert not Affiliation.objects.filter(unit=other).exists()
    assert Person.objects.get().education == "大学"


def test_of_a_person_beyond_reach_nothing_is_told_or_changed(load, community):
    load(rows_of([member(1)]), community)
    other = CommunityFactory()

    document, code = load(rows_of([member(1, 姓名="打听")]), other)

    (warning,) = document["warnings"]
    assert (document["skipped"], code) == (1, 0)
    assert community.name not in json.dumps(document, ensure_ascii=False)
    assert "测试员1" not in json.dumps(document, ensure_ascii=False)
    assert Person.objects.get().name == "测试员1"
    assert warning["row"] == 2


def test_without_an_id_number_name_birth_date_and_unit_tell_who_it_is(load, community):
    bare = member(1, 公民身份号码="")
    load(rows_of([bare]), community)

    again, _code = load(rows_of([bare]), community)
    with_number, _code = load(rows_of([member(1)]), community)

    assert (again["unchanged"], with_number["updated"]) == (1, 1)
    assert Person.objects.get().id_number_index == blind_index(ID_NUMBER, id_number(1))


def test_sex_and_birth_date_come_from_the_id_number(load, community):
    load(rows_of([member(2, 性别="", 出生日期="")]), community)

    assert (Person.objects.get().sex, Person.objects.get().birth_date) == (
        "female",
        date(1980, 5, 12),
    )


def test_what_contradicts_the_id_number_is_a_warning(load, community):
    document, code = load(rows_of([member(2, 性别="男", 出生日期="1980-05-13")]), community)

    assert code == 0
    assert [warning["column"] for warning in document["warnings"]] == ["性别", "出生日期"]


def test_the_standing_may_stand_in_for_the_category(load, community):
    document, code = load(rows_of([member(1, 人员类别="", 党籍状态="预备党员")]), community)

    assert (document["errors"], code) == ([], 0)
    assert Membership.objects.get().stage == Stage.PROBATIONARY
    assert Membership.objects.get().standing == Standing.NORMAL


def test_a_standing_has_its_history(load, community):
    load(rows_of([member(1)]), community)
    load(rows_of([member(1, 党籍状态="停止党籍")]), community, "--on", "2026-02-01")
    load(rows_of([member(1, 党籍状态="正常")]), community, "--on", "2026-04-01")

    spell = Person.objects.get().standing_spells.get()
    assert (spell.standing, spell.begun_on, spell.ended_on) == (
        Standing.SUSPENDED,
        date(2026, 2, 1),
        date(2026, 3, 31),
    )
    assert Membership.objects.get().standing == Standing.NORMAL


def test_floating_members_enter_the_ledger_and_leave_it(load, community):
    floating = {"是否为流动党员": "是", "外出流向": "广东省东莞市"}
    load(rows_of([member(1, **floating)]), community)
    load(rows_of([member(1, **floating | {"外出流向": "浙江省"})]), community)

    entry = FloatingEntry.objects.get()
    assert (entry.place, entry.unit, entry.ended_on) == ("浙江省", community, None)

    load(rows_of([member(1)]), community, "--on", "2026-04-01")

    entry.refresh_from_db()
    assert entry.ended_on == date(2026, 3, 31)


def test_the_write_touches_the_units_and_leaves_a_trail(load, community):
    load(rows_of([member(1), member(2)]), community)

    assert list(Touch.objects.values_list("unit", flat=True)) == [community.pk]
    event = AuditEvent.objects.get(verb="imported")
    assert event.details["created"] == 2
    assert id_number(1) not in json.dumps(event.details)


def test_no_identifier_lies_open_in_the_batch(load, community):
    load(rows_of([member(1)]), community)

    batch = ImportBatch.objects.get()
    assert batch.content is None
    assert id_number(1).encode() not in bytes(batch.changes)


def test_a_guest_whose_last_home_is_elsewhere_is_left_out(load, community):
    guest = MemberFactory(unit=CommunityFactory())
    guest.set_id_number(id_number(1))
    guest.save()
    guest.affiliations.update(begun_on="2020-01-01", ended_on="2021-01-01")
    AffiliationFactory(person=guest, unit=community, nature=Nature.IN_SERVICE)
    before = Person.objects.get().name

    document, _code = load(rows_of([member(1)]), community)

    assert (document["skipped"], Person.objects.get().name) == (1, before)
    assert not Affiliation.objects.filter(nature=Nature.HOME, ended_on=None).exists()


def test_a_new_name_reaches_every_unit_that_shows_it(load, community):
    load(rows_of([member(1)]), community)
    host = CommunityFactory()
    AffiliationFactory(person=Person.objects.get(), unit=host, nature=Nature.IN_SERVICE)
    Touch.objects.all().delete()

    load(rows_of([member(1, 姓名="新名字")]), community)

    assert set(Touch.objects.values_list("unit", flat=True)) == {community.pk, host.pk}


def test_formulas_are_text(load, community):
    cell = "=HYPERLINK(1)"

    load(rows_of([member(1, 家庭住址=cell)]), community)

    assert Person.objects.get().address == cell


def test_the_templates_example_is_passed_over(load, community):
    from members.roster.columns import ROSTER
    from members.roster.template import write_template

    document, code = load(write_template(ROSTER), community)

    assert (document["rows"], document["created"], code) == (0, 0, 0)
    assert len(document["warnings"]) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.4", "不是电子表格"),
        (xlsx([]), "工作表是空的"),
        (xlsx([["姓名", "公民身份号码"], ["张三", id_number(1)]]), "人员类别"),
        (xlsx([["公民身份号码", "人员类别"], [id_number(1), "正式党员"]]), "姓名"),
        (xlsx(rows_of([])), "没有数据行"),
    ],
    ids=["wrong type", "empty sheet", "no category", "no name", "no rows"],
)
def test_a_file_that_cannot_be_used_leaves_with_2(load, community, data, words):
    document, code = load(data, community)

    assert code == 2
    assert words in document["errors"][0]["message"]
    assert not Person.objects.exists()


def test_an_unknown_unit_leaves_with_2(tmp_path, capsys):
    with pytest.raises(CommandError, match="nowhere") as refused:
        call_command("import_roster", str(tmp_path / "x.xlsx"), "--unit", "nowhere", "--json")

    assert refused.value.returncode == 2
    assert json.loads(capsys.readouterr().out)["batch"] is None


def test_many_rows_cost_few_queries(load, community, django_assert_max_num_queries):
    few = xlsx(rows_of([member(number) for number in range(1, 11)]))
    many = xlsx(rows_of([member(number) for number in range(11, 411)]))

    with django_assert_max_num_queries(40):
        load(few, community)
    with django_assert_max_num_queries(40):
        load(many, community)
