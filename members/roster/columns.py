"""The columns of a roster: one declaration for import, template, error file and export.

Pure. A heading is compared by `heading_key`, which forgives blanks, width, stars and hints in
brackets. Of several columns that could be the same field, the one nearest the national form's own
heading is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from members.roster import cleaning
from members.roster.cleaning import Cleaner, as_text, half_width
from organizations.spreadsheets.cells import Cell


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is called, what it fills, and how a cell of it is read."""

    field: str
    """The name within a cleaned row, and of the export's column."""
    heading: str
    """The national form's own words."""
    clean: Cleaner
    aliases: tuple[str, ...] = ()
    is_required: bool = False
    """Whether a file without this heading can't be used."""
    example: str = ""
    """What the template shows, of an invented person."""
    width: int = 14
    """In characters, in templates and exports."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column of a file is which: by field, counted from 0."""

    places: dict[str, int]
    unused: tuple[str, ...] = ()
    """Headings that nothing is read from."""
    missing: tuple[str, ...] = field(default=())
    """Required headings that the file lacks."""


ROSTER: tuple[Column, ...] = (
    Column(
        "name",
        "姓名",
        cleaning.clean_name,
        ("党员姓名",),
        is_required=True,
        example="李晓梅",
        width=10,
    ),
    Column(
        "id_number",
        "公民身份号码",
        cleaning.clean_id_number,
        ("公民身份证号码", "身份证号", "身份证号码", "身份证", "居民身份证号码", "证件号码"),
        is_required=True,
        example="520302199003070023",
        width=22,
    ),
    Column("sex", "性别", cleaning.clean_sex, example="女", width=6),
    Column("ethnicity", "民族", cleaning.clean_ethnicity, example="苗族", width=8),
    Column(
        "birth_date",
        "出生日期",
        cleaning.clean_date,
        ("出生年月日", "出生年月", "出生时间", "生日"),
        example="1990-03-07",
    ),
    Column(
        "education",
        "学历",
        cleaning.clean_education,
        ("文化程度", "最高学历"),
        example="大学",
        width=10,
    ),
    Column(
        "stage",
        "人员类别",
        cleaning.clean_stage,
        ("党员类别", "党员类型", "党员身份", "政治面貌"),
        is_required=True,
        example="正式党员",
        width=12,
    ),
    Column(
        "unit",
        "所在党支部",
        cleaning.text_up_to(200),
        (
            "所属党支部", "党支部名称", "组织关系所在党支部", "党支部", "所在支部", "所属支部",
            "支部名称", "所在党组织", "所属党组织", "支部", "组织编码",
        ),
        example="示例社区党支部",
        width=24,
    ),
    Column(
        "joined_on",
        "加入党组织日期",
        cleaning.clean_date,
        ("加入党组织时间", "加入中共组织日期", "入党日期", "入党时间", "入党年月"),
        example="2012-06-28",
        width=16,
    ),
    Column(
        "full_on",
        "转为正式党员日期",
        cleaning.clean_date,
        ("转为正式党员时间", "转正日期", "转正时间"),
        example="2013-06-28",
        width=18,
    ),
    Column(
        "occupation",
        "工作岗位",
        cleaning.text_up_to(60),
        ("岗位", "职业", "原职业"),
        example="社区工作人员",
        width=18,
    ),
    Column(
        "phone",
        "联系电话",
        cleaning.clean_phone,
        ("手机号码", "手机号", "手机", "移动电话", "电话", "联系方式", "固定电话"),
        example="13800000000",
    ),
    Column(
        "address",
        "家庭住址",
        cleaning.text_up_to(200),
        ("现居住地", "住址", "居住地址", "详细地址", "地址"),
        example="示例路1号",
        width=28,
    ),
    Column(
        "party_status",
        "党籍状态",
        cleaning.clean_party_status,
        ("党籍",),
        example="正常",
        width=10,
    ),
    Column(
        "is_floating",
        "是否为流动党员",
        cleaning.clean_yes_no,
        ("是否流动党员", "流动党员"),
        example="否",
        width=16,
    ),
    Column(
        "floating_to",
        "外出流向",
        cleaning.text_up_to(100),
        ("流向", "外出地点", "流入地"),
        example="",
        width=18,
    ),
)  # fmt: skip

POSTS: tuple[Column, ...] = (
    Column(
        "unit",
        "组织编码",
        cleaning.text_up_to(200),
        ("组织代码", "党组织编码", "所在党支部", "所在党组织", "组织名称"),
        is_required=True,
        example="520302001001",
        width=18,
    ),
    Column("name", "姓名", cleaning.clean_name, is_required=True, example="李晓梅", width=10),
    Column(
        "id_number",
        "公民身份号码",
        cleaning.clean_id_number,
        ("公民身份证号码", "身份证号", "身份证号码", "身份证", "证件号码"),
        is_required=True,
        example="520302199003070023",
        width=22,
    ),
    Column(
        "office",
        "职务",
        cleaning.clean_office,
        ("党内职务",),
        is_required=True,
        example="书记",
        width=14,
    ),
    Column(
        "begun_on",
        "任职日期",
        cleaning.clean_date,
        ("任职时间", "任命时间"),
        is_required=True,
        example="2024-03-01",
    ),
    Column("ended_on", "离任日期", cleaning.clean_date, ("离任时间", "免职日期"), example=""),
    Column(
        "election",
        "产生方式",
        cleaning.clean_election,
        ("选举方式", "任职方式"),
        example="两推一选",
        width=12,
    ),
)

BRACKETS = re.compile(r"[(\[【][^)\]】]*[)\]】]")
HEADING_ROWS = 10
"""How many rows from the top may stand above the headings: a title, a line "unit: … date: …"."""


def heading_key(cell: Cell) -> str:
    """A heading without what does not tell headings apart."""
    text = "".join(half_width(as_text(cell)).split())
    return BRACKETS.sub("", text).replace("*", "").replace("必填", "").strip(":：")


def map_headings(cells: Sequence[Cell], columns: Iterable[Column]) -> Mapping:
    """Which column of a row of headings is which field."""
    keys = [heading_key(cell) for cell in cells]
    places: dict[str, int] = {}
    columns = tuple(columns)
    for column in columns:
        for word in map(heading_key, (column.heading, *column.aliases)):
            if word in keys and keys.index(word) not in places.values():
                places[column.field] = keys.index(word)
                break
    taken = set(places.values())
    return Mapping(
        places=places,
        unused=tuple(key for place, key in enumerate(keys) if key and place not in taken),
        missing=tuple(
            column.heading
            for column in columns
            if column.is_required and column.field not in places
        ),
    )


def find_headings(
    rows: Sequence[Sequence[Cell]], columns: tuple[Column, ...]
) -> tuple[int, Mapping]:
    """The row, counted from 0, that holds the most known headings, and what they are."""
    mapped = [map_headings(row, columns) for row in rows[:HEADING_ROWS]]
    best = max(range(len(mapped)), key=lambda index: len(mapped[index].places))
    return best, mapped[best]
