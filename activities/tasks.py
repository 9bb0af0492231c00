"""Work that pages and the clock leave to the worker. Each is safe to run twice, or late."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from activities import services
from activities.hints.looking import look_at_county, look_at_one
from organizations.models import Unit


@shared_task
def look_at_record(pk: str) -> None:
    """A record was changed: what there is to notice about it now."""
    look_at_one(UUID(pk))


@shared_task
def look_at_records() -> None:
    """All records, as one task for each county: a province has more than one task may take."""
    for code in Unit.objects.filter(parent__isnull=True).values_list("code", flat=True):
        look_at_records_of.delay(code)


@shared_task
def look_at_records_of(county: str) -> None:
    """All records of a county, if it wants hints."""
    look_at_county(Unit.objects.get(code=county, parent__isnull=True))


@shared_task
def tidy_attachments() -> None:
    """Files that a crash left without a record are deleted."""
    services.tidy_attachments()


@shared_task
def forget_old_drafts() -> None:
    """Unfinished entries that nobody has taken up for a month."""
    services.forget_old_drafts()
