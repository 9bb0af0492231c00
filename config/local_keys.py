"""Keys for the one-laptop edition: made at the first start, kept beside its database."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

FILE_NAME = "local.env"


def load_or_make(folder: Path) -> dict[str, str]:
    """The keys of `folder`, made at the first call; only the owner may read the file.

    Two processes that start at once agree: the first whose file gets the name wins. It appears
    whole or not at all, as it is written under another name before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "FIELD_KEYS": f"1:{_random_key()},index:{_random_key()}",
        }
        _publish(path, made)
    return _parse(path.read_text("utf-8"))


def _publish(path: Path, made: dict[str, str]) -> None:
    draft = path.with_name(f".{FILE_NAME}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("# Without this file the ID numbers and phones can't be read: back it up.\n")
            file.writelines(f"{name}={value}\n" for name, value in made.items())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return  # another process was quicker
        except OSError:  # a file system that knows no second name for a file
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _random_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _parse(text: str) -> dict[str, str]:
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)
