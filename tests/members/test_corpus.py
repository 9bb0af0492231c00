"""Every spreadsheet of the corpus comes to what corpus_table.py says."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from members.models import Person
from members.roster.checks import check_roster_rows
from members.roster.columns import ROSTER
from members.roster.rows import read_table
from organizations.spreadsheets.cells import SheetError
from organizations.spreadsheets.reader import read_sheets
from scripts.corpus.tools import id_number
from tests.factories import BranchFactory, CommunityFactory
from tests.members.corpus_table import CORPUS, Made

FOLDER = Path(__file__).parent / "corpus"
TODAY = date(2026, 11, 23)


def usual(number):
    """What the `number`th person of a file is, where the table does not say otherwise."""
    return {
        "name": f"测试员{number}",
        "id_number": id_number(number),
        "sex": "male" if number % 2 else "female",
        "ethnicity": "苗族",
        "birth_date": "1980-05-12",
        "education": "大学",
        "stage": "full",
        "joined_on": "2005-07-01",
        "phone": f"1380000{number:04d}",
    }


def made_of(name):
    """What the reading stages make of a file of the corpus."""
    try:
        table = read_table(read_sheets((FOLDER / name).read_bytes()), ROSTER)
    except SheetError as error:
        named = " ".join(value for _name, value in error.problem.params)
        return Made(refused=f"{error.problem.code} {named}".strip())
    check_roster_rows(table, today=TODAY)
    values = {}
    for number, row in enumerate(table.rows, 1):
        read = {field: str(value) for field, value in row.values.items()}
        read |= dict.fromkeys(row.cleared, "CLEARED")
        expected = usual(number)
        differing = {
            field: read.get(field)
            for field in [*expected, *(read.keys() - expected)]
            if read.get(field) != expected.get(field)
        }
        if differing:
            values[row.number] = differing
    return Made(
        rows=tuple(row.number for row in table.rows),
        values=values,
        errors=[told(found) for row in table.rows for found in row.errors],
        warnings=[told(found) for row in table.rows for found in row.warnings],
        notes=[told(found) for found in table.notes],
    )


def told(finding):
    return " ".join(filter(None, [str(finding.row), finding.column, finding.problem.code]))


def test_the_table_names_every_file():
    assert sorted(CORPUS) == sorted(path.name for path in FOLDER.iterdir())


@pytest.mark.parametrize("name", CORPUS)
def test_a_file_is_read_as_the_table_says(name):
    expected = CORPUS[name]

    made = made_of(name)

    assert made == expected


@pytest.mark.parametrize("name", ["plain.xlsx", "spreadsheetml.xls", "web-page.xls", "utf-16.txt"])
def test_a_wrong_byte_anywhere_never_breaks_the_reader(name):
    whole = (FOLDER / name).read_bytes()
    refused = 0

    for at in range(0, len(whole), 11):
        for data in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x85]) + whole[at + 1 :]):
            try:
                read_table(read_sheets(data), ROSTER)
            except SheetError:
                refused += 1

    assert refused


@pytest.mark.django_db
@pytest.mark.parametrize("name", CORPUS)
def test_the_good_rows_of_a_file_would_be_written(name, capsys):
    community = CommunityFactory(code="520399001001", name="示例社区党支部")
    for number in "一二":
        BranchFactory(name=f"第{number}党支部", parent=community)
    expected, code = CORPUS[name], 0

    try:
        options = ["--unit", community.code, "--partial", "--dry-run", "--json"]
        call_command("import_roster", str(FOLDER / name), *options)
    except CommandError as error:
        code = error.returncode

    document = json.loads(capsys.readouterr().out)
    assert (code, document["created"]) == ((2, 0) if expected.refused else (0, expected.good))
    assert len({error["row"] for error in document["errors"]}) == (
        1 if expected.refused else len(expected.rows) - expected.good
    )
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_marks_clear_what_is_stored_and_nothing_else():
    community = CommunityFactory(code="520399001001")
    load = partial(call_command, "import_roster", "--unit", community.code, "--partial", "--json")
    load(str(FOLDER / "plain.xlsx"))

    load(str(FOLDER / "marks-for-clearing.xlsx"))

    person, other = Person.objects.order_by("name")
    assert (person.education, person.reveal_phone()) == ("", "")
    assert (person.ethnicity, person.membership.joined_on) == ("苗族", date(2005, 7, 1))
    assert (other.name, other.membership.joined_on) == ("测试员2", date(2005, 7, 1))
