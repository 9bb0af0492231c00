"""The broker that needs no server: messages are files, for one machine's few processes.

kombu's own file transport writes a message where the reader already looks, so that a reader may
find it half written, and takes it by way of the system's temporary folder. Here a message appears
whole, and is taken by one rename.
"""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads

SCHEME = "folder"
TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"


class Channel(filesystem.Channel):
    """Messages of one queue, oldest first, also across a restart of the machine."""

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns():020}_{uuid.uuid4().hex}"
        draft = folder / f"{name}.draft"
        draft.write_text(dumps(payload), "utf-8")
        draft.replace(folder / f"{name}.{queue}.msg")

    def _get(self, queue: str) -> dict[str, Any]:
        folder = Path(self.data_folder_in)
        for message in sorted(folder.glob(f"*.{queue}.msg")):
            taken = message.with_suffix(".taken")
            try:
                message.rename(taken)
            except FileNotFoundError:
                continue  # another reader was quicker
            payload = loads(taken.read_text("utf-8"))
            taken.unlink()
            return payload
        raise Empty


class Transport(filesystem.Transport):
    """`folder://`, with the transport options of kombu's `filesystem://`."""

    Channel = Channel
