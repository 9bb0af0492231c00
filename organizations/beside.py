"""Let the database work while Python does: its calls are made and waited for in another thread.

The thread works on the connection of the one that started it, and so within its transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


@contextmanager
def beside() -> Iterator[Callable[..., Future[Any]]]:
    """Gives what takes a call and makes it beside this thread, one after another.

    Within the block the database belongs to those calls: whoever has handed one over uses it
    again only when that one's result is there. An error comes out with the result. When the block
    is left, whatever makes it be left, no call is running any more.
    """
    shared = connections[DEFAULT_DB_ALIAS]
    shared.inc_thread_sharing()
    pool = ThreadPoolExecutor(max_workers=1, initializer=_work_on, initargs=(shared,))
    try:
        yield pool.submit
    finally:
        pool.shutdown(cancel_futures=True)
        shared.dec_thread_sharing()


def _work_on(shared: Any) -> None:
    connections[DEFAULT_DB_ALIAS] = shared
