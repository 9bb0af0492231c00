"""Rows of past records, and the command that loads them."""

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests.factories import MemberFactory

HEADINGS = [
    "组织编码",
    "活动类型",
    "主题",
    "开始时间",
    "结束时间",
    "地点",
    "主持人",
    "记录人",
    "参加人员",
    "请假人员",
    "折算天数",
    "党校级别",
    "评议结果",
    "状态",
    "内容",
]
ID_NUMBER = "520302199003070023"


def row(**given):
    """One row: two hours of study at the community, nobody named."""
    said = {
        "组织编码": "s1m1",
        "活动类型": "党员学习教育",
        "主题": "学习党章",
        "开始时间": "2026-03-10 09:00",
        "结束时间": "2026-03-10 11:00",
    }
    return said | given


@pytest.fixture
def load(tmp_path, community, capsys):
    """Run the command on rows; its exit code and its document."""

    def run(*rows, unit="s1", headings=HEADINGS, options=()):
        path = tmp_path / "activities.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, headings, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        return command(path, unit, *options)

    def command(path, unit, *options):
        out = io.StringIO()
        code = 0
        try:
            flags = [f"--{option}" for option in ("json", *options)]
            call_command("import_activities", str(path), *flags, unit=unit, stdout=out)
        except CommandError as error:
            code = error.returncode
        return code, json.loads(out.getvalue())

    run.command = command
    return run


@pytest.fixture
def zhang(community):
    person = MemberFactory(unit=community, name="张三")
    person.set_id_number(ID_NUMBER)
    person.save()
    return person


@pytest.fixture
def li(community):
    return MemberFactory(unit=community, name="李四")
