"""What an export says is what is stored, and whoever is the same is seen to be, either way."""

from __future__ import annotations

import csv
import io
import os
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members import services
from members.choices import BatchKind, FloatingDirection, Standing
from members.models import Person
from members.resources import export_roster
from members.roster import plan as plan_module
from members.roster.batches import Request, run_import
from members.roster.cleaning import check_digit, clean_name
from members.roster.logbook import block, one_by_one
from members.roster.same import Found
from members.roster.states import digest_plain, plain_digester, state_of
from members.roster.wordlists import CLEARING_MARKS, FORMULA_ERRORS
from organizations.spreadsheets.reader import read_sheets
from tests.factories import BranchFactory, CommunityFactory, MemberFactory
from tests.members.sheets import id_number, member, rows_of, xlsx

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("PORTAL_ROSTERS", "15"))
ON = date(2026, 1, 1)
NOT_TEXTS = CLEARING_MARKS | FORMULA_ERRORS | {"#FORMULA!"}
"""What the import takes for an order or a fault, whoever typed it."""

HAN = st.text(st.sampled_from("张王李阿依古丽买买提·•𠮷㛃〇 欧阳无"), min_size=1, max_size=6)
LATIN = st.text(st.sampled_from("AbcdeÉ· '-"), min_size=2, max_size=20)
names = st.one_of(HAN, LATIN).map(str.strip).filter(lambda text: isinstance(clean_name(text), str))
words = (
    st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=18)
    .map(str.strip)
    .filter(lambda text: text not in NOT_TEXTS)
)
days = st.dates(date(1930, 1, 1), date(2007, 12, 31))


@st.composite
def people(draw):
    born = draw(days)
    joined = draw(st.none() | st.dates(date(born.year + 18, 12, 31), date(2025, 12, 31)))
    stage = draw(st.sampled_from(["applicant", "activist", "candidate", "probationary", "full"]))
    is_member = stage in {"probationary", "full"}
    return {
        "details": {
            "name": draw(names),
            "sex": draw(st.sampled_from(["", "male", "female"])),
            "ethnicity": draw(st.sampled_from(["", "苗族", "苗", "穿青人", "汉族"])),
            "birth_date": born,
            "education": draw(st.sampled_from(["", "大学", "本科", "私塾", "高中", "大 专"])),
            "occupation": draw(words),
            "address": draw(words),
        },
        "membership": {
            "stage": stage,
            "joined_on": joined if is_member else None,
            "full_on": joined if stage == "full" else None,
        },
        "standing": draw(st.sampled_from(["normal", "normal", "suspended", "out_of_touch"])),
        "has_number": draw(st.booleans()),
        "phone": draw(st.sampled_from(["", "13800000001", "0851-28900001"])),
        "floats_to": draw(st.none() | st.sampled_from(["", "广东", "浙江 宁波"])),
    }


def register(number, given, unit):
    born = given["details"]["birth_date"]
    first17 = f"520399{born:%Y%m%d}{number:03d}"
    person = services.register_person(
        unit,
        by=None,
        details=given["details"],
        membership=given["membership"],
        id_number=first17 + check_digit(first17) if given["has_number"] else "",
        phone=given["phone"],
    )
    if given["standing"] != "normal":
        standing = Standing(given["standing"])
        services.change_standing(person.membership, standing=standing, on=ON, by=None)
    if given["floats_to"] is not None:
        services.register_floating(
            person, unit=unit, direction=FloatingDirection.OUT, by=None, place=given["floats_to"]
        )


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(people(), min_size=1, max_size=6))
def test_importing_an_export_is_unchanged_for_every_row(roster):
    with transaction.atomic():
        community = CommunityFactory()
        units = [community, BranchFactory(parent=community, name="第一党支部")]
        known = set()
        for number, given_ in enumerate(roster):
            details = given_["details"]
            if given_["has_number"]:  # what the number tells is filled in where it is lacking
                details["sex"] = details["sex"] or ("male" if number % 2 else "female")
            else:  # known by the name, and as that it is read
                details["name"] = clean_name(details["name"])
            if (key := (details["name"], details["birth_date"])) not in known:
                register(number, given_, units[number % 2])
            known.add(key)
        workbook = export_roster(Person.objects.all())
        for name, data in (("导出.xlsx", workbook), ("导出.csv", as_csv(workbook))):
            report = run_import(Request(BatchKind.ROSTER, community, data, name), by=None)
            assert report.errors == []
            assert report.counts == {**report.counts, "unchanged": Person.objects.count()}
            assert sum(report.counts.values()) == Person.objects.count()
        transaction.set_rollback(True)


