"""Many rows into a table at once: by COPY on PostgreSQL, in one statement's loop on SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils import timezone


def insert_rows(
    model: type[models.Model], names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> list[Any]:
    """Insert `rows`, values in the order of the columns `names`; the caller's transaction.

    Keys that the database makes and the times of saving are added. Returns the rows' keys. What
    a constraint refuses raises IntegrityError; nothing is checked before.
    """
    if not rows:
        return []
    key = model._meta.pk
    if isinstance(key, models.AutoField):
        keys: list[Any] = _new_keys(model, len(rows))
        names = [key.attname, *names]
        full: Iterable[tuple[Any, ...]] = ((new, *row) for new, row in zip(keys, rows, strict=True))
    else:
        place = list(names).index(key.attname)
        keys, full = [row[place] for row in rows], rows
    stream_rows(model, names, full)
    return keys


def stream_rows(
    model: type[models.Model], names: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """The same for rows that have their keys already, and are made while they are written."""
    columns = {column.attname: column for column in model._meta.concrete_fields}
    stamps = [name for name in columns if name not in names]
    if stamps:
        now = timezone.now()
        # As text, which need not be made anew for each row.
        stamp = now.isoformat() if connection.vendor == "postgresql" else now
        rows = (row + (stamp,) * len(stamps) for row in rows)
    chosen = [columns[name] for name in (*names, *stamps)]
    (_copy if connection.vendor == "postgresql" else _insert)(model, chosen, rows)


def _new_keys(model: type[models.Model], count: int) -> list[int]:
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [table, column, count],
            )
            return [key for (key,) in cursor.fetchall()]
        # One writer at a time: nobody takes these keys in between.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
    return list(range(last[0] + 1 if last else 1, (last[0] if last else 0) + count + 1))


def _copy(
    model: type[models.Model], columns: list[models.Field], rows: Iterable[tuple[Any, ...]]
) -> None:
    statement = f"COPY {_table_and_columns(model, columns)} FROM STDIN"
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _insert(
    model: type[models.Model], columns: list[models.Field], rows: Iterable[tuple[Any, ...]]
) -> None:
    marks = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {_table_and_columns(model, columns)} VALUES ({marks})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, _adapted(columns, rows))  # type: ignore[arg-type]


def _table_and_columns(model: type[models.Model], columns: list[models.Field]) -> str:
    quote = connection.ops.quote_name
    return f"{quote(model._meta.db_table)} ({', '.join(quote(str(one.column)) for one in columns)})"


def _adapted(
    columns: list[models.Field], rows: Iterable[tuple[Any, ...]]
) -> Iterator[tuple[Any, ...]]:
    """The values as Django stores them on SQLite: keys as hexadecimal digits, days as text."""
    adapters = [_adapter(column) for column in columns]
    for row in rows:
        yield tuple(
            [
                adapt(value) if adapt is not None and value is not None else value
                for adapt, value in zip(adapters, row, strict=True)
            ]
        )


def _hex(key: UUID | str) -> str:
    return str(key).replace("-", "")


def _adapter(column: models.Field) -> Callable[[Any], Any] | None:
    if isinstance(column, models.ForeignKey):
        return _adapter(column.target_field)
    if isinstance(column, models.UUIDField):
        return _hex
    if isinstance(column, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(column, models.DateField):
        return str
    if isinstance(column, models.CharField):
        return str
    return None
