"""Start the portal's processes, watch them, and end them all together."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO

from config.tether import tethered

GRACE_SECONDS = 15
"""How long a process may take to finish what it is at, once told to end."""
START_SECONDS = 120
"""How long the web server may take until it answers."""
LOG_BYTES = 5_000_000
"""A log larger than this is set aside at the next start; one older log is kept."""
ACCESS_LOG = '%(t)s %(h)s "%(m)s %(U)s" %(s)s %(B)s %(L)s'
"""Without query and referrer: what was searched for may be somebody's name or ID number."""


class ServingError(Exception):
    """The portal could not be started, or one of its processes ended by itself."""


class AlreadyRunningError(ServingError):
    """Another process serves the same data folder."""


def commands(port: int, data: Path) -> dict[str, list[str]]:
    """The command line of each process, by name."""
    python = sys.executable
    celery = [python, "-m", "celery", "-A", "config"]
    return {
        "web": [
            *(python, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"),
            *("--workers", "2", "--threads", "4", "--timeout", "120"),
            *("--access-logfile", "-", "--access-logformat", ACCESS_LOG),
            *("--preload", "--no-control-socket"),
        ],
        # Threads: SQLite has one writer anyway, and there are no child processes to look after.
        "worker": [
            *(*celery, "worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "INFO"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ],
        "beat": [
            *(*celery, "beat", "--loglevel", "INFO", "--pidfile", ""),
            *("--schedule", str(data / "beat-schedule")),
        ],
    }


@contextmanager
def sole_server(data: Path) -> Iterator[None]:
    """Hold the data folder for this process; AlreadyRunningError when another one has it.

    The system lets go of the lock when the process ends, however it ends.
    """
    with (data / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError from None
        yield


@contextmanager
def ending_on_signals() -> Iterator[None]:
    """Turn the signals that ask for an end into KeyboardInterrupt, as Ctrl-C is.

    The first one does: those that follow would only break the ending off.
    """

    def interrupt(number: int, frame: object) -> None:
        for later in asked:
            signal.signal(later, signal.SIG_IGN)
        raise KeyboardInterrupt

    asked = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, interrupt) for number in asked}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass
class Company:
    """Processes that live and die together, each with a log of its own in `logs`."""

    logs: Path
    env: dict[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, command: list[str]) -> None:
        """Start one; the terminal's Ctrl-C reaches only the process that watches."""
        with self._open_log(name) as log:
            self.running[name] = subprocess.Popen(
                tethered(command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.env,
                start_new_session=True,
            )

    def check(self) -> None:
        """ServingError, with the last lines of its log, when one has ended."""
        for name, process in self.running.items():
            if process.poll() is not None:
                raise ServingError(
                    f"{name}: exit {process.returncode}\n{self._last_lines(name)}\n"
                    f"({self.log_path(name)})"
                )

    def watch(self) -> None:
        """Return never; ServingError as soon as one ends."""
        while True:
            self.check()
            time.sleep(0.3)

    def wait_until_it_answers(self, port: int) -> None:
        """Until the web server answers at all; ServingError when it does not in time."""
        deadline = time.monotonic() + START_SECONDS
        while not _answers(port):
            self.check()
            if time.monotonic() > deadline:
                raise ServingError(f"web: no answer in {START_SECONDS} s ({self.log_path('web')})")
            time.sleep(0.1)

    def end(self) -> None:
        """Ask all to end, then make them; what they started themselves goes with them."""
        for process in self.running.values():
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            _signal_group(process, signal.SIGKILL)
            process.wait()

    def log_path(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def _open_log(self, name: str) -> IO[bytes]:
        self.logs.mkdir(parents=True, exist_ok=True)
        path = self.log_path(name)
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return path.open("ab")

    def _last_lines(self, name: str, count: int = 15) -> str:
        text = self.log_path(name).read_text("utf-8", errors="replace")
        return "\n".join(text.splitlines()[-count:])


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/healthz/live")
        return bool(connection.getresponse().status)
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Signal a process and its own children; nothing when all of them are gone."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