def as_csv(workbook):
    (sheet,) = read_sheets(workbook)
    text = io.StringIO(newline="")
    csv.writer(text).writerows(sheet.rows)
    return text.getvalue().encode("utf-8-sig")


CHANGES = (
    {},
    {"家庭住址": "新华路2号"},
    {"姓名": "测试员九"},
    {"性别": "女"},
    {"出生日期": ""},
    {"联系电话": "13900000000"},
    {"联系电话": "清空"},
    {"党籍状态": "停止党籍"},
    {"是否为流动党员": "是", "外出流向": "广东"},
    {"所在党支部": "第一党支部"},
    {"人员类别": "预备党员", "转为正式党员日期": ""},
    {"加入党组织日期": "2005-08-01"},
    {"学历": "本科"},
    {"民族": "苗"},
)


def test_the_quick_look_finds_what_the_long_one_finds(monkeypatch):
    community = CommunityFactory()
    BranchFactory(parent=community, name="第一党支部")
    before = [member(number) for number in range(len(CHANGES))]
    run_import(request(community, before), by=None)
    after = [{**one, **change} for one, change in zip(before, CHANGES, strict=True)]
    quick = request(community, after).plan()

    def find_nobody_the_same(asked, *, homes):
        return Found(others=[one.index for one in asked])

    monkeypatch.setattr(plan_module, "find_same", find_nobody_the_same)
    long = request(community, after).plan()

    assert quick.digest() == long.digest()
    assert quick.warnings == long.warnings
    assert quick.met == long.met
    assert quick.counts["unchanged"] == long.counts["unchanged"] == 4


def request(unit, people_):
    return Request(BatchKind.ROSTER, unit, xlsx(rows_of(people_)), "名册.xlsx")


def test_a_person_in_the_file_with_and_without_the_number_is_told_of():
    community = CommunityFactory()
    run_import(request(community, [member(1)]), by=None)

    plan = request(community, [member(1), member(1, 公民身份号码="")]).plan()

    assert [one.outcome for one in plan.rows] == ["unchanged", "wrong"]
    assert plan.errors[0].problem.code == "duplicate_in_file"


def test_an_open_home_elsewhere_is_never_the_same():
    community, other = CommunityFactory(), CommunityFactory()
    run_import(request(other, [member(1)]), by=None)

    plan = request(community, [member(1)]).plan()

    assert [one.outcome for one in plan.rows] == ["skipped"]


# -- the log ----------------------------------------------------------------
def test_a_block_of_the_log_says_what_its_rows_would_say_one_by_one():
    community = CommunityFactory()
    some = [MemberFactory(unit=community) for _ in range(3)]
    digests = [state_of(one) for one in some]

    entries = one_by_one([block(Person, [one.pk for one in some], digests)])

    assert entries == [
        ["create", "members.person", str(one.pk), digest]
        for one, digest in zip(some, digests, strict=True)
    ]


def test_runs_of_keys_come_back_as_keys():
    model = MemberFactory(unit=CommunityFactory()).membership.__class__

    entries = one_by_one([block(model, [4, 5, 6, 9, 11, 12], ["0" * 24] * 6)])

    assert [entry[2] for entry in entries] == [4, 5, 6, 9, 11, 12]


def test_the_short_ways_to_a_digest_lead_to_the_same():
    rows = [("a", "full", None, ON), ("b", "full", None, ON), ("a", "", None, None)]
    digester = plain_digester()

    assert [digester(row) for row in rows] == [digest_plain(list(row)) for row in rows]
    assert len({digester(row) for row in rows}) == len(rows)
    assert digester(rows[0]) != digester((id_number(1), *rows[0][1:]))
