"""What happens to records by the clock."""

from __future__ import annotations

from celery import shared_task

from activities import services


@shared_task
def forget_old_drafts() -> None:
    """Unfinished entries that nobody has taken up for a month."""
    services.forget_old_drafts()
