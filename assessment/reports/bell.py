"""Telling the worker that a report waits for it; while the broker is away, it is told later.

So many large reports are made at once as REPORTS_AT_ONCE says, the others wait their turn: the
worker's other hands stay free for reminders. What waits is in the database, so a message that comes
twice, or before its turn, does nothing, and one that is lost is sent again.
"""

from __future__ import annotations

import logging
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from assessment.reports.choices import ReportState
from assessment.reports.models import ReportFile

log = logging.getLogger(__name__)


def ring(pk: UUID) -> bool:
    """Send the message that report `pk` waits; whether the broker took it."""
    # Imported here, as the tasks' module imports those who ring.
    from assessment.tasks import make_report

    try:
        make_report.apply_async([str(pk)], retry=False)
    except (OperationalError, OSError) as error:
        log.warning("Report %s waits, as the broker can't be reached: %s", pk, error)
        return False
    return True


def ring_next() -> int:
    """Send for those whose turn it is, the longest waiting first; how many those were."""
    waiting = ReportFile.objects.filter(state=ReportState.QUEUED, lease_until__gte=timezone.now())
    keys = waiting.order_by("lease_until", "pk").values_list("pk", flat=True)
    return sum(ring(pk) for pk in keys[: max(0, settings.REPORTS_AT_ONCE - how_many_run())])


def how_many_run() -> int:
    """Reports that are being made by somebody who is still heard of."""
    running = ReportFile.objects.filter(state=ReportState.RUNNING, lease_until__gte=timezone.now())
    return running.count()
