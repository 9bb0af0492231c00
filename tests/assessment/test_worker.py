"""A reminder sent by a real Celery worker, in a process of its own.

With a broker of files and a database file on SQLite, with Redis on PostgreSQL.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from datetime import date
from email import message_from_bytes
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from kombu import Connection

from config.celery import app
from tests.factories import CountySettingFactory, MemberFactory

PATIENCE = 60


@pytest.fixture
def database(tmp_path):
    """The address of a database in which another process sees what was written here."""
    if connection.vendor == "postgresql":
        given = connection.settings_dict
        login = f"{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}"
        return lambda: f"postgres://{login}/{given['NAME']}"
    return lambda: f"sqlite:///{_copied(tmp_path / 'portal.sqlite3')}"


def _copied(path: Path) -> Path:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
    return path


def own(folder: Path, database: str) -> dict[str, str]:
    """The environment of another process on the same data."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PORTAL_DATA": str(folder),
        "DATABASE_URL": database,
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": settings.FIELD_KEYS,
    }


@contextmanager
def worker(queue: str, folder: Path, database: str):
    """A worker on `queue`, ended as an operator would: what it has begun, it finishes."""
    command = [sys.executable, "-m", "celery", "--app", "config.celery", "worker", "--pool", "solo"]
    command += ["--queues", queue, "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    with (folder / "worker.log").open("w") as log:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=own(folder, database),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)
        finally:
            process.kill()
            process.wait()


def send(name: str, queue: str, folder: Path) -> None:
    """Put a task where the worker looks, as the beat does."""
    if settings.REDIS_URL:
        app.send_task(name, queue=queue)
        return
    folders = {
        key: str(folder / "broker" / "queue") for key in ("data_folder_in", "data_folder_out")
    }
    folders["control_folder"] = str(folder / "broker" / "control")
    for path in folders.values():
        Path(path).mkdir(parents=True, exist_ok=True)
    with Connection("folder://localhost/", transport_options=folders) as broker:
        app.send_task(name, queue=queue, connection=broker)


def wait_until(is_done, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_done():
        if time.monotonic() > deadline or process.poll() is not None:
            pytest.fail(log.read_text())
        time.sleep(0.1)


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_sends_todays_reminder_once(county, community, secretary, tmp_path, database):
    CountySettingFactory(unit=county, key="lead_days:party-lectures", value="366")
    MemberFactory(unit=community, begun_on=date(2020, 1, 1))
    queue = f"test-{tmp_path.name}"
    mails, log = tmp_path / "mail", tmp_path / "worker.log"

    with worker(queue, tmp_path, database()) as process:
        for _time in range(2):
            send("assessment.tasks.remind_today", queue, tmp_path)
        wait_until(lambda: log.read_text().count("succeeded") == 2, process, log)

    (mail,) = [message_from_bytes(path.read_bytes()) for path in mails.iterdir()]
    text = mail.get_payload(decode=True).decode()
    assert mail["To"] == secretary.email
    assert "河滨社区" in text
    assert "党课" in text


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_send_each_reminder_once(county, community, secretary, tmp_path, database):
    CountySettingFactory(unit=county, key="lead_days:party-lectures", value="366")
    MemberFactory(unit=community, begun_on=date(2020, 1, 1))
    command = [sys.executable, "manage.py", "remind", "--json"]
    env = own(tmp_path, database())

    runs = [
        subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stdout=subprocess.PIPE)
        for _time in range(2)
    ]
    told = [row for run in runs for row in json.loads(run.communicate(timeout=PATIENCE)[0])["sent"]]

    assert ("s1m1", "party-lectures") in {(row["unit"], row["rule"]) for row in told}
    assert len({json.dumps(row) for row in told}) == len(told)
    assert len(list((tmp_path / "mail").iterdir())) == 1
