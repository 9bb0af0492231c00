"""Everybody at home in some units in one pass: who they are, and what they did, told as text.

What counts is said where each person's own facts are gathered (person_facts.py, deeds.py). Here
the same rows are put together so that the database adds up and joins, and hands over one short row
for each person, unit by unit. A province is read bit by bit: it is never in memory as a whole.
"""

# ruff: noqa: S608 -- no text but our own, and what Django made of querysets, goes into the statements
from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from datetime import date
from decimal import Decimal
from functools import lru_cache, reduce
from itertools import chain, count
from operator import or_
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from activities.choices import State
from assessment import deeds
from assessment.person_facts import CENT, PersonLoader, of_members, spells_away
from assessment.question import Question, UnitRow, codes_of
from assessment.side_facts import guests
from assessment.terms import Record, Rule, Who

AT_ONCE = 2_000
"""Rows fetched at a time."""
NEEDS = "work_mem = '128MB'", "jit = off", "cursor_tuple_fraction = 1"
"""How PostgreSQL is to read a province: sort in memory, and all of it is wanted."""


Day = str | None
"""As ISO text."""
Resident = tuple[int, str, str, Day, Day, str, Day, Day, str, bool, str]
"""Someone's home: unit, the person's key and name, begun, ended, stage, joined, full member since,
standing; then whether more is to be told than one home all the year and what was done; and what
was done, for `records_of`."""


class Census:
    """The residents of a question's units, to be taken in the order of the units' keys.

    `is_whole`: of so many units that everybody in the database is read at once.
    """

    def __init__(self, question: Question, *, is_whole: bool) -> None:
        sql, params = _of_everybody(question) if is_whole else _of_some(question)
        self._rows: Iterator[Resident] = _read(sql, params, bit_by_bit=is_whole)
        self._ahead: list[Resident] = []

    def close(self) -> None:
        self._rows.close()  # type: ignore[attr-defined]

    def of(self, units: Mapping[int, object]) -> Iterator[Resident]:
        """The residents of `units`, which are the next in order."""
        last = max(units)
        for row in chain(self._ahead, self._rows):
            if row[0] > last:
                self._ahead = [row]
                return
            yield row
        self._ahead = []


# -- the one statement --------------------------------------------------------


def _of_everybody(question: Question) -> tuple[str, list[Any]]:
    return _Statement(question, is_whole=True).compiled()


def _of_some(question: Question) -> tuple[str, list[Any]]:
    """Put together once for so many units, with stand-ins for their keys: they are asked often."""
    ids = question.ids
    about = question.rules, question.as_of, question.year, question.by_state
    sql, params = _with_stand_ins(len(ids), *about)
    return sql, [ids[-one - 1] if type(one) is int and one < 0 else one for one in params]


@lru_cache(maxsize=64)
def _with_stand_ins(
    number: int, rules: tuple[Rule, ...], as_of: date, year: int, by_state: bool
) -> tuple[str, list[Any]]:
    rows = [UnitRow(-one, "", "", "", "", None, None) for one in range(1, number + 1)]
    units = {row.id: row for row in rows}
    question = Question(units, rules, as_of, year, by_state=by_state)
    return _Statement(question, is_whole=False).compiled()


class _Statement:
    """Who is at home in the units, and what all of them did, in one SELECT."""

    def __init__(self, question: Question, *, is_whole: bool) -> None:
        self.question, self.is_whole = question, is_whole
        self.loader = PersonLoader(question)

    def compiled(self) -> tuple[str, list[Any]]:
        homes, params = _compiled(self._homes())
        joins, did = "", ["''"]
        for number, (rows, told) in enumerate(self._deeds()):
            sql, more = _compiled(rows)
            if self.is_whole:
                sql = sql.replace(*_ALL_OF_IT[connection.vendor], 1)
            params += more
            did.append(f"coalesce(d{number}.did, '')")
            joins += (
                f" LEFT JOIN (SELECT person_id, {_JOINED[connection.vendor]} AS did"
                f" FROM (SELECT person_id, {told} || ';' AS told FROM ({sql}) s) t"
                f" GROUP BY person_id) d{number} ON d{number}.person_id = h.person_id"
            )
        days = {name: f"CAST(h.{name} AS text)" for name in ("begun_on", "ended_on", *_JOINING)}
        columns = (
            "h.unit_id",
            _KEY[connection.vendor],
            "h.person__name",
            days["begun_on"],
            days["ended_on"],
            "h.person__membership__stage",
            *(days[name] for name in _JOINING),
            "h.person__membership__standing",
            "h.is_alone",
            " || ".join(did),
        )
        order = "h.unit_id, h.person__pinyin, h.person_id, h.pk"
        sql = f"SELECT {', '.join(columns)} FROM ({homes}) h{joins} ORDER BY {order}"
        return sql, params

    def _homes(self) -> QuerySet:
        homes = of_members(self.loader.homes().filter(unit_id__in=self.question.ids))
        alone = reduce(or_, map(self._is_among, self._alone()))
        homes = homes.annotate(is_alone=ExpressionWrapper(alone, output_field=BooleanField()))
        return homes.order_by().values_list(
            "pk",
            "person_id",
            "person__name",
            "person__pinyin",
            "unit_id",
            "begun_on",
            "ended_on",
            "person__membership__stage",
            *_JOINING,
            "person__membership__standing",
            "is_alone",
        )

    def _alone(self) -> Iterator[QuerySet]:
        """Of whom more is to be told. Where one home is at an end there may be another."""
        yield self.loader.homes().filter(ended_on__isnull=False)
        yield self.loader.exempt()
        yield spells_away()
        if self.question.offices:
            yield self.loader.officers_here()
        if self.question.asks(Who.FLOATING):
            yield self.loader.floating_here()
        if self.question.asks(Who.IN_SERVICE, Who.RETIRED):
            yield guests(self.question)

    def _is_among(self, people: QuerySet) -> Q:
        """Looked up for each of a few residents; for everybody, the people are listed once."""
        people = people.order_by()
        if self.is_whole:
            return Q(person_id__in=people.values("person_id"))
        return Q(Exists(people.filter(person_id=OuterRef("person_id"))))

    def _deeds(self) -> Iterator[tuple[QuerySet, str]]:
        """What members did, each with SQL that says it: kinds, day, credit, number, state."""
        question = self.question
        if not question.asks(Who.MEMBER, Who.FULL_MEMBER):
            return
        if (attended := self._of_residents(deeds.attended(question))) is not None:
            state = "activity__state" if question.by_state else "''"
            told = f"kind_mask || ' ' || last || ' ' || total || ' ' || number || ' ' || {state}"
            yield deeds.summed(attended, question), told
        if (graded := self._of_residents(deeds.graded(question))) is not None:
            rows = graded.values_list("person_id", "activity__first_day", "activity__state")
            yield rows, "'review:graded ' || activity__first_day || ' 0 1 ' || activity__state"
        if (posts := self._of_residents(deeds.posts_held(question))) is not None:
            yield posts.values_list("person_id", "since"), "'duty:post ' || since || ' 0 1 '"
        if (pledges := self._of_residents(deeds.pledges_kept(question))) is not None:
            told = "'duty:pledge_reported ' || reported_on || ' 0 1 '"
            yield pledges.values_list("person_id", "reported_on"), told

    def _of_residents(self, rows: Any) -> Any:
        """Few people are looked up; for everybody it is less work to read all there is."""
        if rows is None:
            return None
        rows = rows.order_by()
        return rows if self.is_whole else self.loader.of_members(rows)


