"""Tell PostgreSQL's planner of rows that were just written, where it believes there are none.

After an import that was broken off, or a table that was emptied, the server notes that a table of
many pages holds nothing, and plans accordingly until it looks again: what is asked in the very
transaction that fills the table takes hours in the place of a second. SQLite plans without such
figures.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection, models

WORTH_IT = 1_000
"""Rows written; of fewer no plan is so wrong that it matters."""
FAR_OFF = 10
"""So many times fewer than what was written alone the planner must expect."""


def tell_planner(written: Mapping[type[models.Model], int]) -> list[type[models.Model]]:
    """Have those tables counted of which it expects far fewer rows than were `written`."""
    many = {model: number for model, number in written.items() if number >= WORTH_IT}
    if connection.vendor != "postgresql" or not many:
        return []
    expected = _expected([model._meta.db_table for model in many])
    misjudged = [
        model
        for model, number in many.items()
        if expected.get(model._meta.db_table, number) * FAR_OFF < number
    ]
    with connection.cursor() as cursor:
        for model in misjudged:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
    return misjudged


def _expected(tables: list[str]) -> dict[str, int]:
    """How many rows the planner expects of those tables that the server has ever looked at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, (reltuples / relpages * pg_relation_size(oid)"
            " / current_setting('block_size')::int)::bigint FROM pg_class"
            " WHERE relname = ANY(%s) AND relnamespace = current_schema()::regnamespace"
            " AND relpages > 0 AND reltuples >= 0",
            [tables],
        )
        return dict(cursor.fetchall())
