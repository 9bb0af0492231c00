"""Telling the worker that an import waits for it; while the broker is away, it is told later."""

from __future__ import annotations

import logging
from uuid import UUID

from django.utils import timezone
from kombu.exceptions import OperationalError

from members.choices import BatchState
from members.models import ImportBatch

log = logging.getLogger(__name__)


def ring(pk: UUID, state: BatchState) -> None:
    """Send the message that a batch in `state` waits for. What waits is in the database: a message
    that comes twice does nothing, and one that is lost is sent again by `ring_again`.
    """
    # Imported here, as the tasks' module imports those who ring.
    from members.tasks import look_at_batch, write_batch

    task = look_at_batch if state == BatchState.RECEIVED else write_batch
    try:
        task.delay(str(pk))
    except (OperationalError, OSError) as error:
        log.warning("Import %s waits, as the broker can't be reached: %s", pk, error)


def ring_again() -> int:
    """Send it anew for all that still wait; how many those were."""
    waiting = ImportBatch.objects.filter(
        state__in=(BatchState.RECEIVED, BatchState.QUEUED), lease_until__gte=timezone.now()
    )
    found = list(waiting.order_by("pk").values_list("pk", "state"))
    for pk, state in found:
        ring(pk, BatchState(state))
    return len(found)
