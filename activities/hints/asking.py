"""Having a record looked at again once a change of it is written."""

from __future__ import annotations

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from activities.models import Activity
from organizations.settings import settings_for

TASK = "activities.tasks.look_at_record"
log = logging.getLogger(__name__)


def look_later(activity: Activity) -> None:
    """Ask the worker to look at the record, after this transaction, where the county wants hints.

    Without a broker the nightly run does it: a hint is worth no waiting.
    """
    transaction.on_commit(partial(_ask, activity))


def _ask(activity: Activity) -> None:
    if not settings_for(activity.unit).shows_hints(timezone.localdate()):
        return
    try:
        current_app.send_task(TASK, [str(activity.pk)], retry=False)
    except (OperationalError, OSError) as error:
        log.warning("A record was not queued to be looked at: %s", type(error).__name__)
