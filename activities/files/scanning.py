"""The county's own virus scanner, where it has one: a command that is given a file's path."""

from __future__ import annotations

import logging
import shlex
import subprocess
import tempfile

from django.conf import settings
from django.utils.translation import gettext as _

from activities.files.errors import FileRefused

CLEAN, INFECTED = 0, 1
log = logging.getLogger(__name__)


def scan(data: bytes) -> None:
    """Raise FileRefused unless the scanner finds the file clean; without a scanner all is.

    A scanner that does not answer lets nothing through: what was not looked at is not taken.
    """
    if not settings.SCAN_COMMAND:
        return
    folder = settings.FILE_UPLOAD_TEMP_DIR
    with tempfile.NamedTemporaryFile(prefix="scan-", dir=folder) as file:
        file.write(data)
        file.flush()
        code = _ask(file.name)
    if code == INFECTED:
        raise FileRefused(_("The virus scanner has found something in this file. It is not taken."))
    if code != CLEAN:
        raise FileRefused(
            _("The virus scanner does not answer, so the file was not taken. Try again later.")
        )


def _ask(path: str) -> int | None:
    """The scanner's answer; None when there was none."""
    try:
        done = subprocess.run(
            [*shlex.split(settings.SCAN_COMMAND), path],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=settings.SCAN_SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        log.error("The virus scanner could not be asked: %s", type(error).__name__)
        return None
    if done.returncode not in {CLEAN, INFECTED}:
        log.error("The virus scanner answered %s.", done.returncode)
    return done.returncode
