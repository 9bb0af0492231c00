"""A province of invented people, the same on either database, written past the ORM."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, models, transaction
from django.utils import timezone

from activities.choices import State
from activities.kinds import mask_of
from activities.models import Activity, Attendance
from members.models import Affiliation, Exemption, Membership, Person
from organizations.choices import UnitKind
from organizations.models import Unit
from organizations.pinyin import spell

MONTHS, COMMUNITIES_A_STREET, AT_ONCE = 10, 12, 100
HERE = ZoneInfo("Asia/Shanghai")
Rows = Iterable[tuple[Any, ...]]
PERSON = "id name pinyin sex ethnicity education occupation address created_at updated_at"
MEMBERSHIP = "person_id stage joined_on full_on standing"
AFFILIATION = "person_id unit_id nature begun_on"
EXEMPTION = "person_id reason begun_on ended_on state note decided_at"
ATTENDANCE = "activity_id person_id presence signed_by day credit kind_mask counts"


def make_province(communities: int, people: int, *, streets: int = 10) -> None:
    """A county for every ten streets (or `streets`); a meeting a month to which nearly all came.

    Some joined in the year or came from elsewhere, some are exempt, and some units meet longer.
    """
    here: list[int] = []
    county = street = None
    for number in range(communities):
        if number % (COMMUNITIES_A_STREET * streets) == 0:
            county = _unit(None, f"c{number}", UnitKind.COUNTY_COMMITTEE)
        if number % COMMUNITIES_A_STREET == 0:
            street = _unit(county, f"s{number}", UnitKind.STREET_COMMITTEE)
        here.append(_unit(street, f"m{number}", UnitKind.COMMUNITY_BRANCH).pk)
    for start in range(0, communities, AT_ONCE):
        with transaction.atomic():
            _fill(here[start : start + AT_ONCE], people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _unit(parent: Unit | None, code: str, kind: UnitKind) -> Unit:
    return Unit.objects.create(parent=parent, code=code, name=code, kind=kind)


def _fill(units: list[int], people: int) -> None:
    """People, where they belong, and what they did in some units."""
    now = timezone.now()
    them = [(uuid.uuid4(), unit, number) for unit in units for number in range(1, people + 1)]
    _write(
        Person,
        PERSON,
        (
            (pk, f"党员{unit}-{n}", "dangyuan dy", "male", "苗族", "", "", "", now, now)
            for pk, unit, n in them
        ),
    )
    came = date(2026, 4, 1)
    _write(
        Affiliation,
        AFFILIATION,
        ((pk, unit, "home", came if n % 50 == 7 else None) for pk, unit, n in them),
    )
    _write(Membership, MEMBERSHIP, (_membership(pk, n) for pk, _unit_id, n in them))
    ill = date(2026, 2, 1), date(2026, 5, 31)
    _write(
        Exemption,
        EXEMPTION,
        ((pk, "illness", *ill, "approved", "", now) for pk, _unit_id, n in them if n % 40 == 9),
    )
    meetings = [_meeting(unit, month) for unit in units for month in range(1, MONTHS + 1)]
    Activity.objects.bulk_create(meetings)
    _write(Attendance, ATTENDANCE, _attendances(meetings, them))


def _membership(pk: uuid.UUID, number: int) -> tuple[Any, ...]:
    if number % 25 == 3:
        return pk, "probationary", date(2026, 3, 10), None, "normal"
    joined = date(2010, 7, 1) + timedelta(days=number)
    return pk, "full", joined, joined + timedelta(days=365), "normal"


def _meeting(unit: int, month: int) -> Activity:
    begins = datetime(2026, month, 12, 9, tzinfo=HERE)
    return Activity(
        unit_id=unit,
        kind_mask=mask_of(["member_study"]),
        topic="学习",
        topic_pinyin=spell("学习"),
        starts_at=begins,
        ends_at=begins + timedelta(hours=4),
        first_day=begins.date(),
        last_day=begins.date(),
        credit=Decimal("0.50") + unit % 3 * Decimal("0.10"),
        state=State.SUBMITTED,
        submitted_at=begins,
    )


def _attendances(
    meetings: list[Activity], people: list[tuple[uuid.UUID, int, int]]
) -> Iterator[tuple[Any, ...]]:
    at_home: dict[int, list[tuple[uuid.UUID, int]]] = {}
    for pk, unit, number in people:
        at_home.setdefault(unit, []).append((pk, number))
    for meeting in meetings:
        day, credit, mask = meeting.first_day, meeting.credit, meeting.kind_mask
        for pk, number in at_home[meeting.unit_id]:
            came = (number * 7 + day.month * 3) % 10 >= number % 4
            presence = "present" if came else "absent"
            yield meeting.pk, pk, presence, "ticked", day, credit, mask, came


def _write(model: type[models.Model], names: str, rows: Rows) -> None:
    """By COPY on PostgreSQL, else as one statement run for each row."""
    table, columns = model._meta.db_table, names.split()
    listed = f"{table} ({', '.join(columns)})"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(f"COPY {listed} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {listed} VALUES ({marks})",  # noqa: S608 -- our own names
            ([_PLAIN.get(type(value), _same)(value) for value in row] for row in rows),
        )


def _same(value: Any) -> Any:
    return value


_PLAIN: dict[type, Callable[[Any], Any]] = {
    uuid.UUID: lambda value: value.hex,
    date: date.isoformat,
    datetime: lambda value: connection.ops.adapt_datetimefield_value(value),
    Decimal: str,
}
"""How Django stores what SQLite has no type for."""
