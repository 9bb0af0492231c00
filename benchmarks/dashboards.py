"""The dashboard against its floor: a static page of the same size, and the same queries.

    python benchmarks/dashboards.py [--times 15] [--sqlite]

Two places are made: a county of 300 units, and a province of 84 counties with 2,800. Each page is
asked for through the whole stack (middleware, session, sign-in), and so is its floor: a view that
sends the page's own statements again, fetches every row, and renders its text as a template that is
compiled beforehand. The two take turns in one run; medians are compared, by the clock and by the
seconds of this processor's work (those of the database not counted, on either side). `kept`:
nothing has changed since; `one changed`: a unit has been judged anew, so that its street is drawn
again; `new`: nothing is drawn yet.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
KEYS = "1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=,"
KEYS += "index:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
GOAL = 2
MOST_QUERIES = 12
STATUSES = ("met", "met", "met", "due", "behind", "missed", "on_track")
BY_MIDDLEWARE = ("django_session", "accounts_user")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--sqlite", action="store_true", help="on SQLite, not PostgreSQL")
    options = parser.parse_args()
    from servers import private_servers

    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        if options.sqlite:
            run(options, folder, f"sqlite:///{folder}/bench.sqlite3")
        else:
            with private_servers() as env:
                run(options, folder, env["TEST_DATABASE_URL"])


def run(options: argparse.Namespace, folder: str, address: str) -> None:
    os.environ.update(
        DATABASE_URL=address,
        PORTAL_DATA=folder,
        FIELD_KEYS=KEYS,
        SECRET_KEY="of a benchmark " * 5,
        HTTPS="0",
        ALLOWED_HOSTS="testserver",
        DJANGO_SETTINGS_MODULE="config.settings",
    )
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)
    import django

    django.setup()
    from django.conf import settings

    settings.ROOT_URLCONF = "benchmarks.page_floor"
    county = make_units("c", streets=20, communities=279)
    province = [make_units(f"p{n}", streets=4, communities=28) for n in range(84)]
    go_by_both_rulebooks()
    judge_all()
    heads = ("ms", "floor", "ratio", "cpu", "floor")
    print(f"{'page':38}", *(f"{head:>7}" for head in heads), f"{'queries':>8} {'kB':>6}")
    for name, tops, query in (
        ("county, streets closed", [county], ""),
        ("county, one street open", [county], "?open=cs3"),
        ("county, every unit", [county], "?status=due"),
        ("province of 84 counties", province, ""),
    ):
        measure(name, sign_in(tops), tops[-1].path[0], f"/dashboard/{query}", options.times)


def make_units(code: str, *, streets: int, communities: int) -> Any:
    from organizations.choices import UnitKind
    from organizations.models import Unit

    def unit(own: str, kind: UnitKind, parent: Any = None) -> Any:
        path = f"{parent.path if parent else ''}{own}/"
        return Unit(code=own, name=f"组织{own}", kind=kind, parent=parent, path=path)

    county = unit(code, UnitKind.COUNTY_COMMITTEE)
    county.save()
    below = [unit(f"{code}s{n}", UnitKind.STREET_COMMITTEE, county) for n in range(streets)]
    Unit.objects.bulk_create(below)
    Unit.objects.bulk_create(
        unit(f"{code}m{n}", UnitKind.COMMUNITY_BRANCH, below[n % streets])
        for n in range(communities)
    )
    return county


def go_by_both_rulebooks() -> None:
    """So that the matrix has some thirty rules."""
    from django.utils import timezone

    from assessment.rulebook import rulebook_ids
    from organizations.choices import SettingKey
    from organizations.models import CountySetting, Unit

    since = timezone.localdate().replace(month=1, day=1)
    CountySetting.objects.bulk_create(
        CountySetting(
            unit=county, key=f"{SettingKey.RULEBOOK}:{rulebook}", value="on", applies_from=since
        )
        for county in Unit.objects.filter(parent__isnull=True)
        for rulebook in rulebook_ids()
    )


def judge_all() -> None:
    """Verdicts made up for every rule that asks a unit, as many as a year has."""
    from django.utils import timezone

    from assessment.columns import all_columns
    from assessment.models import UnitAssessment, Verdict
    from assessment.periods import periods_begun
    from organizations.models import Touch, Unit

    now, today = timezone.now(), timezone.localdate()
    verdicts, rules = [], all_columns()
    for number, unit in enumerate(Unit.objects.all()):
        for place, column in enumerate(rules):
            cycle = column.rule.cycle
            periods = periods_begun(cycle, today) if cycle.is_calendar else [None]
            for period in periods:
                is_last = period is periods[-1]
                status = STATUSES[(number + place) % len(STATUSES)] if is_last else "met"
                verdicts.append(
                    Verdict(
                        unit=unit,
                        subject_code=unit.code,
                        rulebook=column.rulebook,
                        rule=column.rule.id,
                        period_start=period and period.first,
                        period_end=period and period.last,
                        value=1,
                        target=2,
                        status=status,
                        computed_at=now,
                    )
                )
    Verdict.objects.bulk_create(verdicts, batch_size=2000)
    judged = [
        UnitAssessment(unit=unit, as_of=today, computed_at=now) for unit in Unit.objects.all()
    ]
    UnitAssessment.objects.bulk_create(judged)
    Touch.objects.all().delete()
    print(f"{len(judged):,} units, {len(rules)} rules, {len(verdicts):,} verdicts")


def sign_in(tops: list[Any]) -> Any:
    from django.test import Client

    from accounts.models import User
    from organizations.choices import Role
    from organizations.models import Grant

    user = User.objects.create(username=f"of-{User.objects.count()}", must_change_password=False)
    Grant.objects.bulk_create(Grant(user=user, unit=top, role=Role.ORGANIZER) for top in tops)
    client = Client()
    client.force_login(user)
    return client


def measure(name: str, client: Any, top: str, address: str, times: int) -> None:
    from assessment.models import UnitAssessment
    from assessment.shelf import forget_all
    from organizations.models import Unit

    def one_changed() -> None:

        unit = Unit.objects.filter(code__in=("cm7", "p7m7")).get(path__startswith=top)
        old = UnitAssessment.objects.get(unit=unit)
        old.delete()
        UnitAssessment.objects.create(unit=unit, as_of=old.as_of, computed_at=old.computed_at)

    def nothing() -> None:
        pass

    for state, prepare in (("kept", nothing), ("one changed", one_changed), ("new", forget_all)):
        compare(f"{name}: {state}", client, address, prepare, 5 if state == "new" else times)


def compare(name: str, client: Any, address: str, prepare: Callable[[], None], times: int) -> None:
    from django.db import connection
    from django.template import Template
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    prepare()
    with CaptureQueriesContext(connection) as seen:
        page = client.get(address).content.decode()
        asked = [query["sql"] for query in seen]
    Floor.statements = [sql for sql in asked if not any(t in sql for t in BY_MIDDLEWARE)]
    Floor.page = Template(page)
    pages, floors = [], []
    for _ in range(times):
        prepare()
        pages.append(timed(lambda: client.get(address)))
        floors.append(timed(lambda: client.get("/floor/")))
    (clock, work), (floor, least) = (
        [median(column) * 1000 for column in zip(*times, strict=True)] for times in (pages, floors)
    )
    ratio = clock / floor
    print(
        f"{name:38} {clock:7.1f} {floor:7.1f} {ratio:7.2f} {work:7.1f} {least:7.1f} "
        f"{len(asked):8} {len(page.encode()) // 1000:6}"
        f"{'' if ratio <= GOAL and len(asked) <= MOST_QUERIES else '  over the goal'}"
    )


class Floor:
    """What benchmarks/page_floor.py does again."""

    statements: list[str] = []
    page: Any = None


def timed(act: Callable[[], Any]) -> tuple[float, float]:
    """Seconds by the clock, and of this process's own work."""
    begun, worked = time.perf_counter(), time.process_time()
    response = act()
    took = time.perf_counter() - begun, time.process_time() - worked
    if response.status_code != 200:
        sys.exit(f"answered {response.status_code}")
    return took


if __name__ == "__main__":
    from benchmarks import dashboards

    dashboards.main()
