"""Run every check that needs no test: style, types, import direction, templates, migrations."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS = {
    "ruff": [f"{BIN}/ruff", "check", "--quiet", "."],
    "format": [f"{BIN}/ruff", "format", "--check", "--quiet", "."],
    "djlint": [f"{BIN}/djlint", "--lint", "--quiet", "templates"],
    "imports": [f"{BIN}/lint-imports", "--no-logo"],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "mypy": [f"{BIN}/mypy"],
}


def failed_checks() -> list[str]:
    """Run all checks, print what the failing ones say; the names of those that fail."""
    failed = []
    with tempfile.TemporaryDirectory(prefix="portal-lint-") as data:
        env = os.environ | {"PORTAL_DATA": data, "DATABASE_URL": "", "COLUMNS": "100"}
        env.pop("DATABASE_URL")
        for name, command in CHECKS.items():
            begun = time.monotonic()
            done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
            took = time.monotonic() - begun
            print(f"{'FAILED' if done.returncode else 'ok':6} {name} ({took:.0f} s)", flush=True)
            if done.returncode:
                failed.append(name)
                print(done.stdout + done.stderr, flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(1 if failed_checks() else 0)
