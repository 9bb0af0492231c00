"""Judging a province beside the bare SQL that adds up and writes as much: `benchmarks/assess.py`.

The floor (`floor.py`) is SQL written for this province, set by set: the same values, targets and
statuses by period, and the names of all who fall short, into tables with the same indexes and
keys. Both have to write the same rows: how many differ is printed, and must be none. On SQLite
(`--sqlite`) it is the same, in its own dialect (`floor_sqlite.py`).
`--communities 2385` is the whole province; a tenth is the default.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
PEOPLE, SAMPLE = 210, 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--communities", type=int, default=240)
    parser.add_argument("--database", default="", help="an empty one; else a private server")
    parser.add_argument("--sqlite", action="store_true", help="on SQLite, not PostgreSQL")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        if options.sqlite:
            options.database = f"sqlite:///{folder}/bench.sqlite3"
        if options.database:
            _bench(options.communities, Path(folder), options.database)
            return
        from servers import private_servers

        with private_servers() as env:
            _bench(options.communities, Path(folder), env["TEST_DATABASE_URL"])


def _bench(communities: int, folder: Path, address: str) -> None:
    from benchmarks.run import prepare

    prepare(folder, address)
    import django

    django.setup()
    from django.db import connection
    from django.utils import timezone

    from assessment.verdicts import recompute_all
    from benchmarks import floor, floor_sqlite
    from benchmarks.province import MONTHS, make_province
    from organizations.models import Unit

    if connection.vendor == "postgresql":
        bare_sql = floor
        with connection.cursor() as cursor:  # what helpers work is not seen, and not needed
            cursor.execute("SET max_parallel_workers_per_gather = 0")
    else:
        bare_sql = floor_sqlite
    make_province(communities, PEOPLE)
    rows = communities * PEOPLE
    print(f"{communities} communities, {rows:,} persons, {rows * MONTHS:,} attendances")
    today = timezone.localdate()
    before = _peak()
    ours = _timed("all verdicts, stored anew", recompute_all)
    print(f"peak {_peak():.0f} MB, {before:.0f} of them before anything was judged")
    bare = _timed("the bare SQL", lambda: bare_sql.judge_in_sql(today))
    rows, different = bare_sql.differing()
    print(f"{rows:,} verdicts, {different} of them differ from what the bare SQL wrote")
    print(
        f"{ours.busy / bare.busy:.2f} x the bare SQL, by the clock {ours.clock / bare.clock:.2f} x"
    )
    again = _timed("all compared with what is stored", recompute_all)
    print(f"{again.busy / bare.busy:.2f} x the bare SQL")
    units = list(Unit.objects.filter(kind="community_branch")[:SAMPLE])
    each = _timed(f"one unit after the other, {SAMPLE} of them", lambda: _one_by_one(units))
    print(f"for all of them {each.busy / SAMPLE * communities / bare.busy:.2f} x the bare SQL")
    _log_one(units[0])
    logged = _timed(
        f"a meeting of 60 logged and judged, {SAMPLE} times",
        lambda: [_log_one(unit) for unit in units],
    )
    print(f"each {logged.clock / SAMPLE * 1000:.0f} ms, busy {logged.busy / SAMPLE * 1000:.0f} ms")


def _peak() -> float:
    """Megabytes that this process has held at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Cost(NamedTuple):
    """Seconds by the clock, and those that processors were busy here and in the database."""

    clock: float
    busy: float


def _timed(what: str, work: Callable[[], object]) -> Cost:
    from benchmarks.imports import worked

    began, done = time.perf_counter(), worked()
    work()
    cost = Cost(time.perf_counter() - began, worked() - done)
    clock, busy = (seconds * 1000 for seconds in cost)
    print(f"{what:48} {clock:9.0f} ms, processors busy {busy:9.0f} ms", flush=True)
    return cost


def _one_by_one(units: list[object]) -> None:
    from django.utils import timezone

    from assessment.engine import compute

    for unit in units:
        compute([unit], timezone.localdate(), with_evidence=True)  # type: ignore[list-item]


def _log_one(unit: object) -> None:
    from zoneinfo import ZoneInfo

    from activities.choices import Presence
    from activities.entries import Entry
    from activities.services import log_activity
    from assessment.verdicts import refresh
    from members.models import Affiliation
    from organizations.models import Unit

    here = ZoneInfo("Asia/Shanghai")
    people = Affiliation.objects.filter(unit=unit)[:60].values_list("person_id", flat=True)
    entry = Entry(
        unit=unit,  # type: ignore[arg-type]
        kinds=frozenset({"party_lecture"}),
        topic="党课",
        starts_at=datetime(2026, 2, 3, 9, tzinfo=here),
        ends_at=datetime(2026, 2, 3, 11, tzinfo=here),
        presences=dict.fromkeys(people, Presence.PRESENT),
    )
    log_activity(entry, by=None, submit=True)
    refresh(Unit.objects.filter(pk=unit.pk))  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