_JOINING = ("person__membership__joined_on", "person__membership__full_on")
_ATTENDANCES = 'FROM "activities_attendance"'
_ALL_OF_IT = {
    "postgresql": (_ATTENDANCES, _ATTENDANCES),
    "sqlite": (_ATTENDANCES, f"{_ATTENDANCES} NOT INDEXED"),
}
"""Where SQLite reads all attendances, it is not to look each up in the order of an index."""
_JOINED = {"postgresql": "string_agg(told, '')", "sqlite": "group_concat(told, '')"}
_KEY = {
    "postgresql": "CAST(h.person_id AS text)",
    "sqlite": " || '-' || ".join(
        f"substr(h.person_id, {start}, {length})"
        for start, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    ),
}
"""A person's key as it is spelt everywhere."""


def _compiled(rows: QuerySet) -> tuple[str, list[Any]]:
    sql, params = rows.query.sql_with_params()
    return sql, list(params)


_numbers = count()


def _read(sql: str, params: list[Any], *, bit_by_bit: bool) -> Iterator[Resident]:
    """The rows of a statement. Bit by bit they outlive the transactions that are made meanwhile."""
    if not bit_by_bit:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            while rows := cursor.fetchmany(AT_ONCE):
                yield from rows
        return
    name = f"census_{next(_numbers)}"
    put_down, take, forget = _BIT_BY_BIT[connection.vendor]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for need in NEEDS:
                cursor.execute(f"SET LOCAL {need}")
        cursor.execute(put_down.format(name=name, sql=sql), params)
    try:
        with connection.cursor() as cursor:
            yield from take(cursor, name)
    finally:
        # Where a transaction has failed around us, the server forgets it by itself.
        with suppress(DatabaseError), closing(connection.cursor()) as cursor:
            cursor.execute(forget.format(name=name))


def _fetch(cursor: Any, name: str) -> Iterator[Resident]:
    while True:
        cursor.execute(f"FETCH {AT_ONCE} FROM {name}")
        if not (rows := cursor.fetchall()):
            return
        yield from rows


def _walk(cursor: Any, name: str) -> Iterator[Resident]:
    cursor.execute(f"SELECT * FROM {name} ORDER BY rowid")
    while rows := cursor.fetchmany(AT_ONCE):
        yield from rows


_BIT_BY_BIT: dict[str, tuple[str, Any, str]] = {
    "postgresql": ("DECLARE {name} NO SCROLL CURSOR WITH HOLD FOR {sql}", _fetch, "CLOSE {name}"),
    "sqlite": ("CREATE TEMP TABLE {name} AS {sql}", _walk, "DROP TABLE {name}"),
}
"""How rows are put aside, taken and forgotten. On SQLite a table, lest a reader stand in the way
of whoever writes."""


@lru_cache(maxsize=4096)
def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@lru_cache(maxsize=16_384)
def records_of(did: str) -> tuple[Record, ...]:
    """What `did` tells, as records without their keys."""
    return tuple(_record(*piece.split(" ")) for piece in sorted(did.split(";")) if piece)


def _record(kinds: str, day: str, days: str, number: str, state: str) -> Record:
    """Attendances are told by the mask of their kinds; where no state is told, nobody asks."""
    return Record(
        None,
        codes_of(int(kinds)) if kinds.isdigit() else frozenset({kinds}),
        date.fromisoformat(day),
        Decimal(days).quantize(CENT),
        state in {"", State.CONFIRMED},
        number=int(number),
    )
