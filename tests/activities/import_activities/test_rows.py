"""What a row of a file becomes, and what the same file again changes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
import xlsxwriter
from django.utils import timezone

from activities.choices import Presence, State
from activities.models import Activity, Attendance
from members.choices import BatchKind
from members.models import ImportBatch, Person
from organizations.models import Touch
from tests.activities.import_activities.conftest import ID_NUMBER, row
from tests.factories import AppointmentFactory, MemberFactory, PersonFactory

pytestmark = pytest.mark.django_db


def test_a_row_becomes_a_submitted_record_with_its_people(load, zhang, li):
    code, said = load(
        row(
            活动类型="党员学习教育、党课",
            参加人员="张三",
            请假人员="李四",
            地点="活动室",
            主持人="王五",
            记录人="赵六",
            内容="第一章",
        )
    )

    assert (code, said["created"], said["errors"]) == (0, 1, [])
    assert ImportBatch.objects.get(pk=said["batch"]).kind == BatchKind.ACTIVITIES
    activity = Activity.objects.get()
    assert (activity.state, activity.credit) == (State.SUBMITTED, Decimal("0.25"))
    assert {kind.code for kind in activity.kinds} == {"member_study", "party_lecture"}
    assert (activity.place, activity.chair, activity.minutes) == ("活动室", "王五", "第一章")
    rows = {r.person: (r.presence, r.counts, r.day) for r in activity.attendances.all()}
    day = date(2026, 3, 10)
    assert rows == {
        zhang: (Presence.PRESENT, True, day),
        li: (Presence.LEAVE, False, day),
    }


def test_the_same_file_again_changes_nothing(load, zhang, li):
    rows = [row(参加人员="张三,李四"), row(主题="党课", 折算天数="0.5")]
    load(*rows)
    Touch.objects.all().delete()

    code, said = load(*rows)

    assert (code, said["unchanged"], said["created"], said["updated"]) == (0, 2, 0, 0)
    assert not Touch.objects.exists()


def test_a_corrected_row_changes_the_record_and_empty_cells_take_nothing_away(load, zhang, li):
    load(row(参加人员="张三、李四", 地点="活动室"))
    before = Activity.objects.get()

    _, said = load(row(参加人员="李四", 结束时间="2026-03-10 13:00"))

    after = Activity.objects.get()
    assert said["updated"] == 1
    assert (after.place, after.credit) == ("活动室", Decimal("0.50"))
    assert after.version == before.version + 1
    attendance = Attendance.objects.get()
    assert (attendance.person, attendance.credit) == (li, Decimal("0.50"))


def test_dates_are_read_however_they_are_written(load):
    moments = ["2026-03-10 09:00", "2026/3/10 9:00", "2026年3月10日 9时", "2026-03-10T09:00:00"]
    rows = [row(主题=f"学习{n}", 开始时间=at, 结束时间="11:00") for n, at in enumerate(moments)]

    code, said = load(*rows)

    assert (code, said["errors"]) == (0, [])
    assert set(Activity.objects.values_list("starts_at", "credit")) == {
        (datetime.fromisoformat("2026-03-10T01:00+00:00"), Decimal("0.25"))
    }


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("2026-03-10T09:00+08:00", "2026-03-10T11:00:00+08:00"),
        ("2026-03-10T01:00Z", "2026-03-10 03:00+00:00"),
        ("2026/3/10 上午 9:00", "2026-03-10 上午11:00:00"),
        ("2026-03-10 上午9时", "上午11:00"),
    ],
)
def test_a_moment_with_a_zone_or_a_half_of_the_day_is_read(load, begins, ends):
    code, said = load(row(开始时间=begins, 结束时间=ends))

    assert (code, said["errors"]) == (0, [])
    activity = Activity.objects.get()
    assert activity.starts_at == datetime.fromisoformat("2026-03-10T09:00+08:00")
    assert activity.ends_at == datetime.fromisoformat("2026-03-10T11:00+08:00")


@pytest.mark.parametrize("ends", ["2025-12-31 24:00", "24:00", "2026-01-01 00:00"])
def test_midnight_at_a_years_end_is_read_as_the_split_of_a_record_says_it(load, ends):
    code, said = load(row(开始时间="2025-12-31 下午8:00", 结束时间=ends))

    assert (code, said["errors"]) == (0, [])
    activity = Activity.objects.get()
    assert activity.ends_at == datetime.fromisoformat("2026-01-01T00:00+08:00")
    assert (activity.last_day, activity.credit) == (date(2025, 12, 31), Decimal("0.50"))


def test_a_workbooks_own_dates_are_read(load, tmp_path, zhang):
    path = tmp_path / "activities.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        shown = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(
            0, 0, ["组织编码", "活动类型", "主题", "开始时间", "结束时间", "参加人员", "折算天数"]
        )
        sheet.write_row(1, 0, ["s1m1", "主题党日", "植树"])
        sheet.write_datetime(1, 3, datetime(2026, 3, 10, 9), shown)  # noqa: DTZ001
        sheet.write_datetime(1, 4, datetime(2026, 3, 10, 11, 20), shown)  # noqa: DTZ001
        sheet.write(1, 5, "张三")
        sheet.write(1, 6, 0.5)

    code, said = load.command(path, "s1")

    assert (code, said["created"], said["errors"]) == (0, 1, [])
    activity = Activity.objects.get()
    assert (activity.ends_at - activity.starts_at).seconds == 140 * 60
    assert activity.credit == Decimal("0.50")


def test_people_are_found_by_id_number_and_by_office(load, community, zhang):
    worker = PersonFactory(name="周七")
    AppointmentFactory(person=worker, unit=community)

    code, said = load(row(参加人员=f"{ID_NUMBER}\n周七"))

    assert (code, said["errors"]) == (0, [])
    assert set(Person.objects.filter(attendances__counts=True)) == {zhang, worker}


def test_a_name_that_fits_two_people_names_both_units(load, community, neighbour):
    MemberFactory(unit=community, name="张伟")
    MemberFactory(unit=neighbour, name="张伟")

    code, said = load(row(参加人员="张伟"))

    assert code == 1
    (error,) = said["errors"]
    assert (error["row"], error["column"], error["value"]) == (2, "参加人员", "张伟")
    assert "河滨社区" in error["message"]
    assert "桥头社区" in error["message"]
    assert not Activity.objects.exists()


def test_of_two_namesakes_the_one_who_was_there_that_day_is_meant(load, community, neighbour):
    here = MemberFactory(unit=community, name="张伟")
    MemberFactory(unit=neighbour, name="张伟", begun_on=date(2026, 6, 1))

    code, said = load(row(参加人员="张伟"))

    assert (code, said["errors"]) == (0, [])
    assert Attendance.objects.get().person == here


def test_people_outside_the_unit_are_nobody(load, zhang, outsider):
    MemberFactory(name="郑九")

    code, said = load(row(参加人员="郑九"))

    assert code == 1
    assert "郑九" in said["errors"][0]["message"]


def test_all_members_of_the_host_with_some_on_leave(load, community, neighbour, zhang, li):
    MemberFactory(unit=neighbour)
    MemberFactory(unit=community, begun_on=date(2026, 4, 1))
    MemberFactory(unit=community, stage="activist", joined_on=None)

    code, said = load(row(参加人员="全体", 请假人员="李四"))

    assert (code, said["errors"]) == (0, [])
    rows = dict(Attendance.objects.values_list("person_id", "presence"))
    assert rows == {zhang.pk: "present", li.pk: "leave"}


def test_grades_of_a_review(load, zhang, li):
    code, said = load(row(活动类型="民主评议党员", 评议结果="张三:优秀、李四：合格"))

    assert (code, said["errors"]) == (0, [])
    grades = dict(Activity.objects.get().appraisals.values_list("person_id", "grade"))
    assert grades == {zhang.pk: "excellent", li.pk: "qualified"}


def test_a_rotation_training_keeps_the_schools_level_and_asks_for_it(load):
    code, said = load(
        row(活动类型="党校轮训", 党校级别="县级"),
        row(活动类型="党校轮训", 主题="另一期"),
    )

    assert (code, said["created"]) == (0, 2)
    assert Activity.objects.get(topic="学习党章").school_level == "county"
    assert [(w["row"], w["column"]) for w in said["warnings"]] == [(3, "党校级别")]


def test_a_draft_counts_for_nothing_until_the_file_hands_it_in(load, zhang):
    load(row(状态="草稿", 参加人员="张三"))
    assert not Attendance.objects.get().counts

    _, said = load(row(状态="已提交", 参加人员="张三"))

    assert said["updated"] == 1
    assert Attendance.objects.get().counts
    assert Activity.objects.get().submitted_at


def test_a_workbooks_midnight_ends_the_day(load, tmp_path):
    path = tmp_path / "activities.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["组织编码", "活动类型", "主题", "开始时间", "结束时间"])
        sheet.write_row(1, 0, ["s1m1", "主题党日", "值守", "2026-03-10 20:00"])
        sheet.write_number(1, 4, 1, book.add_format({"num_format": "[h]:mm"}))

    code, said = load.command(path, "s1")

    assert (code, said["errors"]) == (0, [])
    activity = Activity.objects.get()
    assert activity.ends_at == datetime.fromisoformat("2026-03-11T00:00+08:00")
    assert activity.last_day == date(2026, 3, 10)


def test_what_is_still_to_come_is_not_handed_in(load, zhang):
    coming = {"开始时间": "2090-03-10 09:00", "结束时间": "2090-03-10 11:00"}

    code, said = load(row(**coming), row(主题="草稿", 状态="草稿", **coming), row(主题="以前"))

    assert code == 1
    assert [(one["row"], one["column"], one["value"]) for one in said["errors"]] == [
        (2, "开始时间", "2090-03-10 09:00")
    ]
    assert not Activity.objects.exists()
    code, said = load(row(主题="草稿", 状态="草稿", **coming))
    assert (code, Activity.objects.get().state) == (0, State.DRAFT)


@pytest.mark.parametrize("named", ["s1m1", "河滨社区", ""])
def test_records_of_a_unit_dissolved_today_come_by_its_code(load, community, named):
    community.dissolved_on = timezone.localdate()
    community.save()

    code, said = load(row(组织编码=named), unit="s1m1" if not named else "s1")

    if named == "河滨社区":
        assert code == 1
        assert "s1m1" in said["errors"][0]["message"]
    else:
        assert (code, Activity.objects.get().unit) == (0, community)
