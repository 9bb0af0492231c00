"""Work reports on a province-like database, through the page and the worker that really make them.

    python benchmarks/reports.py [--communities 240] [--whole] [--sqlite] [--kinds work members]

The province of `province.py` is made and judged. Then a user who may see its first county asks
for each report on the page, a worker of its own that has made nothing before makes it (Celery with
Redis beside PostgreSQL, the embedded worker beside SQLite), and the page is asked until the file
is there and can be downloaded. Told are the seconds from asking to having, those that the worker's
processor (not the database's) was busy, the most that the worker held in memory, how many steps of
progress were seen, and the file's size. `--whole` puts every street under one county: the largest
report that could be asked for, larger than any county.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
PEOPLE, LOOK, PATIENCE = 210, 0.25, 900
"""People of a community; seconds between two looks at the page, and until it is given up."""
POOLS = {"sqlite": ("threads", "2"), "postgresql": ("prefork", "1")}
"""How the worker runs: as `manage.py up` starts it, or as a county does."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--communities", type=int, default=240)
    parser.add_argument("--whole", action="store_true", help="all of it under one county")
    parser.add_argument("--sqlite", action="store_true", help="on SQLite, not PostgreSQL")
    parser.add_argument("--kinds", nargs="+", default=["work"])
    parser.add_argument("--forms", nargs="+", default=["docx", "xlsx", "pdf"])
    parser.add_argument("--quarters", nargs="+", default=["", "3"], help="'': the year")
    parser.add_argument("--database", default="", help="with a province, or empty; is kept")
    parser.add_argument("--redis", default="", help="beside that database, if it is PostgreSQL")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        if options.sqlite or options.database:
            address = options.database or f"sqlite:///{folder}/bench.sqlite3"
            _bench(options, Path(folder), address, options.redis)
            return
        from servers import private_servers

        with private_servers() as env:
            _bench(options, Path(folder), env["TEST_DATABASE_URL"], env["TEST_REDIS_URL"])


def _bench(options: argparse.Namespace, folder: Path, address: str, redis: str) -> None:
    from benchmarks.run import prepare

    os.environ.update(REDIS_URL=redis, HTTPS="0", ALLOWED_HOSTS="testserver", DEBUG="1")
    prepare(folder, address)
    import django

    django.setup()
    from django.db import connection

    from assessment.verdicts import recompute_all
    from benchmarks.province import make_province
    from organizations.models import Unit

    if not Unit.objects.exists():
        streets = options.communities if options.whole else 10
        make_province(options.communities, PEOPLE, streets=streets)
        recompute_all()
    top = Unit.objects.get(code="c0")
    client = _viewer_of(top)
    units = Unit.objects.under(top.path).count()
    print(f"{Unit.objects.count()} units on {connection.vendor}, {units} of them in the report")
    heads = f"{'seconds':>8} {'busy':>8} {'memory':>9} {'steps':>6} {'file':>10}"
    print(f"{'report':24} {heads}")
    for kind in options.kinds:
        for quarter in options.quarters:
            for form in options.forms:
                asked = {"kind": kind, "unit": "c0", "year": 2026, "quarter": quarter, "form": form}
                _measure(client, asked, folder, POOLS[connection.vendor])


def _viewer_of(top: Any) -> Any:
    from django.test import Client

    from accounts.models import User
    from organizations.choices import Role
    from organizations.models import Grant

    user, is_new = User.objects.get_or_create(username="viewer")
    if is_new:
        Grant.objects.create(user=user, unit=top, role=Role.VIEWER)
    client = Client()
    client.force_login(user)
    return client


def _measure(client: Any, asked: dict[str, Any], folder: Path, pool: tuple[str, str]) -> None:
    """Ask on the page, wait as its reader does, fetch the file."""
    from assessment.reports.models import ReportFile

    ReportFile.objects.all().delete()
    with _worker(folder, *pool) as process:
        began, steps, idle = time.perf_counter(), set(), _busy(process.pid)
        page = client.post("/reports/", asked)
        if page.status_code != 302:
            sys.exit(f"The page refuses {asked}.")
        while True:
            client.get("/reports/files/")
            file = ReportFile.objects.get()
            if not file.is_under_way:
                break
            steps.add(file.progress)
            if time.perf_counter() - began > PATIENCE:
                sys.exit(f"{asked} is not there after {PATIENCE} seconds.")
            time.sleep(LOOK)
        seconds, held = time.perf_counter() - began, _most_held(process.pid)
        busy = _busy(process.pid) - idle
    name = " ".join(str(asked[part]) for part in ("kind", "form", "year"))
    name += f" Q{asked['quarter']}" if asked["quarter"] else ""
    if file.state != "ready":
        print(f"{name:24} {seconds:8.1f} {busy:8.1f} {held:6.0f} MB  {file.failure}", flush=True)
        return
    size = len(client.get(f"/reports/files/{file.pk}/download/").content)
    figures = f"{seconds:8.1f} {busy:8.1f} {held:6.0f} MB {len(steps):6} {size / 1e6:7.2f} MB"
    print(f"{name:24} {figures}", flush=True)


@contextmanager
def _worker(folder: Path, pool: str, concurrency: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that is ready to work, and gone afterwards."""
    log = folder / "worker.log"
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--loglevel", "INFO"]
    command += ["--pool", pool, "--concurrency", concurrency]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    with log.open("wb") as stream:
        process = subprocess.Popen(command, cwd=ROOT, stdout=stream, stderr=stream)
    try:
        while b" ready." not in log.read_bytes():
            if process.poll() is not None:
                sys.exit(log.read_text("utf-8"))
            time.sleep(LOOK)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _family(pid: int) -> Iterator[int]:
    yield pid
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        yield from map(int, path.read_text("ascii").split())


def _busy(pid: int) -> float:
    """Seconds of processors that a worker's processes have taken."""
    stats = [Path(f"/proc/{member}/stat").read_text("ascii") for member in _family(pid)]
    ticks = sum(sum(map(int, stat.rpartition(") ")[2].split()[11:13])) for stat in stats)
    return ticks / os.sysconf("SC_CLK_TCK")


def _most_held(pid: int) -> float:
    """Megabytes that the one of a worker's processes that made the report held at most."""
    peaks = []
    for member in _family(pid):
        lines = Path(f"/proc/{member}/status").read_text("ascii").splitlines()
        peaks += [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")]
    return max(peaks)


if __name__ == "__main__":
    main()
