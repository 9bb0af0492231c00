"""The settings of a county's server: complete, strict, and refused when a secret is missing."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest
from django.conf import settings

KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
COUNTY = {
    "DATABASE_URL": "postgres://portal:secret@127.0.0.1/none",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "SECRET_KEY": "Kq7vTz1mYb4nWc9pXd2rJf6sLg8hUe3aQi5oMk0tRy-BxNwCvZuDsEjFlGp",
    "FIELD_KEYS": f"1:{KEY},index:{KEY}",
    "ALLOWED_HOSTS": "portal.example",
    "SITE_URL": "https://portal.example",
}


def manage(data, *arguments, **given):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    env = kept | COUNTY | {"PORTAL_DATA": str(data)} | given
    env = {name: value for name, value in env.items() if value}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_countys_settings_pass_djangos_own_checks(tmp_path):
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING")

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("missing", ["SECRET_KEY", "FIELD_KEYS"])
def test_a_server_without_its_secrets_does_not_start(tmp_path, missing):
    done = manage(tmp_path, "check", **{missing: ""})

    assert done.returncode != 0
    assert "must be set in the environment" in done.stderr
    assert not (tmp_path / "local.env").exists()


def test_cookies_are_bound_to_the_host_and_sent_over_https_alone(tmp_path):
    told = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
        "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY,"
        "s.SESSION_COOKIE_SAMESITE, s.SECURE_SSL_REDIRECT, s.DEBUG)"
    )

    done = manage(tmp_path, "shell", "--no-imports", "-c", told)

    assert done.stdout.split() == [
        *("__Host-sid", "__Host-csrf"),
        *("True", "True", "True"),
        *("Lax", "True", "False"),
    ]


def test_nobody_else_on_the_machine_reads_the_folder_that_is_made_for_the_data(tmp_path):
    folder = tmp_path / "data"

    done = manage(folder, "check", DATABASE_URL="", SECRET_KEY="", FIELD_KEYS="")

    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
