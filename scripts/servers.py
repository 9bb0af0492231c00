"""Private PostgreSQL and Redis servers for tests, from whatever binaries the machine has."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

START_SECONDS = 30
STOP_SECONDS = 10
POSTGRES = ("initdb", "postgres")
NEVER_ROOT = ("postgres", "nobody")
"""PostgreSQL refuses to run as root; the first of these accounts that exists runs it instead."""


class ServerError(Exception):
    """A server could not be started; the text says which and why."""


def find_program(name: str) -> str | None:
    """Where a server program lies; PostgreSQL's two come from one and the same release."""
    if name not in POSTGRES:
        return shutil.which(name, path=os.pathsep.join([*os.get_exec_path(), "/usr/sbin"]))
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    for folder in (*map(Path, os.get_exec_path()), *debian):
        if all((folder / program).is_file() for program in POSTGRES):
            return str(folder / name)
    return None


def missing_programs() -> list[str]:
    """Which of the programs that the private servers need are not on this machine."""
    return [name for name in (*POSTGRES, "redis-server") if not find_program(name)]


@contextmanager
def private_servers() -> Iterator[dict[str, str]]:
    """Run both; gives TEST_DATABASE_URL and TEST_REDIS_URL. Nothing of them is left afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(_folder()))
        yield {
            "TEST_DATABASE_URL": stack.enter_context(_postgres(folder / "postgres")),
            "TEST_REDIS_URL": stack.enter_context(_redis(folder / "redis")),
        }


@contextmanager
def _postgres(data: Path) -> Iterator[str]:
    port = free_port()
    account = _account()
    data.mkdir()
    if account:
        shutil.chown(data, account.pw_uid, account.pw_gid)
    _prepare_cluster(data / "cluster", account)
    options = {
        "port": str(port),
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "40",
        # The data is thrown away: nothing need reach the disk.
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    }
    flags = [flag for name, value in options.items() for flag in ("-c", f"{name}={value}")]
    command = [str(find_program("postgres")), "-D", str(data / "cluster"), *flags]
    # An immediate end: there is nothing to save.
    with _running("PostgreSQL", command, port, data, account, end=signal.SIGQUIT):
        yield f"postgres://portal@127.0.0.1:{port}/postgres"


def _prepare_cluster(cluster: Path, account: pwd.struct_passwd | None) -> None:
    command = [str(find_program("initdb")), "-D", str(cluster), "-U", "portal", "-A", "trust"]
    command += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", **_as(account))
    if done.returncode:
        raise ServerError(f"initdb: {done.stderr.strip()}")


@contextmanager
def _redis(data: Path) -> Iterator[str]:
    port = free_port()
    data.mkdir()
    command = [str(find_program("redis-server")), "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--save", "", "--appendonly", "no", "--dir", str(data)]
    with _running("Redis", command, port, data, None, end=signal.SIGTERM):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def _running(
    name: str,
    command: list[str],
    port: int,
    data: Path,
    account: pwd.struct_passwd | None,
    *,
    end: signal.Signals,
) -> Iterator[None]:
    """Run a server in a session of its own until the block is left, whatever makes it be left."""
    log = data / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,
            **_as(account),
        )
    try:
        _wait_for(lambda: _listens(port), server, name, log)
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(server.pid, end)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait_for(
    ready: Callable[[], bool], server: subprocess.Popen[bytes], name: str, log: Path
) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if server.poll() is not None or time.monotonic() > deadline:
            raise ServerError(f"{name}: {log.read_text('utf-8', errors='replace').strip()[-2000:]}")
        time.sleep(0.05)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _account() -> pwd.struct_passwd | None:
    """Who runs PostgreSQL when this process is root's; None: this process's own account."""
    if os.geteuid() != 0:
        return None
    for name in NEVER_ROOT:
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise ServerError(f"PostgreSQL does not run as root, and there is no {NEVER_ROOT[0]} account.")


def _as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """What subprocess needs to run something as `account`."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@contextmanager
def _folder() -> Iterator[str]:
    """A temporary folder that another account may enter."""
    with tempfile.TemporaryDirectory(prefix="portal-servers-") as folder:
        Path(folder).chmod(0o755)
        yield folder


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.parent.name.split(".") if part.isdigit())
