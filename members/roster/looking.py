"""A file from upload to preview: small ones while the page waits, others by the worker.

received → looking → planned, or uploaded where somebody has to say first which sheet is meant;
failed when it can't be read or the work was broken off. Moved by conditional updates alone, as
the writing is (jobs.py); nothing is written to the roster here.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from members.choices import BatchFailure, BatchState, BatchStep
from members.models import ImportBatch
from members.roster.batches import (
    UNWRITTEN,
    ImportRefused,
    Request,
    keep_plan,
    keep_unread,
    look_through,
    restage,
    stage_import,
    staged_request,
)
from members.roster.bell import ring
from members.roster.choosing import choice_json, remember
from members.roster.jobs import LEASE, Progress, mark_interrupted
from members.roster.outcomes import Plan
from members.roster.table import Choice, find_layout
from members.roster.template import read_sheets
from organizations.access import paths_for
from organizations.actions import Action
from organizations.spreadsheets.cells import Sheet, SheetError
from organizations.spreadsheets.limits import MEGABYTE

SMALL_BYTES = MEGABYTE
SMALL_ROWS = 2_000
"""Files of no more than this are looked at while the page waits."""
log = logging.getLogger(__name__)


def bring(request: Request, *, by: User) -> ImportBatch:
    """Keep a file and show what it would do; a large one is left to the worker.

    Raises SheetError for a small one that can't be used; a large one says so on its own page.
    """
    if len(request.data) <= SMALL_BYTES and _are_few(read_sheets(request.data)):
        return stage_import(request, by=by)[0]
    with transaction.atomic():
        batch = keep_unread(request, by=by, lease_until=timezone.now() + LEASE)
        _send(batch)
    return batch


def choose_sheets(batch: ImportBatch, choice: Choice, *, by: User, reach: list[str]) -> None:
    """Say which sheets of a staged file are meant and what their columns are.

    It is remembered for the unit and files of this shape. Of a large file the worker makes the
    plan. Raises SheetError when a small one can't be read like that, ImportRefused when the batch
    no longer waits.
    """
    # Decisions name rows, which may be others now.
    options: dict[str, Any] = {"choice": choice_json(choice), "decisions": {}}
    request = replace(staged_request(batch, reach=reach), choice=choice, decisions={})
    sheets = read_sheets(request.data)
    found = [find_layout(sheet, request.columns) for sheet in sheets]
    # Of a large file only the first rows are waited for.
    is_small = len(request.data) <= SMALL_BYTES and _are_few(sheets)
    plan = request.compare(request.read_from(sheets)) if is_small else None
    with transaction.atomic():
        if plan is None:
            look_later(batch, UNWRITTEN, options | {"is_chosen": True})
        else:
            batch.options |= options
            _show(batch, plan)
        remember(batch.unit, batch.kind, found, choice, by)
        record(by=by, verb="import_read_as", target=batch, unit_path=batch.unit.path)


def _show(batch: ImportBatch, plan: Plan) -> None:
    """Store a plan that was made at once; the caller's transaction."""
    waiting = ImportBatch.objects.filter(pk=batch.pk, state__in=UNWRITTEN)
    if not waiting.update(state=BatchState.PLANNED, failure=""):
        raise ImportRefused(_("This import has already been dealt with."))
    batch.state = BatchState.PLANNED
    keep_plan(batch, plan)


def decide_rows(batch: ImportBatch, decisions: dict[int, str], *, reach: list[str]) -> None:
    """Say of rows in question whom they mean: a person's key, or "new".

    Of a large file the worker makes the plan anew. Raises ImportRefused when the batch does not
    wait to be confirmed.
    """
    if batch.state != BatchState.PLANNED:
        raise ImportRefused(_("This import has already been dealt with."))
    known = batch.options.get("decisions", {})
    decided = known | {str(row): whom for row, whom in decisions.items()}
    if sum(batch.counts.values()) <= SMALL_ROWS:
        batch.options["decisions"] = decided
        restage(batch, reach=reach)
    else:
        look_later(batch, (BatchState.PLANNED,), {"decisions": decided, "is_chosen": True})


@transaction.atomic
def look_later(
    batch: ImportBatch, states: tuple[BatchState, ...], options: dict[str, Any] | None = None
) -> None:
    """Have the worker look at a file that is in one of `states`; also again, after that failed.

    Raises ImportRefused when it is not in them any more.
    """
    mark_interrupted()
    kept = batch.options | (options or {})
    kept.pop("plan", None)
    kept.pop("refused", None)
    waiting = ImportBatch.objects.filter(pk=batch.pk, state__in=states, content__isnull=False)
    moved = waiting.update(
        state=BatchState.RECEIVED,
        options=kept,
        failure="",
        step="",
        progress=0,
        lease_until=timezone.now() + LEASE,
    )
    if not moved:
        raise ImportRefused(_("This import has already been dealt with."))
    _send(batch)


def look(pk: UUID) -> None:
    """Look at a file that was received. Does nothing for any other: a task may come twice."""
    run, now = uuid4(), timezone.now()
    claimed = ImportBatch.objects.filter(pk=pk, state=BatchState.RECEIVED).update(
        state=BatchState.LOOKING, run=run, started_at=now, lease_until=now + LEASE
    )
    if not claimed:
        return
    batch = ImportBatch.objects.select_related("unit", "made_by").get(pk=pk)
    with Progress(batch) as progress:
        try:
            _look(batch, run, progress)
        except SheetError as error:
            refused = [error.problem.code, [list(one) for one in error.problem.params]]
            options = batch.options | {"refused": refused}
            _fail(batch, run, BatchFailure.UNREADABLE, options=options)
        except Exception:
            log.exception("Looking at import %s failed.", pk)
            _fail(batch, run, BatchFailure.ERROR)


def _look(batch: ImportBatch, run: UUID, progress: Progress) -> None:
    reach = paths_for(batch.made_by, Action.ENROL) if batch.made_by else []
    if not any(batch.unit.path.startswith(path) for path in reach):
        _fail(batch, run, BatchFailure.FORBIDDEN)
        return
    request = staged_request(batch, reach=reach)
    progress.report(BatchStep.READING, 10)
    sheets = read_sheets(request.data)
    progress.report(BatchStep.COMPARING, 40)
    request, plan = look_through(request, sheets, is_chosen=batch.options.get("is_chosen", False))
    progress.report(BatchStep.COMPARING, 80)
    batch.options["choice"] = choice_json(request.choice or Choice())
    state = BatchState.UPLOADED if plan is None else BatchState.PLANNED
    with transaction.atomic():
        moved = _mine(batch, run).update(state=state, options=batch.options, run=None)
        if moved and plan is not None:
            batch.state = state
            keep_plan(batch, plan)


def _fail(batch: ImportBatch, run: UUID, failure: BatchFailure, **more: Any) -> None:
    _mine(batch, run).update(state=BatchState.FAILED, failure=failure, run=None, **more)


def _mine(batch: ImportBatch, run: UUID) -> Any:
    return ImportBatch.objects.filter(pk=batch.pk, state=BatchState.LOOKING, run=run)


def _are_few(sheets: list[Sheet]) -> bool:
    return sum(len(sheet.rows) for sheet in sheets) <= SMALL_ROWS


def _send(batch: ImportBatch) -> None:
    transaction.on_commit(partial(ring, batch.pk, BatchState.RECEIVED))
