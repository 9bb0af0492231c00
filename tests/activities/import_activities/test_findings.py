"""What a file is refused for, what is told of its rows, and what is left alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.choices import State
from activities.models import Activity
from activities.services import confirm, return_activity
from organizations.models import Touch
from tests.activities.import_activities.conftest import HEADINGS, ID_NUMBER, row
from tests.factories import CommunityFactory, MemberFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("wrong", "column", "says"),
    [
        ({"组织编码": "s9"}, "组织编码", "s9"),
        ({"活动类型": "茶话会"}, "活动类型", "茶话会"),
        ({"活动类型": ""}, "活动类型", ""),
        ({"主题": ""}, "主题", ""),
        ({"开始时间": "2026-02-30 09:00"}, "开始时间", ""),
        ({"开始时间": "2026-03-10"}, "开始时间", "缺少时间"),
        ({"开始时间": "2026-03-10 25:00"}, "开始时间", "不是时间"),
        ({"开始时间": "2026-03-10 24:01"}, "开始时间", "不是时间"),
        ({"开始时间": "2026-03-10 上午12:30"}, "开始时间", "不是时间"),
        ({"开始时间": "春节"}, "开始时间", ""),
        ({"结束时间": "2026-03-10 08:00"}, "结束时间", "结束时间"),
        ({"结束时间": "2027-03-10 08:00"}, "结束时间", "跨年"),
        ({"参加人员": "张三、张三"}, "参加人员", "重复"),
        ({"参加人员": f"张三、{ID_NUMBER}"}, "参加人员", "重复"),
        ({"参加人员": "张三", "请假人员": "张三"}, "参加人员", "重复"),
        ({"参加人员": "520302199003070024"}, "参加人员", ""),
        ({"折算天数": "0"}, "折算天数", "折算天数"),
        ({"折算天数": "1.01"}, "折算天数", "折算天数"),
        ({"折算天数": "半天"}, "折算天数", "天数"),
        ({"党校级别": "乡级"}, "党校级别", "县级"),
        ({"评议结果": "张三:优秀"}, "评议结果", "民主评议"),
        ({"活动类型": "民主评议党员", "评议结果": "张三:很好"}, "评议结果", "张三:很好"),
        ({"活动类型": "民主评议党员", "评议结果": "张三:优秀、张三:合格"}, "评议结果", "重复"),
        ({"状态": "已确认"}, "状态", "草稿"),
    ],
)
def test_a_wrong_cell_is_said_in_chinese_and_nothing_is_written(load, zhang, wrong, column, says):
    code, said = load(row(**wrong), row(主题="好的一行"))

    assert code == 1
    assert [(e["row"], e["column"]) for e in said["errors"]] == [(2, column)]
    assert says in said["errors"][0]["message"]
    assert (said["rows"], said["created"]) == (2, 0)
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "value"),
    [
        ({"评议结果": "张三:优秀"}, "张三:优秀"),
        ({"结束时间": "2026/3/10 8:00"}, "2026/3/10 8:00"),
        ({"结束时间": "8:00"}, "8:00"),
        ({"折算天数": "2天"}, "2天"),
    ],
)
def test_an_error_shows_the_cell_as_the_file_has_it(load, zhang, wrong, value):
    code, said = load(row(**wrong))

    assert code == 1
    assert [error["value"] for error in said["errors"]] == [value]


def test_the_good_rows_are_taken_when_asked(load):
    code, said = load(row(活动类型="茶话会"), row(), options=["partial"])

    assert (code, said["created"], len(said["errors"])) == (0, 1, 1)
    assert Activity.objects.count() == 1


def test_a_dry_run_says_what_would_be_and_writes_nothing(load):
    code, said = load(row(), options=["dry-run"])

    assert (code, said["created"]) == (0, 1)
    assert not Activity.objects.exists()


def test_the_same_activity_in_two_rows_is_an_error(load):
    code, said = load(row(), row())

    assert code == 1
    assert [(e["row"], e["column"]) for e in said["errors"]] == [(3, "主题")]


def test_a_confirmed_record_is_left_as_it_is(load, reviewer):
    load(row())
    confirm(Activity.objects.get(), by=reviewer)

    code, said = load(row(结束时间="2026-03-10 12:00"))

    assert (code, said["skipped"], len(said["warnings"])) == (0, 1, 1)
    assert Activity.objects.get().credit == Decimal("0.25")


def test_a_returned_record_goes_up_again_only_when_the_file_mends_it(load, reviewer):
    load(row())
    return_activity(Activity.objects.get(), "缺少地点", by=reviewer)

    _, same = load(row())
    assert (same["unchanged"], Activity.objects.get().state) == (1, State.RETURNED)

    _, mended = load(row(地点="活动室"))
    assert (mended["updated"], Activity.objects.get().state) == (1, State.SUBMITTED)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", ""),
        (b"%PDF-1.7", ""),
        ("组织编码,活动类型\n".encode(), "主题"),
        ((",".join(HEADINGS) + "\n").encode(), ""),
    ],
)
def test_a_file_that_can_not_be_used_is_said_so(load, tmp_path, content, says):
    path = tmp_path / "wrong.csv"
    path.write_bytes(content)

    code, said = load.command(path, "s1")

    assert code == 2
    assert says in said["errors"][0]["message"]


def test_an_unknown_unit_of_the_command_is_said_so(load):
    code, said = load(row(), unit="nowhere")

    assert code == 2
    assert "nowhere" in said["errors"][0]["message"]


def test_a_unit_outside_the_one_that_is_loaded_does_not_exist(load, neighbour):
    code, said = load(row(组织编码="s1m2"), unit="s1m1")

    assert (code, said["errors"][0]["column"]) == (1, "组织编码")


def test_who_moved_in_and_out_is_touched(load, street, zhang, li):
    far = CommunityFactory(code="far", parent=street)
    guest = MemberFactory(unit=far, name="客人")
    load(row(参加人员="客人"))
    Touch.objects.all().delete()

    load(row(参加人员="张三"))

    assert set(Touch.objects.values_list("unit__code", flat=True)) == {"s1m1", "far"}
    assert guest.attendances.count() == 0


def test_queries_do_not_grow_with_the_rows_but_for_the_trail(load, zhang, li):
    def cost(count, month):
        rows = [
            row(
                主题=f"学习{n}",
                开始时间=f"2026-{month:02}-10 09:00",
                结束时间="10:00",
                参加人员="张三、李四",
            )
            for n in range(count)
        ]
        with CaptureQueriesContext(connection) as queries:
            load(*rows)
        return sum("accounts_auditevent" not in query["sql"] for query in queries)

    assert cost(1, 3) == cost(30, 4)
