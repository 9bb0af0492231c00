"""Attendances are by far the most rows of a demo: they are written past the ORM."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from activities.models import Attendance


class AttendanceRow(NamedTuple):
    """The columns of an attendance, by the names of the model's attributes."""

    activity_id: UUID
    person_id: UUID
    presence: str
    signed_by: str
    day: date
    credit: Decimal
    kind_mask: int
    counts: bool


def insert(rows: Iterable[AttendanceRow]) -> None:
    """Write all of `rows`: by COPY on PostgreSQL, else as one prepared statement."""
    table = connection.ops.quote_name(Attendance._meta.db_table)
    names = ", ".join(connection.ops.quote_name(name) for name in AttendanceRow._fields)
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with (
            connection.connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
        return
    places = ", ".join(["%s"] * len(AttendanceRow._fields))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({places})",  # noqa: S608  (our own names)
            ([_plain(value) for value in row] for row in rows),
        )


def _plain(value: Any) -> Any:
    """`value` as Django stores it where the database has no such type."""
    convert = _PLAIN.get(type(value))
    return convert(value) if convert else value


_PLAIN: dict[type, Any] = {
    UUID: lambda value: value.hex,
    date: date.isoformat,
    Decimal: str,
    bool: int,
}
