"""Questions that a page asks again and again are put together once.

To put the words of a statement together costs the ORM more than the database needs to answer: for
somebody with a grant in each of 84 counties ten times as much. The words are kept in this process,
by all that they depend on; the answer is asked for each time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from assessment.shelf import Shelf
from organizations.access import paths_for
from organizations.actions import Action

STATEMENTS_KEPT = 500
"""Each of a kilobyte, or some ten where there are many grants."""

Rows = list[tuple[Any, ...]]
Kept = tuple[str, tuple[Any, ...], list[tuple[int, Any, Any]]]
"""The statement, its values, and what turns columns of the answer into values."""

statements: Shelf[Kept] = Shelf(STATEMENTS_KEPT)


def reach_of(user: User | AnonymousUser) -> Hashable:
    """All that `visible_to(user)` depends on: who it is, and what may be done where today."""
    can = tuple(tuple(paths_for(user, action)) for action in Action)
    return user.pk, can, timezone.localdate()


def rows_of_some(
    key: Hashable, question: Callable[[Sequence[int]], QuerySet], chosen: Sequence[int]
) -> Rows:
    """The rows of a question about a few rows of a table: `chosen`, their keys.

    Which they are is no part of the words: `question` is asked once for stand-ins that no row has,
    and their places are filled each time. Their number is rounded up to a power of two by asking
    for the last again, so that there are few wordings.
    """
    number = 1 << (len(chosen) - 1).bit_length()
    stand_ins = range(-number, 0)
    filled = [*chosen, *[chosen[-1]] * (number - len(chosen))]
    given = dict(zip(stand_ins, filled, strict=True))
    return rows_of((key, number), lambda: question(stand_ins), given)


def rows_of(
    key: Hashable, question: Callable[[], QuerySet], given: Mapping[int, int] | None = None
) -> Rows:
    """The rows of a queryset of `values_list`, as it would give them itself.

    `key` names the question and holds everything that its words depend on; a reach (`reach_of`)
    is always part of that where the question asks for what somebody may see. `given` takes the
    place of values (`rows_of_some`).
    """
    kept = statements.get(key)
    if kept is None:
        try:
            kept = _words_of(question())
        except EmptyResultSet:
            return []
        statements.put(key, kept)
    statement, values, converters = kept
    if given:
        values = tuple(given.get(value, value) for value in values)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    return _converted(rows, converters) if converters else rows


def _words_of(queryset: QuerySet) -> Kept:
    compiler = queryset.query.get_compiler(connection=connection)
    statement, values = compiler.as_sql()
    columns = [column for column, *_more in compiler.select[: compiler.col_count]]
    converters = [
        (place, turn, column)
        for place, (turns, column) in compiler.get_converters(columns).items()
        for turn in turns
    ]
    return statement, tuple(values), converters


def _converted(rows: Rows, converters: list[tuple[int, Any, Any]]) -> Rows:
    turned = [list(row) for row in rows]
    for place, turn, column in converters:
        for row in turned:
            row[place] = turn(row[place], column, connection)
    return [tuple(row) for row in turned]
