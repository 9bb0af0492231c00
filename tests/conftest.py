"""What every test relies on: no way out but loopback, current catalogues, the summary's line."""

from __future__ import annotations

import ipaddress
import os
import socket

import pytest

from assessment.shelf import forget_all
from assessment.statements import statements
from scripts.compile_messages import compile_stale

pytest_plugins = ["tests.cast"]

HALVES = "PORTAL_TEST_HALVES"
"""Set by scripts/test.py for the last run: what the earlier ones did, and what was left out."""


def pytest_configure(config):
    if not hasattr(config, "workerinput"):  # once, not in each process of xdist
        compile_stale()


def pytest_terminal_summary(terminalreporter):
    line = os.environ.get(HALVES)
    if line:
        terminalreporter.write_line(line)


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Keys of rows come back in each test: what was drawn from other rows must be gone."""
    forget_all()
    statements.clear()


@pytest.fixture(autouse=True)
def _no_way_out(monkeypatch):
    """Sockets reach this machine alone."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(real):
        def wrapper(self, address):
            if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_loopback(address[0]):
                pytest.fail(f"A test tried to reach {address[0]}.")
            return real(self, address)

        return wrapper

    monkeypatch.setattr(socket.socket, "connect", guarded(connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(connect_ex))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
