"""Say plainly, before anything slow begins, that a port is not to be had."""

from __future__ import annotations

import socket
import sys


def why_not(port: str) -> str:
    """Why `port` can't be served on 127.0.0.1, in both languages; empty when it can."""
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        return f"PORT={port}: 端口应为 1 到 65535 的整数。A port is a whole number from 1 to 65535."
    with socket.socket() as probe:
        # As servers do: a port that was only just let go is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            return (
                f"端口 {port} 不可用（{error.strerror}）。请换一个端口，例如：make run PORT=8001\n"
                f"Port {port} is not available ({error.strerror}). "
                "Choose another one: make run PORT=8001"
            )
    return ""


if __name__ == "__main__":
    sys.exit(why_not(sys.argv[1]) or None)
