"""An import from confirmation to done: a state machine moved by conditional updates alone.

planned → queued → running → applied, or back: to planned when the records changed since the
preview, to failed whatever else went wrong. The records are written in one transaction whose last
statement moves the batch from running to applied, so that both hold or neither.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from members.choices import BatchFailure, BatchState, BatchStep
from members.models import ImportBatch
from members.roster.batches import ImportRefused, restage, staged_request, write_plan
from members.roster.bell import ring
from organizations.access import paths_for
from organizations.actions import Action
from organizations.models import Unit
from organizations.pace import unswept
from organizations.spreadsheets.cells import SheetError

AT_ONCE = 500
"""Files of fewer rows are written while the page waits."""
LEASE = timedelta(minutes=11)
"""Longer than a task may run (CELERY_TASK_TIME_LIMIT): after that nobody can be at it."""
HEARD_LEASE = timedelta(minutes=2)
"""Where the work can report while it writes."""
TO_BE_WRITTEN = (BatchState.QUEUED, BatchState.RUNNING)
UNDER_WAY = (BatchState.RECEIVED, BatchState.LOOKING, *TO_BE_WRITTEN)
"""Moved on by the worker; of those that are to be written, a unit has one at a time."""
log = logging.getLogger(__name__)


class _Stopped(Exception):
    """The work can't go on; `failure` says why."""

    def __init__(self, failure: BatchFailure) -> None:
        super().__init__(failure.value)
        self.failure = failure


class _Changed(Exception):
    """The plan is not the one that was looked at."""


def confirm_import(batch: ImportBatch, *, by: User, is_partial: bool = False) -> bool:
    """Begin to write what the preview promised; also again, after it failed.

    Returns whether it is done already (small files). Raises ImportRefused when there are wrong
    rows and not only the good ones are wanted, when another import is under way for the unit or
    one above or below it, when the records have changed since, and when it was dealt with before.
    """
    _queue(batch, by=by, is_partial=is_partial)
    if sum(batch.counts.values()) >= AT_ONCE:
        transaction.on_commit(partial(ring, batch.pk, BatchState.QUEUED))
        return False
    work(batch.pk)
    batch.refresh_from_db()
    if batch.state != BatchState.APPLIED:
        raise ImportRefused(str(BatchFailure(batch.failure).label))
    return True


@transaction.atomic
def _queue(batch: ImportBatch, *, by: User, is_partial: bool) -> None:
    mark_interrupted()
    above = Unit.objects.ancestors_of([batch.unit])
    # In the order of the tree, so that two never wait for each other.
    list(above.select_for_update().order_by("path").values_list("pk", flat=True))
    under_way = ImportBatch.objects.filter(state__in=TO_BE_WRITTEN).exclude(pk=batch.pk)
    if under_way.under(batch.unit.path).exists() or under_way.filter(unit__in=above).exists():
        raise ImportRefused(
            _("Another import for this unit is under way. Wait until it is done, then try again.")
        )
    if batch.counts.get("wrong") and not is_partial:
        raise ImportRefused(BatchFailure.WRONG.label)
    waiting = ImportBatch.objects.filter(
        pk=batch.pk, state__in=(BatchState.PLANNED, BatchState.FAILED), content__isnull=False
    )
    moved = waiting.update(
        state=BatchState.QUEUED,
        options=batch.options | {"is_partial": is_partial},
        failure="",
        step="",
        progress=0,
        lease_until=timezone.now() + LEASE,
    )
    if not moved:
        raise ImportRefused(_("This import has already been dealt with."))
    record(by=by, verb="import_confirmed", target=batch, unit_path=batch.unit.path)


def mark_interrupted() -> int:
    """Mark as failed what the worker had, and was not heard of until its time was over."""
    lost = ImportBatch.objects.filter(state__in=UNDER_WAY, lease_until__lt=timezone.now())
    return lost.update(state=BatchState.FAILED, failure=BatchFailure.INTERRUPTED, run=None)


@unswept()
def work(pk: UUID) -> None:
    """Write a queued batch. Does nothing for one that is not queued: a task may come twice."""
    run = uuid4()
    now = timezone.now()
    claimed = ImportBatch.objects.filter(pk=pk, state=BatchState.QUEUED).update(
        state=BatchState.RUNNING, run=run, started_at=now, lease_until=now + LEASE
    )
    if not claimed:
        return
    batch = ImportBatch.objects.select_related("unit", "made_by").get(pk=pk)
    with Progress(batch) as progress:
        try:
            _write(batch, run, progress)
        except _Changed:
            _look_again(batch, run)
        except _Stopped as stopped:
            _fail(batch, run, stopped.failure)
        except SheetError:
            _fail(batch, run, BatchFailure.UNREADABLE)
        except IntegrityError:
            _fail(batch, run, BatchFailure.CLASH)
        except Exception:
            log.exception("Import %s failed.", pk)
            _fail(batch, run, BatchFailure.ERROR)


def _write(batch: ImportBatch, run: UUID, progress: Progress) -> None:
    user = batch.made_by
    reach = paths_for(user, Action.ENROL) if user else []
    if not any(batch.unit.path.startswith(path) for path in reach):
        raise _Stopped(BatchFailure.FORBIDDEN)
    request = staged_request(batch, reach=reach)
    progress.report(BatchStep.READING, 5)
    table = request.read()
    progress.report(BatchStep.COMPARING, 30)
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=batch.unit_id)
        plan = request.compare(table)
        if plan.digest() != batch.options.get("plan"):
            raise _Changed
        if plan.errors and not request.is_partial:
            raise _Stopped(BatchFailure.WRONG)
        progress.report(BatchStep.WRITING, 60)
        write_plan(batch, plan, request, by=user, run=run)


def _look_again(batch: ImportBatch, run: UUID) -> None:
    """The records have changed since the preview: show what the file would do now."""
    reach = paths_for(batch.made_by, Action.ENROL) if batch.made_by else []
    with transaction.atomic():
        moved = _mine(batch, run).update(
            state=BatchState.PLANNED, failure=BatchFailure.CHANGED, run=None
        )
        if moved:
            batch.refresh_from_db()
            restage(batch, reach=reach)


def _fail(batch: ImportBatch, run: UUID, failure: BatchFailure) -> None:
    _mine(batch, run).update(state=BatchState.FAILED, failure=failure, run=None)


def _mine(batch: ImportBatch, run: UUID) -> Any:
    return ImportBatch.objects.filter(pk=batch.pk, state=BatchState.RUNNING, run=run)


class Progress:
    """Tells how far the work has come, beside the transaction that writes.

    On SQLite, where there is one writer, and within a caller's transaction nothing can be told
    while that lasts: the page then says the last step.
    """

    def __init__(self, batch: ImportBatch) -> None:
        self.pk = batch.pk
        self.own = None
        if connection.vendor != "sqlite" and not connection.in_atomic_block:
            self.own = connections.create_connection("default")

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_error: object) -> None:
        if self.own is not None:
            self.own.close()

    def report(self, step: BatchStep, percent: int) -> None:
        now = timezone.now()
        if self.own is not None:
            with self.own.cursor() as cursor:
                cursor.execute(
                    f"UPDATE {ImportBatch._meta.db_table} SET step = %s, progress = %s,"  # noqa: S608
                    " lease_until = %s WHERE id = %s",
                    [step.value, percent, now + HEARD_LEASE, self.pk],
                )
        elif not connection.in_atomic_block:
            ImportBatch.objects.filter(pk=self.pk).update(step=step, progress=percent)
