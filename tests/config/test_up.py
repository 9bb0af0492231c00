"""`up`: one command starts everything, and nothing of it is left when it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.conf import settings
from kombu import Connection

from config.celery import app
from config.tether import tethered

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")

PATIENCE = 150


class Portal:
    """A portal of its own that serves the data in `data`."""

    def __init__(self, data, *arguments, output="output.txt", quick=False):
        self.data = data
        self.output = data / output
        unset = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "SITE_URL"}
        env = {name: value for name, value in os.environ.items() if name not in unset}
        env |= {"PORTAL_DATA": str(data), "DJANGO_SETTINGS_MODULE": "config.settings"}
        if quick:
            env["DEBUG"] = "true"  # static files as they are, not compressed
        command = [sys.executable, "manage.py", "up", "--no-demo", *arguments]
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                tethered(command),
                cwd=settings.BASE_DIR,
                env=env,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self):
        return self.output.read_text("utf-8")

    def address(self):
        """Where it is, once it says so."""
        wait_until(lambda: "Ctrl-C" in self.said() or self.process.poll() is not None)
        return re.search(r"http://127\.0\.0\.1:\d+", self.said())[0]

    def log(self, name):
        return (self.data / "logs" / f"{name}.log").read_text("utf-8")

    def processes(self):
        """The command line, by process id, of all that was started on this data."""
        mark = f"PORTAL_DATA={self.data}\0".encode()
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes():
                    line = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
                    found[int(entry.name)] = line.decode()
            except OSError:
                continue  # gone meanwhile, or another account's
        return found

    def end(self):
        """End it as a supervisor would; nothing may be left."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)
        wait_until(lambda: self.processes() == {})


def wait_until(holds):
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture
def start(tmp_path):
    """Start portals that are ended after the test, whatever becomes of it."""
    started = []

    def start(*arguments, **options):
        started.append(Portal(tmp_path, "--port", free_port(), *arguments, **options))
        return started[-1]

    yield start
    for portal in started:
        portal.end()


def test_pages_are_served_work_is_done_and_nothing_outlives_ctrl_c(start):
    portal = start()
    address = portal.address()
    broker = portal.data / "broker"
    folders = {
        "data_folder_in": str(broker / "queue"),
        "data_folder_out": str(broker / "queue"),
        "control_folder": str(broker / "control"),
    }

    with urlopen(f"{address}/healthz/ready", timeout=PATIENCE) as response:  # noqa: S310
        assert response.status == 200
    with Connection("folder://localhost/", transport_options=folders) as connection:
        app.send_task("celery.accumulate", [1], connection=connection)
    wait_until(lambda: "succeeded in" in portal.log("worker"))
    wait_until(lambda: "beat: Starting" in portal.log("beat"))
    second = start(output="second.txt")
    assert second.process.wait(PATIENCE) == 2
    assert "already runs" in second.said()
    assert {"gunicorn", "worker", "beat"} <= set(" ".join(portal.processes().values()).split())

    portal.process.send_signal(signal.SIGINT)

    assert portal.process.wait(PATIENCE) == 0
    assert portal.processes() == {}
    assert "Traceback" not in portal.said()


def test_no_process_outlives_the_command_when_it_is_killed(start):
    portal = start(quick=True)
    portal.address()
    assert len(portal.processes()) > 3

    portal.process.kill()

    wait_until(lambda: portal.processes() == {})


def test_the_death_of_one_ends_all_and_shows_its_log(start):
    portal = start(quick=True)
    portal.address()
    wait_until(lambda: "ready." in portal.log("worker"))
    (worker,) = (pid for pid, line in portal.processes().items() if " worker " in line)

    os.kill(worker, signal.SIGKILL)

    assert portal.process.wait(PATIENCE) == 1
    assert portal.processes() == {}
    assert "worker: exit -9" in portal.said()
    assert "ready." in portal.said()


def test_a_port_in_use_is_said_before_anything_is_made(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        portal = Portal(tmp_path, "--port", port)

        assert portal.process.wait(PATIENCE) == 2
    assert f"端口 {port} 不可用" in portal.said()
    assert not (tmp_path / "portal.sqlite3").exists()
