"""The roster import against its floor: `make bench`, or with `--rows` and `--kills`.

Every figure is taken in a process of its own, one after the other, on a private PostgreSQL. The
floor is the least that any import must do: calamine reads the file, COPY brings the same columns
into a plain table, and INSERT brings them from there into tables with the same indexes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
from benchmarks.memory import watch  # noqa: E402

KEYS = "1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=,"
KEYS += "index:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
UNIT, UNITS, SAMPLE, KILLED, TIMES = "520399001001", 40, 2_000, 20_000, 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=TIMES, help="the median of so many runs")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--only", default="", help="a part of the name of what is measured")
    parser.add_argument("--sqlite", action="store_true", help="on SQLite, not PostgreSQL")
    parser.add_argument("--measure", nargs=2, metavar=("NAME", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(_measured(*options.measure)))
        return
    from servers import private_servers

    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder, private_servers() as env:
        address = (
            f"sqlite:///{folder}/bench.sqlite3" if options.sqlite else env["TEST_DATABASE_URL"]
        )
        _bench(options, Path(folder), address)


def prepare(folder: Path, address: str) -> None:
    """Let this process and its children work on the database at `address`, with all its tables."""
    os.environ.update(
        DATABASE_URL=address,
        PORTAL_DATA=str(folder),
        FIELD_KEYS=KEYS,
        SECRET_KEY="of a benchmark " * 5,
        DJANGO_SETTINGS_MODULE="config.settings",
    )
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)


def _bench(options: argparse.Namespace, folder: Path, address: str) -> None:
    prepare(folder, address)
    _write_files(folder, options.rows)
    run = _Runner(folder, options)
    print(f"{options.rows:,} rows, median of {options.times}; {os.cpu_count()} cores")
    if not options.sqlite:
        floor = run("floor_load", before="empty")
        run("load", before="empty", floor=floor)
        floor = run("floor_again")
        run("preview_again", floor=floor)
        run("again", before="load_stored", floor=floor)
    else:
        run("load", before="empty")
        run("preview_again")
        run("again", before="load_stored")
    run("export", before="load_stored")
    sample = run("sample", before="empty")
    run("sample_import_export", before="empty", floor=sample)
    if options.kills and not options.sqlite:
        print(f"\nKill -9 at {options.kills} moments of an import of {KILLED:,} rows:")
        from benchmarks.kills import try_kills

        try_kills(options.kills, folder, say=print)


class _Runner:
    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self.folder, self.options = folder, options

    def __call__(self, name: str, *, before: str = "", floor: float | None = None) -> float | None:
        """The median seconds of `name`; `before` is done, not counted, ahead of each run."""
        if self.options.only not in name:
            return None
        taken, busy, peak = [], [], 0.0
        for _ in range(self.options.times):
            if before:
                self._process(before)
            answer = self._process(name)
            taken.append(answer["seconds"])
            busy.append(answer["cpu"])
            peak = max(peak, answer["megabytes"])
        seconds = median(taken)
        ratio = f"{seconds / floor:5.2f} x" if floor else "       "
        print(
            f"{name:22} {seconds:7.2f} s {ratio} {median(busy):7.2f} s busy {peak:5.0f} MB"
            f"  {answer['told']}",
            flush=True,
        )
        return seconds

    def _process(self, name: str) -> dict[str, object]:
        command = [sys.executable, __file__, "--measure", name, str(self.folder)]
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        out, err, megabytes = watch(process)
        if process.returncode:
            sys.exit(f"{name}: {err}")
        return json.loads(out.splitlines()[-1]) | {"megabytes": megabytes}


def _write_files(folder: Path, rows: int) -> None:
    from benchmarks.rosters import write_roster

    units = [f"{UNIT}-{number}" for number in range(UNITS)]
    write_roster(folder / "roster.xlsx", rows, units)
    write_roster(folder / "changed.xlsx", rows, units, changed_every=100)
    write_roster(folder / "sample.xlsx", SAMPLE, units)
    write_roster(folder / "kills.xlsx", KILLED, units)


def _measured(name: str, folder: str) -> dict[str, object]:
    import django

    django.setup()
    from benchmarks import imports

    measure = getattr(imports, name)
    imports.FOLDER = Path(folder)
    began, worked = time.perf_counter(), imports.worked()
    told = measure()
    seconds, cpu = time.perf_counter() - began, imports.worked() - worked
    return {"seconds": seconds, "cpu": cpu, "told": told or ""}


if __name__ == "__main__":
    main()
