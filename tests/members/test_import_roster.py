"""`import_roster`: what it writes, what it refuses, and what it tells."""

from __future__ import annotations

import io
import json
from datetime import date

import openpyxl
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
    BranchFactory,
    CommunityFactory,
    CountyFactory,
    MemberFactory,
    StreetFactory,
)
from tests.members.sheets import as_csv, id_number, member, rows_of, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory(code="520399001001", name="示例社区党支部")


@pytest.fixture
def load(tmp_path, capsys):
    """Run the command on rows or bytes; its document, and the exit code."""

    def run(data, unit, *options, command="import_roster", name="名册.xlsx"):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else xlsx(data))
        code = 0
        try:
            call_command(command, str(path), "--unit", unit.code, "--json", *options)
        except CommandError as error:
            code = error.returncode
        return json.loads(capsys.readouterr().out), code

    return run


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
    assert first.pinyin.startswith("ceshiyuan1")
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


def test_rows_find_their_branch_by_name_or_code_below_the_unit(load, community):
    street = community.parent
    first = BranchFactory(code="b-1", name="第一党支部", parent=community)
    second = BranchFactory(code="b-2", name="中共示例街道第二支部委员会", parent=community)
    rows = rows_of(
        [
            member(1, 所在党支部="第一党支部"),
            member(2, 所在党支部="示例街道第二党支部"),
            member(3, 所在党支部="B-1"),
            member(4, 所在党支部="示例社区"),
        ]
    )

    document, _code = load(rows, street)

    assert document["errors"] == []
    homes = dict(Affiliation.objects.values_list("person__name", "unit__code"))
    assert homes == {
        "测试员1": first.code,
        "测试员2": second.code,
        "测试员3": first.code,
        "测试员4": community.code,
    }


def test_an_unknown_unit_and_one_out_of_reach_are_the_same_error(load, community):
    elsewhere = CommunityFactory(name="别处社区党支部")
    rows = rows_of([member(1, 所在党支部="没有的党支部"), member(2, 所在党支部=elsewhere.name)])

    document, code = load(rows, community)

    first, second = document["errors"]
    assert code == 1
    assert (first["row"], first["column"], first["value"]) == (2, "所在党支部", "没有的党支部")
    assert first["message"].replace("没有的党支部", elsewhere.name) == second["message"]
    assert Person.objects.count() == 0


def test_a_name_that_two_units_bear_is_an_error_that_names_both(load):
    street = StreetFactory()
    one = CommunityFactory(name="幸福社区党支部", parent=street)
    two = CommunityFactory(name="幸福社区党支部", parent=street)

    document, code = load(rows_of([member(1, 所在党支部="幸福社区党支部")]), street)

    (error,) = document["errors"]
    assert code == 1
    assert one.code in error["message"]
    assert two.code in error["message"]


@pytest.mark.parametrize(
    "written",
    [
        "纪念街道纪念社区党支部",
        "纪念街道 纪念社区",
        "中共纪念街道纪念社区支部委员会",
        "示例县纪念街道纪念社区党支部",
        "纪念街道党工委纪念社区党支部",
    ],
)
def test_a_community_is_found_by_street_and_name(load, written):
    county = CountyFactory(name="中共示例县委员会", code="520399")
    street = StreetFactory(name="纪念街道党工委", parent=county)
    unit = CommunityFactory(name="纪念社区党支部", parent=street)

    document, code = load(rows_of([member(1, 所在党支部=written)]), county)

    assert (code, document["errors"]) == (0, [])
    assert Affiliation.objects.get().unit == unit


def test_a_community_found_by_its_name_alone_across_streets_is_told(load):
    county = CountyFactory()
    street = StreetFactory(name="纪念街道党工委", parent=county)
    CommunityFactory(name="纪念社区党支部", code="520399001009", parent=street)
    rows = rows_of([member(1, 所在党支部="纪念社区党支部")])

    within_street, _code = load(rows, street, "--dry-run")
    document, code = load(rows, county)

    assert (code, document["created"], within_street["warnings"]) == (0, 1, [])
    (warning,) = document["warnings"]
    assert "纪念街道纪念社区党支部(520399001009)" in warning["message"]


def test_a_name_that_repeats_among_streets_is_refused(load):
    county = CountyFactory()
    units = [
        CommunityFactory(
            name="纪念社区党支部", parent=StreetFactory(name=f"{name}街道", parent=county)
        )
        for name in "东西"
    ]
    rows = rows_of([member(1, 所在党支部="纪念社区"), member(2, 所在党支部="西街道纪念社区")])

    document, code = load(rows, county)

    assert code == 1
    (error,) = document["errors"]
    assert error["row"] == 2
    assert all(unit.code in error["message"] for unit in units)


@pytest.fixture
def two_sheets(community):
    """A workbook with a sheet for each of two branches."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, name in enumerate(("第一党支部", "第二党支部"), 1):
        BranchFactory(name=name, parent=community)
        sheet = book.create_sheet(name)
        for row in rows_of([member(number)]):
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_all_sheets_are_loaded_each_for_its_branch(load, community, two_sheets):
    document, code = load(two_sheets, community, "--all-sheets")

    assert (code, document["created"]) == (0, 2)
    homes = Affiliation.objects.values_list("unit__name", "person__name")
    assert sorted(homes) == [("第一党支部", "测试员1"), ("第二党支部", "测试员2")]


def test_one_sheet_of_several_may_be_named(load, community, two_sheets):
    document, code = load(two_sheets, community, "--sheet", "第二党支部")

    assert (code, document["created"]) == (0, 1)
    assert Person.objects.get().name == "测试员2"
    document, code = load(two_sheets, community, "--sheet", "第三党支部")
    assert code == 2
    assert "第三党支部" in document["errors"][0]["message"]


def test_a_finding_names_its_sheet_where_there_are_several(load, community, two_sheets):
    load(two_sheets, community, "--all-sheets")

    document, _code = load(two_sheets, community.parent, "--all-sheets")

    found = document["errors"] + document["warnings"]
    assert {one.get("sheet") for one in found} <= {"第一党支部", "第二党支部"}
    assert document["unchanged"] == 2


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"公民身份号码": id_number(1)[:-1] + "?"}, "公民身份号码", "18 位"),
        ({"公民身份号码": "520399198005120013"}, "公民身份号码", "校验位"),
        ({"加入党组织日期": "2005-02-30"}, "加入党组织日期", "日期不存在"),
        ({"加入党组织日期": "2005-07"}, "加入党组织日期", "缺少"),
        ({"加入党组织日期": "2105-07-01"}, "加入党组织日期", "1900 至 2099"),
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
