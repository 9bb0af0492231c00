"""What is measured of the roster import; each function is one figure, in its own process."""

from __future__ import annotations

import os
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import python_calamine
from django.db import connection, transaction

from accounts.models import User
from members.choices import BatchKind
from members.models import Affiliation, ImportBatch, Membership, Person
from members.resources import export_roster
from members.roster import jobs
from members.roster.batches import Request, run_import, stage_import
from members.tasks import write_batch
from organizations.choices import Role, UnitKind
from organizations.models import Grant, Unit

FOLDER = Path()
UNIT, UNITS = "520399001001", 40
COLUMNS = [f"c{number}" for number in range(20)]


def worked() -> float:
    """The processor's seconds so far, here, in children and in the database's own process.

    On a machine that others use too, their ratio says more than that of the clock.
    """
    own = sum(os.times()[:4])
    if connection.vendor != "postgresql":
        return own
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    ticks = server.read_text().rpartition(")")[2].split()[11:13] if server.exists() else []
    return own + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


# -- the floor --------------------------------------------------------------
STAGED = """CREATE OR REPLACE TEMP VIEW staged AS SELECT *,
    substr(md5(c1), 1, 12) || ' ' || substr(c1, 1, 3) AS pinyin,
    md5(c2) || md5(c2 || '-') AS number_index, decode(repeat('5a', 50), 'hex') AS number_sealed,
    md5(c14) || md5(c14 || '-') AS phone_index, decode(repeat('5a', 43), 'hex') AS phone_sealed
    FROM staging"""
"""Columns as long as ours, and with as little order: what an index holds is half of what writing
costs. Only the keys are in order, as the least that any import can do."""


def floor_load() -> str:
    """Read, COPY into a plain table, INSERT into three with the indexes of ours."""
    rows = _read("roster.xlsx")
    with transaction.atomic(), connection.cursor() as cursor:
        _copy(cursor, rows)
        for model in (Person, Membership, Affiliation):
            table = model._meta.db_table
            cursor.execute(f"DROP TABLE IF EXISTS floor_{table}")
            cursor.execute(f"CREATE TABLE floor_{table} (LIKE {table} INCLUDING ALL)")
        cursor.execute(
            "INSERT INTO floor_members_person (id, name, pinyin, sex, ethnicity, birth_date,"
            " education, occupation, address, id_number_sealed, id_number_index, phone_sealed,"
            " phone_index, created_at, updated_at)"
            " SELECT id, c1, pinyin, c3, c4, c5::date, c6, c12, c15, number_sealed, number_index,"
            " phone_sealed, phone_index, now(), now() FROM staged"
        )
        cursor.execute(
            "INSERT INTO floor_members_membership (person_id, stage, joined_on, full_on, standing)"
            " SELECT id, 'full', c10::date, c11::date, 'normal' FROM staging"
        )
        cursor.execute(
            "INSERT INTO floor_members_affiliation (person_id, unit_id, nature)"
            " SELECT id, 1, 'home' FROM staging"
        )
    return "read, COPY, INSERT into three plain tables"


def floor_again() -> str:
    """Read, COPY, and write what differs from what is stored: one comparison in SQL.

    It compares what the file says with all three tables, as any import must.
    """
    rows = _read("changed.xlsx")
    with transaction.atomic(), connection.cursor() as cursor:
        _copy(cursor, rows)
        cursor.execute(
            "UPDATE floor_members_person p SET address = c15 FROM staged s,"
            " floor_members_membership m, floor_members_affiliation a"
            " WHERE p.id_number_index = number_index AND m.person_id = p.id AND a.person_id = p.id"
            " AND (p.name, p.sex, p.ethnicity, p.education, p.occupation, p.address,"
            " p.birth_date, p.phone_index, m.stage, m.joined_on, m.full_on, m.standing, a.nature)"
            " IS DISTINCT FROM (c1, c3, c4, c6, c12, c15, c5::date, s.phone_index,"
            " 'full', c10::date, c11::date, 'normal', 'home')"
        )
        changed = cursor.rowcount
        transaction.set_rollback(True)
    return f"{changed} changed"


def _read(name: str) -> list[list[Any]]:
    with python_calamine.load_workbook(str(FOLDER / name)) as workbook:
        return workbook.get_sheet_by_index(0).to_python()[1:]


