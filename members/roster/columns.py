"""The columns of a roster: one declaration for import, template, error file and export.

Pure. A heading is compared by `heading_key`, which forgives blanks, width, stars and hints in
brackets. Of several columns that could be the same field, the one nearest the national form's own
heading is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from members.roster import cleaning, days
from members.roster.cleaning import Cleaner, as_text, half_width
from organizations.spreadsheets.cells import Cell

RESULT = "导入结果"
"""The heading of the column that says, in the workbook of wrong rows, what is wrong."""


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
    choices: tuple[str, ...] = ()
    """What the template's drop-down list offers."""
    width: int = 14
    """In characters, in templates and exports."""
    hint: str = ""
    """How a cell is written, for the template: a text to be translated."""
    may_be_cleared: bool = False
    """Whether the mark for clearing empties what is stored."""
    looks_like: Callable[[Cell], bool] | None = None
    """Whether a cell can hardly be anything else, whatever its heading."""
    stand_in: tuple[str, Callable[[Cell], bool]] | None = None
    """Another field whose column makes this one dispensable, if a cell of it says so."""


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
        (
            "公民身份证号码", "身份证号", "身份证号码", "身份证", "居民身份证号码", "居民身份证",
            "身份证件号码", "证件号码", "证件号",
        ),
        is_required=True,
        example="520302199003070023",
        width=22,
        looks_like=cleaning.is_id_number,
        stand_in=("birth_date", days.is_day),
    ),
    Column("sex", "性别", cleaning.clean_sex, example="女", choices=("男", "女"), width=6),
    Column(
        "ethnicity",
        "民族",
        cleaning.clean_ethnicity,
        example="苗族",
        width=8,
        may_be_cleared=True,
    ),
    Column(
        "birth_date",
        "出生日期",
        days.clean_date,
        ("出生年月日", "出生年月", "出生时间", "出生日", "生日"),
        example="1990-03-07",
    ),
    Column(
        "education",
        "学历",
        cleaning.clean_education,
        ("文化程度", "最高学历", "学历层次"),
        example="大学",
        width=10,
        may_be_cleared=True,
    ),
    Column(
        "stage",
        "人员类别",
        cleaning.clean_stage,
        ("党员类别", "党员类型", "党员身份", "人员类型", "预/正", "正式/预备", "政治面貌"),
        is_required=True,
        example="正式党员",
        choices=("正式党员", "预备党员", "发展对象", "入党积极分子", "入党申请人"),
        width=12,
        looks_like=cleaning.says_stage,
        stand_in=("party_status", cleaning.says_stage),
    ),
    Column(
        "unit",
        "所在党支部",
        cleaning.text_up_to(200),
        (
            "所属党支部", "党支部名称", "组织关系所在党支部", "党支部", "所在支部", "所属支部",
            "支部名称", "所在支部名称", "所在党组织", "所属党组织", "党组织名称", "支部",
            "组织编码",
        ),
        example="示例社区党支部",
        width=24,
    ),
    Column(
        "joined_on",
        "加入党组织日期",
        days.clean_date,
        (
            "加入党组织时间", "加入中共组织日期", "加入中国共产党日期", "入党日期", "入党时间",
            "入党年月", "入党年月日",
        ),
        example="2012-06-28",
        width=16,
        may_be_cleared=True,
    ),
    Column(
        "full_on",
        "转为正式党员日期",
        days.clean_date,
        ("转为正式党员时间", "转正日期", "转正时间", "转正年月", "党员转正时间"),
        example="2013-06-28",
        width=18,
        may_be_cleared=True,
    ),
    Column(
        "occupation",
        "工作岗位",
        cleaning.text_up_to(60),
        ("岗位", "职业", "原职业", "从事职业"),
        example="社区工作人员",
        width=18,
        may_be_cleared=True,
    ),
    Column(
        "phone",
        "联系电话",
        cleaning.clean_phone,
        (
            "手机号码", "手机号", "手机", "移动电话", "联系手机", "电话号码", "电话", "联系方式",
            "固定电话",
        ),
        example="13800000000",
        may_be_cleared=True,
        looks_like=cleaning.is_mobile,
    ),
    Column(
        "address",
        "家庭住址",
        cleaning.text_up_to(200),
        ("家庭地址", "现居住地", "现住址", "住址", "居住地址", "居住地", "详细地址", "地址"),
        example="示例路1号",
        width=28,
        may_be_cleared=True,
    ),
    Column(
        "party_status",
        "党籍状态",
        cleaning.clean_party_status,
        ("党籍",),
        example="正常",
        choices=("正常", "停止党籍", "失联", "已出党", "开除党籍", "死亡"),
        width=10,
    ),
    Column(
        "is_floating",
        "是否为流动党员",
        cleaning.clean_yes_no,
        ("是否流动党员", "流动党员"),
        example="否",
        choices=("是", "否"),
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
        choices=("书记", "副书记", "委员", "居委会主任", "党小组组长", "街道干部", "社区工作者"),
        width=14,
    ),
    Column(
        "begun_on",
        "任职日期",
        days.clean_date,
        ("任职时间", "任命时间"),
        is_required=True,
        example="2024-03-01",
    ),
    Column("ended_on", "离任日期", days.clean_date, ("离任时间", "免职日期"), example=""),
    Column(
        "election",
        "产生方式",
        cleaning.clean_election,
        ("选举方式", "任职方式"),
        example="两推一选",
        choices=("两推一选", "选举", "任命", "选派", "公开招聘"),
        width=12,
    ),
)

