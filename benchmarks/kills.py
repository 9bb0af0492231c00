"""An import that is killed at random moments: the roster is as it was, or complete."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENDING = 0.1
"""Seconds within which the last statements and the commit are hit."""
LAST = r'^(commit|(update|delete from|insert into) "(members_import|accounts_|organizations_unit))'
WORKER = """
import django, sys
django.setup()
from uuid import UUID
from members.roster.jobs import work
print("ready", flush=True)
work(UUID(sys.argv[1]))
"""


def kill_once(
    pk: object, env: dict[str, str], *, after: float, wait: Callable[[], None] | None = None
) -> bool:
    """Write batch `pk` in a process of its own and kill it after `after` seconds.

    With `wait`, so long after that has returned. Returns whether it was killed before it was done.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(pk)], cwd=ROOT, env=env, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    if wait:
        wait()
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.stdout.close()
    return process.wait() == -signal.SIGKILL


def try_kills(times: int, folder: Path, *, say: Callable[[str], None]) -> None:
    """Kill so many imports of the file kills.xlsx, then retry each; raises on half a roster."""
    import django

    django.setup()
    from django.utils import timezone

    from benchmarks import imports
    from members.choices import BatchState
    from members.models import Affiliation, ImportBatch, Membership, Person
    from members.roster import jobs

    imports.FOLDER = folder
    taken = _seconds(imports)
    killed = complete = 0
    for number in range(times):
        imports.empty()
        batch = imports.stage("kills.xlsx")
        rows = batch.counts["created"]
        # Every fourth at its end: to hit that by chance, it is too short.
        wait = _wait_for_end if number % 4 == 3 else None
        moment = random.uniform(0, ENDING if wait else taken)
        was_killed = kill_once(batch.pk, dict(os.environ), after=moment, wait=wait)
        _wait_until_alone()
        found = {model.objects.count() for model in (Person, Membership, Affiliation)}
        assert found in ({0}, {rows}), f"half a roster: {found}"
        batch.refresh_from_db()
        assert (batch.state == BatchState.APPLIED) == (found == {rows})
        killed, complete = killed + was_killed, complete + (found == {rows})
        if found == {0}:
            # Its time is over, as far as the portal is concerned.
            ImportBatch.objects.update(lease_until=timezone.now())
            jobs.mark_interrupted()
            batch.refresh_from_db()
            imports.write(batch)
            assert {model.objects.count() for model in (Person, Membership)} == {rows}
        since = "of the end" if wait else ""
        came = "unchanged" if found == {0} else "whole"
        say(f"  {number + 1:2}: after {moment:5.2f} s {since}: {came}")
    say(f"{killed} killed, {times - complete} left unchanged and then retried, {complete} whole")


def _seconds(imports: object) -> float:
    """How long the whole takes, so that the moments spread over all of it."""
    imports.empty()  # type: ignore[attr-defined]
    batch = imports.stage("kills.xlsx")  # type: ignore[attr-defined]
    began = time.perf_counter()
    kill_once(batch.pk, dict(os.environ), after=600)
    return time.perf_counter() - began


def _wait_for_end() -> None:
    """Until all people are written and the process is at its last statements, or done with them."""
    from django.db import connection

    query = (
        "SELECT coalesce(bool_or(state <> 'idle' AND query ~* %s"
        " AND now() - xact_start > interval '1 second'), false), count(*)"
        " FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    was_there = False
    for _ in range(60_000):
        with connection.cursor() as cursor:
            cursor.execute(query, [LAST])
            is_at_end, others = cursor.fetchone()
        if is_at_end or (was_there and not others):
            return
        was_there = was_there or bool(others)
        time.sleep(0.002)
    raise AssertionError("The import has never come to an end.")


def _wait_until_alone() -> None:
    """Until the server has noticed that the killed process is gone."""
    from django.db import connection

    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    for _ in range(300):
        with connection.cursor() as cursor:
            cursor.execute(query)
            if cursor.fetchone()[0] == 1:
                return
        time.sleep(0.1)
    raise AssertionError("The killed import's connection is still there.")