def _copy(cursor: Any, rows: list[list[Any]]) -> None:
    columns = ", ".join(f"{name} text" for name in COLUMNS)
    cursor.execute("CREATE TEMP SEQUENCE IF NOT EXISTS keys")
    key = "id uuid DEFAULT lpad(to_hex(nextval('keys')), 32, '0')::uuid"
    cursor.execute(f"CREATE TEMP TABLE staging ({columns}, {key}) ON COMMIT DROP")
    cursor.execute(STAGED)
    with cursor.copy(f"COPY staging ({', '.join(COLUMNS)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


# -- ours -------------------------------------------------------------------
def empty() -> None:
    """No people, and the units that the rosters name."""
    tables = [model._meta.db_table for model in (Affiliation, Membership, Person, ImportBatch)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        else:
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    if not Unit.objects.exists():
        county = Unit.objects.create(code="520399", name="示例县", kind=UnitKind.COUNTY_COMMITTEE)
        top = Unit.objects.create(
            code=UNIT, name="示例街道", kind=UnitKind.STREET_COMMITTEE, parent=county
        )
        for number in range(UNITS):
            Unit.objects.create(
                code=f"{UNIT}-{number}", name=f"第{number}支部", kind=UnitKind.BRANCH, parent=top
            )


def load() -> str:
    return _import("roster.xlsx")


def load_stored() -> None:
    """The people of the first file as they were, whatever ran before."""
    empty()
    load()


def again() -> str:
    return _import("changed.xlsx")


def preview_again() -> str:
    return _import("changed.xlsx", dry_run=True)


def export() -> str:
    """The whole roster as a workbook, every ID number and phone opened."""
    data = export_roster(Person.objects.all())
    return f"{Person.objects.count():,} people, {len(data) / 1e6:.1f} MB"


def sample() -> str:
    return _import("sample.xlsx")


def _import(name: str, *, dry_run: bool = False) -> str:
    report = run_import(_request(name), by=None, dry_run=dry_run)
    assert not report.errors, report.errors[:3]
    return ", ".join(f"{count} {what}" for what, count in report.counts.items() if count)


def _request(name: str) -> Request:
    unit = Unit.objects.get(code=UNIT)
    data = (FOLDER / name).read_bytes()
    return Request(kind=BatchKind.ROSTER, unit=unit, data=data, file_name=name)


# -- in the background ------------------------------------------------------
def stage(name: str) -> ImportBatch:
    """The file looked at and confirmed; nobody has begun to write it."""
    unit = Unit.objects.get(code=UNIT)
    user, _made = User.objects.get_or_create(username="bench")
    Grant.objects.get_or_create(user=user, unit=unit, role=Role.SECRETARY)
    batch, _plan = stage_import(replace(_request(name), reach=(unit.path,)), by=user)
    _queue_alone(batch, user)
    return batch


def write(batch: ImportBatch) -> None:
    """Confirm once more, and write here."""
    _queue_alone(batch, batch.made_by)
    jobs.work(batch.pk)


def _queue_alone(batch: ImportBatch, user: User) -> None:
    at_once, jobs.AT_ONCE = jobs.AT_ONCE, 0
    send, write_batch.delay = write_batch.delay, lambda pk: None
    try:
        jobs.confirm_import(batch, by=user)
    finally:
        jobs.AT_ONCE, write_batch.delay = at_once, send


# -- import-export's own loop -----------------------------------------------
def sample_import_export() -> str:
    """The same sample by import-export's ModelResource, as its documentation begins."""
    from import_export import fields, resources
    from import_export.widgets import DateWidget
    from tablib import Dataset

    class PersonResource(resources.ModelResource):
        class Meta:
            model = Person
            import_id_fields = ["id_number_index"]
            fields = ["name", "sex", "ethnicity", "birth_date", "education", "id_number_index"]

        birth_date = fields.Field(
            attribute="birth_date", column_name="birth_date", widget=DateWidget("%Y-%m-%d")
        )

        def before_save_instance(self, instance: Person, row: Any, **kwargs: Any) -> None:
            instance.id = instance.id or uuid.uuid4()
            number = instance.id_number_index
            instance.set_id_number(number)

        def after_save_instance(self, instance: Person, row: Any, **kwargs: Any) -> None:
            if not kwargs.get("dry_run"):
                unit = Unit.objects.get(code=row["unit"])
                Membership.objects.create(person=instance, stage="full")
                Affiliation.objects.create(person=instance, unit=unit)

    headers = ["name", "id_number_index", "sex", "ethnicity", "birth_date", "education", "unit"]
    dataset = Dataset(headers=headers)
    for row in _read("sample.xlsx"):
        dataset.append([row[1], row[2], "male", row[4], row[5], row[6], row[9]])
    result = PersonResource().import_data(dataset, raise_errors=True, use_transactions=True)
    return f"{result.totals['new']} new"