BRACKETS = re.compile(r"[(\[【][^)\]】]*[)\]】]")
NUMBER_BEFORE = re.compile(r"^\d{1,2}[.、](?=\D)")


def heading_key(cell: Cell) -> str:
    """A heading without what does not tell headings apart."""
    text = BRACKETS.sub("", "".join(half_width(as_text(cell)).split()))
    return NUMBER_BEFORE.sub("", text).replace("*", "").replace("必填", "").strip(":：")


def map_headings(cells: Sequence[Cell], columns: Iterable[Column]) -> Mapping:
    """Which column of a row of headings is which field."""
    return map_keys([(heading_key(cell),) for cell in cells], columns)


def map_keys(keys: Sequence[Sequence[str]], columns: Iterable[Column]) -> Mapping:
    """The same for headings that may be read in several ways, the likeliest first."""
    places: dict[str, int] = {}
    taken: set[int] = set()
    columns = tuple(columns)
    for column in columns:
        at = _place_of(column, keys, taken)
        if at is not None:
            places[column.field] = at
            taken.add(at)
    return Mapping(
        places=places,
        unused=tuple(
            ways[0] for at, ways in enumerate(keys) if ways and ways[0] and at not in taken
        ),
        missing=missing_headings(columns, places),
    )


def _place_of(column: Column, keys: Sequence[Sequence[str]], taken: set[int]) -> int | None:
    for word in map(heading_key, (column.heading, *column.aliases)):
        for at, ways in enumerate(keys):
            if word in ways and at not in taken:
                return at
    return None


def missing_headings(columns: Iterable[Column], places: Collection[str]) -> tuple[str, ...]:
    """The required headings that no column of the file has."""
    return tuple(
        column.heading for column in columns if column.is_required and column.field not in places
    )


# -- what an unknown heading may be -----------------------------------------
NEVER_PROPOSED = re.compile(
    r"时所在|介绍人|党龄|校正|申请|积极分子|发展对象|户籍|户口|籍贯|曾用名|失联|延长|入学|毕业|导入结果"
)
"""Headings that hold the words of another field, but mean something else."""
LIKENESS = 0.6
SHARE = 0.5


def _never(_cell: Cell) -> bool:
    return False


def propose_field(
    key: str, samples: Sequence[Cell], columns: Iterable[Column], taken: Collection[str]
) -> str | None:
    """The field that an unknown heading most likely means; a person decides.

    First what the cells look like, for what can't be mistaken; then the longest known heading
    within it or around it; then one that is nearly the same.
    """
    free = [column for column in columns if column.field not in taken]
    given = [cell for cell in samples if as_text(cell)]
    for column in free:
        is_alike = column.looks_like or _never
        if sum(map(is_alike, given)) > SHARE * len(given):
            return column.field
    if len(key) < 2 or NEVER_PROPOSED.search(key):
        return None
    known = {heading_key(word): one.field for one in free for word in (one.heading, *one.aliases)}
    within = [word for word in known if word in key or (len(key) > 2 and key in word)]
    if within:
        return known[max(within, key=len)]
    near = max(known, key=lambda word: SequenceMatcher(None, word, key).ratio(), default="")
    return known[near] if near and SequenceMatcher(None, near, key).ratio() >= LIKENESS else None
