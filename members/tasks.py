"""Work that pages leave to the worker."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from members.roster.batches import forget_old
from members.roster.bell import ring_again
from members.roster.jobs import work
from members.roster.looking import look


@shared_task
def write_batch(pk: str) -> None:
    """Write an import that was confirmed; safe to deliver twice."""
    work(UUID(pk))


@shared_task
def look_at_batch(pk: str) -> None:
    """Look at a large file that was brought; safe to deliver twice."""
    look(UUID(pk))


@shared_task
def ring_for_imports() -> None:
    """Imports that still wait are sent for again: the broker may have been away."""
    ring_again()


@shared_task
def forget_old_imports() -> None:
    """Files that nobody confirmed within a week are gone: they hold identifiers."""
    forget_old()
