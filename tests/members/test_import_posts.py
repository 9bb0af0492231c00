"""`import_posts`: who holds which office, members or not."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from members import services
from members.choices import Election, Office
from members.crypto import blind_index
from members.errors import MemberError
from members.models import Appointment, Person
from members.models.person import ID_NUMBER
from organizations.models import Touch
from tests.factories import AppointmentFactory, CommunityFactory, MemberFactory
from tests.members.sheets import POST_HEADINGS, id_number, rows_of, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory(code="520399001001", name="示例社区党支部")


@pytest.fixture
def load(tmp_path, capsys):
    def run(posts, unit, *options):
        path = tmp_path / "任职.xlsx"
        path.write_bytes(xlsx(rows_of(posts, POST_HEADINGS)))
        code = 0
        try:
            call_command("import_posts", str(path), "--unit", unit.code, "--json", *options)
        except CommandError as error:
            code = error.returncode
        return json.loads(capsys.readouterr().out), code

    return run


def post(unit, number, **cells):
    return {
        "组织编码": unit.code,
        "姓名": f"测试员{number}",
        "公民身份号码": id_number(number),
        "职务": "书记",
        "任职日期": "2024-03-01",
        "产生方式": "两推一选",
        **cells,
    }


def test_an_office_is_given_to_somebody_who_is_no_member(load, community):
    document, code = load([post(community, 1)], community.parent)

    assert (document["created"], document["errors"], code) == (1, [], 0)
    office = Appointment.objects.get()
    assert (office.unit, office.office, office.election) == (
        community,
        Office.SECRETARY,
        Election.TWO_RECOMMENDATIONS,
    )
    assert (office.begun_on, office.ended_on) == (date(2024, 3, 1), None)
    assert (office.person.name, office.person.sex) == ("测试员1", "male")
    assert list(Touch.objects.values_list("unit", flat=True)) == [community.pk]


def test_a_member_on_record_is_found_by_id_number(load, community):
    member = MemberFactory(unit=community, name="测试员1")
    member.set_id_number(id_number(1))
    member.save()

    load([post(community, 1)], community)

    assert Appointment.objects.get().person == member


def test_without_an_id_number_the_name_is_sought_in_the_unit(load, community):
    member = MemberFactory(unit=community, name="测试员1")
    MemberFactory(name="测试员1")

    load([post(community, 1, 公民身份号码="")], community)

    assert Appointment.objects.get().person == member


def test_two_of_one_name_in_the_unit_are_an_error(load, community):
    MemberFactory.create_batch(2, unit=community, name="测试员1")

    document, code = load([post(community, 1, 公民身份号码="")], community)

    assert (document["errors"][0]["column"], code) == ("姓名", 1)


def test_one_person_may_hold_both_offices(load, community):
    document, code = load([post(community, 1), post(community, 1, 职务="居委会主任")], community)

    assert (document["created"], code) == (2, 0)
    assert Person.objects.count() == 1


def test_loading_twice_changes_nothing(load, community):
    posts = [
        post(community, 1, 离任日期="2025-01-31"),
        post(community, 2, 任职日期="2025-02-01"),
        post(community, 3, 职务="社区工作者", 公民身份号码=""),
    ]
    load(posts, community)

    document, code = load(posts, community)

    assert (document["unchanged"], document["created"], document["updated"], code) == (3, 0, 0, 0)


def test_a_last_day_ends_the_office_and_frees_the_seat(load, community):
    load([post(community, 1)], community)

    document, code = load(
        [post(community, 2, 任职日期="2026-01-01"), post(community, 1, 离任日期="2025-12-31")],
        community,
    )

    assert (document["created"], document["updated"], code) == (1, 1, 0)
    assert Appointment.objects.get(ended_on=None).person.name == "测试员2"


def test_a_taken_seat_is_an_error_that_names_who_sits_there(load, community):
    AppointmentFactory(unit=community, person__name="在任书记")

    document, code = load([post(community, 1)], community)

    (error,) = document["errors"]
    assert code == 1
    assert "在任书记" in error["message"]
    assert not Person.objects.filter(name="测试员1").exists()


@pytest.mark.parametrize(
    ("begun", "ended", "errors"),
    [
        ("2020-01-01", "2022-01-01", 1),
        ("2018-01-01", "2019-06-01", 1),
        ("2019-02-01", "2019-03-01", 1),
        ("2021-01-01", "2022-01-01", 0),
        ("", "2018-12-31", 0),
        ("", "2020-06-01", 1),
    ],
)
def test_past_terms_in_a_single_seat_do_not_overlap(load, community, begun, ended, errors):
    AppointmentFactory(
        unit=community, office=Office.SECRETARY, begun_on="2019-01-01", ended_on="2021-01-01"
    )

    document, _code = load([post(community, 1, 任职日期=begun, 离任日期=ended)], community)

    assert len(document["errors"]) == errors
    assert Appointment.objects.count() == 2 - errors


def test_two_past_terms_of_one_file_do_not_overlap(load, community):
    rows = [
        post(community, 1, 任职日期="2018-01-01", 离任日期="2020-01-01"),
        post(community, 2, 任职日期="2019-01-01", 离任日期="2021-01-01"),
    ]

    document, _code = load(rows, community)

    assert [error["row"] for error in document["errors"]] == [3]


def test_a_past_term_is_not_given_beside_another(community):
    AppointmentFactory(
        unit=community, office=Office.SECRETARY, begun_on="2019-01-01", ended_on="2021-01-01"
    )

    with pytest.raises(MemberError):
        services.appoint(
            MemberFactory(unit=community),
            unit=community,
            office=Office.SECRETARY,
            begun_on=date(2020, 1, 1),
            ended_on=date(2022, 1, 1),
            by=None,
        )


def test_two_workers_may_sit_side_by_side(load, community):
    document, code = load(
        [post(community, number, 职务="社区工作者") for number in (1, 2)], community
    )

    assert (document["created"], code) == (2, 0)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"职务": "局长"}, "职务"),
        ({"职务": ""}, "职务"),
        ({"姓名": ""}, "姓名"),
        ({"离任日期": "2024-02-01"}, "离任日期"),
        ({"任职日期": "2024-02-31"}, "任职日期"),
        ({"公民身份号码": "520399198005120013"}, "公民身份号码"),
        ({"组织编码": "000"}, "组织编码"),
    ],
)
def test_a_wrong_cell_is_told_and_nothing_is_written(load, community, cells, column):
    document, code = load([post(community, 2), post(community, 1, **cells)], community)

    assert [error["column"] for error in document["errors"]] == [column]
    assert code == 1
    assert not Appointment.objects.exists()


def test_somebody_beyond_reach_is_left_out_and_nothing_told(load, community):
    stranger = MemberFactory(name="测试员1")
    stranger.set_id_number(id_number(1))
    stranger.save()

    document, code = load([post(community, 1)], community)

    assert (document["skipped"], code) == (1, 0)
    assert not Appointment.objects.exists()


def test_an_unknown_way_into_office_is_left_out_with_a_warning(load, community):
    document, _code = load([post(community, 1, 产生方式="抓阄")], community)

    assert [warning["column"] for warning in document["warnings"]] == ["产生方式"]
    assert Appointment.objects.get().election == ""


def test_the_import_can_be_undone(load, community, capsys):
    document, _code = load([post(community, 1)], community)

    call_command("undo_import", document["batch"], "--json")

    assert json.loads(capsys.readouterr().out)["undone"]
    assert not Person.objects.filter(id_number_index=blind_index(ID_NUMBER, id_number(1))).exists()


@pytest.fixture
def officer(community):
    person = MemberFactory(unit=community)
    person.set_id_number(id_number(1))
    person.save()
    return person


def test_an_end_before_the_beginning_on_record_is_told_by_row_and_column(load, community, officer):
    AppointmentFactory(person=officer, unit=community, begun_on=date(2024, 3, 1))
    cells = {"任职日期": "", "离任日期": "2023-12-31"}

    document, code = load([post(community, 1, **cells)], community.parent)

    assert code == 1
    assert [(one["row"], one["column"]) for one in document["errors"]] == [(2, "离任日期")]
    assert Appointment.objects.get().ended_on is None


def test_whoever_takes_an_office_again_held_it_twice(load, community, officer):
    over = date(2023, 12, 31)
    AppointmentFactory(person=officer, unit=community, begun_on=None, ended_on=over)

    document, code = load([post(community, 1)], community.parent)

    assert (document["created"], code) == (1, 0)
    terms = Appointment.objects.order_by("pk").values_list("begun_on", "ended_on")
    assert list(terms) == [(None, over), (date(2024, 3, 1), None)]
