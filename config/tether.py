"""Runs a command that the system ends when the process that started it is gone (Linux).

A program of its own, started as `tether.py PARENT COMMAND …`: between fork and exec (Popen's
`preexec_fn`) no Python may run where there are threads, as it may wait for ever for what another
thread held at that moment. Imports nothing of the portal.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def tethered(command: list[str]) -> list[str]:
    """`command` as it is to be started, so that it ends with this process."""
    if sys.platform != "linux":
        return command
    return [sys.executable, "-I", __file__, str(os.getpid()), *command]


def main() -> None:
    parent, *command = sys.argv[1:]
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):  # gone before the system was asked
        sys.exit(1)
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main()
