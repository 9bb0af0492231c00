"""A headless Chromium, and pages in it; without one, these tests are left out."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import sync_playwright

from scripts.shots import FLAGS, find_browser

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
QUIET_SECONDS = 0.2
"""So long must nothing be at work: a connection that was just made has no thread yet."""
LONGEST_SECONDS = 15
BROKEN_OFF = ("htmx:afterRequest,", "htmx:sendError,", "htmx:sendAbort,")
"""What htmx says of a request that got no answer, as when the page is left meanwhile."""

# Playwright keeps an event loop in this thread; the database is used outside of it all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium():
    program = find_browser()
    if program is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_server):
    """Opens a window of its own: `open_page("/units/", user=secretary, size=PHONE)`.

    Whatever the console complains of (a refused script or style, say) fails the test at its end.
    """
    yield from _windows(chromium, live_server)


@pytest.fixture
def quiet_page(chromium, live_server):
    """The same where requests are meant to fail: the console may tell of those alone."""
    yield from _windows(chromium, live_server, expected=("Failed to load resource", "htmx:"))


@pytest.fixture
def real_server(live_server, tmp_path):
    """The portal on the tests' database as a county runs it: gunicorn, collected files, compressed.

    Its address. Of `live_server` it takes only that the tests' rows are written and wiped after.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "HTTPS": "0",
        "PORTAL_DATA": str(tmp_path),
    }
    program = [sys.executable, "-m"]
    collect = ["django", "collectstatic", "--noinput", "-v0"]
    subprocess.run([*program, *collect], cwd=settings.BASE_DIR, env=env, check=True)
    serve = ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "2"]
    server = subprocess.Popen([*program, *serve], cwd=settings.BASE_DIR, env=env)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz/live")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=LONGEST_SECONDS)


def database_url() -> str:
    """Where the tests' database is, as another process is told it."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    secret = f":{at['PASSWORD']}" if at["PASSWORD"] else ""
    return f"postgres://{at['USER']}{secret}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


def wait_for(address: str) -> None:
    latest = time.monotonic() + 2 * LONGEST_SECONDS
    while time.monotonic() < latest:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310  (our own server)
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


def _windows(chromium, live_server, *, expected=()):
    contexts, complaints = [], []

    def opened(path="/", *, user=None, size=DESK, script=True):
        context = chromium.new_context(
            base_url=live_server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport=size,
            java_script_enabled=script,
        )
        contexts.append(context)
        if user is not None:
            context.add_cookies([session_of(user, live_server.url)])
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if is_complaint(said) else None,
        )
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    wait_for_quiet()
    assert [said for said in complaints if not said.startswith(expected)] == []


def wait_for_quiet() -> None:
    """Until the server is at nothing any more: what outlives its test would write into the next.

    Each connection is a thread of the server's, which ends with the browser's side of it.
    """
    latest = since = time.monotonic()
    latest += LONGEST_SECONDS
    while time.monotonic() - since < QUIET_SECONDS and time.monotonic() < latest:
        if any("process_request_thread" in thread.name for thread in threading.enumerate()):
            since = time.monotonic()
        time.sleep(0.01)


def is_complaint(said) -> bool:
    """That somebody else was first (409) is an answer, shown on the page."""
    is_answer = "409 (Conflict)" in said.text or said.text.startswith(BROKEN_OFF)
    return said.type == "error" and not is_answer


def session_of(user, url):
    """The cookie of a session in which `user` is signed in already."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


def is_within_window(page) -> bool:
    """Whether the page needs no sideways scrolling."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
