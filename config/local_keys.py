"""Keys for the one-laptop edition: made at the first start, kept beside its database."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

FILE_NAME = "local.env"


def load_or_make(folder: Path) -> dict[str, str]:
    """The keys of `folder`, made at the first call; only the owner may read the file.

    Two processes that start at once agree: the first to create the file wins.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return _parse(path.read_text("utf-8"))
    made = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": f"1:{_random_key()},index:{_random_key()}",
    }
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("# Without this file the ID numbers and phones can't be read: back it up.\n")
        file.writelines(f"{name}={value}\n" for name, value in made.items())
    return made


def _random_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _parse(text: str) -> dict[str, str]:
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)
