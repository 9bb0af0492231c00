"""How much memory a process and those that it starts hold at once, at the most."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PAUSE, GROWN = 0.02, 2.0
"""Seconds from look to look; megabytes more than ever before, from which a closer look is taken."""
PAGE = os.sysconf("SC_PAGE_SIZE") / 2**20


def watch(process: subprocess.Popen[str]) -> tuple[str, str, float]:
    """What a process writes until it ends, on both streams, and its megabytes.

    Counted is what is its own, and of what it shares with others its part (Pss). To look that up
    takes the kernel a while; so it is done only when the cheaper sum has grown.
    """
    most_resident = most = 0.0
    while True:
        try:
            out, err = process.communicate(timeout=PAUSE)
        except subprocess.TimeoutExpired:
            family = list(_family(process.pid))
            resident = sum(map(_resident, family))
            if resident > most_resident + GROWN:
                most_resident = resident
                most = max(most, sum(map(_proportional, family)))
        else:
            return out, err, most


def _family(pid: int) -> Iterator[int]:
    yield pid
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in path.read_text().split():
                yield from _family(int(child))


def _resident(pid: int) -> float:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    return 0.0


def _proportional(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
