"""Judging a province beside the bare SQL that adds up and writes as much: `benchmarks/assess.py`.

The floor sums every person's credits, counts what every unit held by month and kind, finds who is
where, and writes as many verdict rows as the portal does into a table with the same indexes. It
knows nothing of spells, exemptions, thresholds or statuses, so that it is lower than any true one.
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

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
PEOPLE, SAMPLE = 210, 20
FLOOR = (
    "CREATE TEMP TABLE days ON COMMIT DROP AS SELECT person_id, kind_mask, sum(credit) AS total,"
    " max(day) AS last, count(*) AS number FROM activities_attendance"
    " WHERE counts AND day BETWEEN '2026-01-01' AND '2026-12-31' GROUP BY 1, 2",
    "CREATE TEMP TABLE shares ON COMMIT DROP AS SELECT a.unit_id, count(*) AS owing,"
    " count(*) FILTER (WHERE d.total >= 6) AS met FROM members_affiliation a"
    " JOIN members_membership m USING (person_id) LEFT JOIN days d USING (person_id)"
    " WHERE a.ended_on IS NULL AND a.nature = 'home' GROUP BY 1",
    "CREATE TEMP TABLE held ON COMMIT DROP AS SELECT unit_id, kind_mask,"
    " date_trunc('month', first_day) AS month, count(*) AS number, sum(credit) AS total"
    " FROM activities_activity WHERE state IN ('submitted', 'confirmed') GROUP BY 1, 2, 3",
    "DROP TABLE IF EXISTS floor_verdict",
    "CREATE TABLE floor_verdict (LIKE assessment_verdict INCLUDING ALL)",
    "INSERT INTO floor_verdict SELECT * FROM assessment_verdict",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--communities", type=int, default=240)
    parser.add_argument("--database", default="", help="an empty one; else a private server")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
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
    from assessment.models import Verdict
    from benchmarks.province import MONTHS, make_province
    from organizations.models import Unit

    make_province(communities, PEOPLE)
    rows = communities * PEOPLE
    print(f"{communities} communities, {rows:,} persons, {rows * MONTHS:,} attendances")
    took = _timed("all verdicts, stored anew", _judge_all)
    floor = _timed("the bare SQL", _floor)
    print(f"{Verdict.objects.count():,} verdicts: {took / floor:.2f} x the bare SQL")
    units = list(Unit.objects.filter(kind="community_branch")[:SAMPLE])
    each = _timed(f"one unit after the other, {SAMPLE} of them", lambda: _one_by_one(units))
    print(f"for all of them {each / SAMPLE * communities / floor:.2f} x the bare SQL")
    _timed("a meeting of 60 logged, and its verdicts fresh", lambda: _log_one(units[0]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak {peak:.0f} MB")


def _timed(what: str, work: Callable[[], object]) -> float:
    from benchmarks.imports import worked

    began, done = time.perf_counter(), worked()
    work()
    seconds, busy = time.perf_counter() - began, worked() - done
    print(f"{what:48} {seconds * 1000:9.0f} ms, processors busy {busy * 1000:9.0f} ms", flush=True)
    return busy


def _judge_all() -> None:
    from assessment.verdicts import recompute_all

    recompute_all()


def _floor() -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for statement in FLOOR:
            cursor.execute(statement)


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
