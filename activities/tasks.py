"""Work that pages and the clock leave to the worker. Each is safe to run twice, or late."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from activities.hints.looking import look_at_all, look_at_one
from activities.services import tidy_attachments as tidy


@shared_task
def look_at_record(pk: str) -> None:
    """A record was changed: what there is to notice about it now."""
    look_at_one(UUID(pk))


@shared_task
def look_at_records() -> None:
    """All records of the counties that want hints."""
    look_at_all()


@shared_task
def tidy_attachments() -> None:
    """Files that a crash left without a record are deleted."""
    tidy()
