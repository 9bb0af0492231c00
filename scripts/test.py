"""Run everything that can be checked here, and say what was left out: `make test`."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import cast

from lint import failed_checks
from servers import ServerError, missing_programs, private_servers

ROOT = Path(__file__).resolve().parent.parent
HALVES = "PORTAL_TEST_HALVES"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CLOSING = re.compile(r"^=* ?(\d+ (?:passed|failed|error|skipped|deselected).*?) ?=*$", re.MULTILINE)
TAIL_BYTES = 10_000
"""In so much of the end of its output stands pytest's closing line."""
SERVERS = "PostgreSQL + Redis"
GRACE_SECONDS = 15
_PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Report:
    """What ran, what was left out and why, and whether all of it went well."""

    must_run_all: bool
    ran: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    is_good: bool = True

    def leave_out(self, half: str, why: str) -> None:
        self.left_out.append(f"{half} ({why})")
        self.is_good = self.is_good and not self.must_run_all

    def line(self, running: str) -> str:
        """The one line of the summary; `running` is the run whose closing line follows it."""
        left_out = "; ".join(self.left_out) or "nothing"
        refused = (
            " - a failure, as REQUIRE_ALL is set" if self.must_run_all and self.left_out else ""
        )
        ran = "; ".join([*self.ran, f"{running} (the closing line below)"])
        return f"Ran: {ran}. Left out: {left_out}{refused}."


def main() -> int:
    report = Report(must_run_all=bool(os.environ.get("REQUIRE_ALL")))
    if not shutil.which("xgettext"):
        report.leave_out("check that no text is untranslated", "no gettext")
    failed = failed_checks()
    report.ran.append(f"lint ({', '.join(failed)} failed)" if failed else "lint (clean)")
    with ExitStack() as stack:
        addresses = _addresses(stack, report)
        has_browser = _find_browser(report)
        is_last = not addresses
        selection = [] if has_browser else ["-m", "not browser"]
        name = "SQLite with browser" if has_browser else "SQLite"
        codes = [_pytest(report, name, selection, {}, is_last=is_last)]
        if addresses:
            codes.append(_pytest(report, SERVERS, ["-m", "not browser"], addresses, is_last=True))
    return 0 if report.is_good and not failed and not any(codes) else 1


def _addresses(stack: ExitStack, report: Report) -> dict[str, str]:
    """Where PostgreSQL and Redis are; private ones are started for what is not given."""
    names = ("TEST_DATABASE_URL", "TEST_REDIS_URL")
    given = {name: os.environ[name] for name in names if os.environ.get(name)}
    if len(given) == len(names):
        return given
    if missing := missing_programs():
        report.leave_out(SERVERS, f"not found: {', '.join(missing)}")
        return {}
    try:
        return stack.enter_context(private_servers()) | given
    except (ServerError, OSError) as error:
        report.leave_out(SERVERS, f"did not start: {str(error).splitlines()[-1]}")
        return {}


def _find_browser(report: Report) -> bool:
    if any(shutil.which(name) for name in (os.environ.get("CHROMIUM", ""), *BROWSERS) if name):
        return True
    report.leave_out("browser", "no Chromium found; CHROMIUM may name one")
    return False


def _pytest(
    report: Report, name: str, selection: list[str], addresses: dict[str, str], *, is_last: bool
) -> int:
    """One run of pytest; its exit code. Its output is passed on as it comes."""
    print(f"\n--- {name}", flush=True)
    env = {key: value for key, value in os.environ.items() if not key.startswith("TEST_")}
    env |= addresses
    if is_last:
        env[HALVES] = report.line(name)
    command = [sys.executable, "-m", "pytest", "-n", str(min(os.cpu_count() or 1, 4))]
    command += ["--dist", "worksteal", *selection]
    tail = b""
    bystanders = _children()
    # In a session of its own: Ctrl-C reaches this script alone, which then ends the whole of it.
    with tempfile.TemporaryDirectory(prefix="portal-tests-", ignore_cleanup_errors=True) as folder:
        env["TMPDIR"] = folder
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, start_new_session=True
        )
        told = cast(BufferedReader, process.stdout)
        try:
            while chunk := told.read1():  # not by lines: each test's dot is seen when it is made
                sys.stdout.buffer.write(chunk)
                sys.stdout.buffer.flush()
                tail = (tail + chunk)[-TAIL_BYTES:]
            code = process.wait()
        finally:
            _end(process)
            _end_orphans(bystanders)
    closings = CLOSING.findall(tail.decode("utf-8", errors="replace"))
    report.ran.append(f"{name} ({closings[-1] if closings else f'exit {code}'})")
    return code


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a run that was broken off, with its workers and browsers."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _adopt_orphans() -> None:
    """Have the system give to this process what its descendants leave behind (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _end_orphans(bystanders: set[int]) -> None:
    """End all that a run left behind: a test that was broken off could not tidy up."""
    deadline = time.monotonic() + GRACE_SECONDS
    while orphans := _children() - bystanders:
        number = signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL
        for pid in orphans:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.1)


def _children() -> set[int]:
    """This process's children, where the system tells (Linux)."""
    own = Path(f"/proc/self/task/{os.getpid()}/children")
    return {int(pid) for pid in own.read_text("ascii").split()} if own.exists() else set()


@contextmanager
def _ending_on_signals() -> Iterator[None]:
    """SIGTERM and a closed terminal end the run as Ctrl-C does, servers included."""

    def interrupt(number: int, frame: object) -> None:
        for later in asked:
            signal.signal(later, signal.SIG_IGN)
        raise KeyboardInterrupt

    asked = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in asked:
        signal.signal(number, interrupt)
    yield


if __name__ == "__main__":
    _adopt_orphans()
    try:
        with _ending_on_signals():
            sys.exit(main())
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(130)
