"""Imports as a whole: look, write, keep the way back, go it. Commands and pages both come here."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from members.choices import BatchFailure, BatchKind, BatchState
from members.crypto import open_bytes, seal_bytes
from members.models import ImportBatch
from members.roster.checks import check_roster_rows
from members.roster.choosing import (
    can_be_mapped,
    choice_json,
    choice_of,
    is_certain,
    recall,
    sheets_named,
)
from members.roster.columns import Column
from members.roster.importers import columns_of, importer_of
from members.roster.logbook import packed
from members.roster.messages import message
from members.roster.outcomes import Outcome, Plan
from members.roster.plan import plan_roster
from members.roster.posts import check_post_rows, plan_posts
from members.roster.preview import store_pages
from members.roster.rows import Finding, Table, read_table
from members.roster.table import AS_FOUND, Choice, find_layout
from members.roster.template import read_sheets
from members.roster.undo import find_conflicts, undo_log
from members.roster.units import UnitFinder
from members.roster.write import apply_writes
from members.services.saving import units_of_people
from organizations.models import Unit
from organizations.pace import unswept
from organizations.services import touch_ids
from organizations.spreadsheets.cells import Sheet

CONTENT, CHANGES = "members.import_batch.content", "members.import_batch.changes"
KEEP_UNWRITTEN = timedelta(days=7)
UNWRITTEN = (BatchState.UPLOADED, BatchState.PLANNED)


class ImportRefused(Exception):
    """An import or its undoing that can't be done now. Its text is for the user."""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of an import: the counts of rows by outcome, and what there is to tell."""

    counts: dict[str, int]
    errors: list[Finding]
    warnings: list[Finding]
    batch: ImportBatch | None = None

    def as_json(self) -> dict[str, Any]:
        """The document that the commands print."""
        return {
            "rows": sum(self.counts.values()),
            **{name: self.counts[name] for name in ("created", "updated", "unchanged")},
            "skipped": self.counts["skipped"] + self.counts["question"],
            "errors": [finding_json(finding) for finding in self.errors],
            "warnings": [finding_json(finding) for finding in self.warnings],
            "batch": str(self.batch.pk) if self.batch else None,
        }


def finding_json(finding: Finding) -> dict[str, Any]:
    return {
        **({"sheet": finding.sheet} if finding.sheet else {}),
        "row": finding.row,
        "column": finding.column,
        "value": finding.value,
        "message": message(finding.problem),
    }


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be imported, where, and how."""

    kind: BatchKind
    unit: Unit
    data: bytes
    file_name: str
    on: date | None = None
    is_partial: bool = False
    decisions: dict[int, str] = field(default_factory=dict)
    """Whom rows in question mean, by row number: a person's key, or "new"."""
    reach: tuple[str, ...] = ()
    """The subtrees whose people may be shown and changed; empty: the unit's own."""
    choice: Choice | None = None
    """How the file is to be read; None: as was chosen for files of its shape, else as found."""
    takes_every_sheet: bool = False
    """Whether all sheets that can be read are; else the first, where nobody chose."""
    sheet_names: tuple[str, ...] = ()
    """The sheets that are read, where somebody named them."""

    @property
    def columns(self) -> tuple[Column, ...]:
        return columns_of(self.kind)

    def plan(self) -> Plan:
        """Read the file and compare it with what is stored. Raises SheetError."""
        return self.compare(self.read())

    def read(self) -> Table:
        return self.read_from(read_sheets(self.data))

    def read_from(self, sheets: list[Sheet]) -> Table:
        choice = self.choice_for(sheets)
        table = read_table(sheets, self.columns, choice)
        if choice.recalled_on:
            table.note(table.parts[0].layout.last + 1, "choice_recalled", date=choice.recalled_on)
        return table

    def choice_for(self, sheets: list[Sheet]) -> Choice:
        if self.choice is not None:
            return self.choice
        found = [find_layout(sheet, self.columns) for sheet in sheets]
        choice = recall(self.unit, self.kind, found)
        if not self.takes_every_sheet and not self.sheet_names:
            return choice
        layouts = [find_layout(sheet, self.columns, choice.given) for sheet in sheets]
        finder = UnitFinder(self.unit, timezone.localdate())
        return sheets_named(layouts, finder, choice.given, self.sheet_names)

    def compare(self, table: Table) -> Plan:
        if importer := importer_of(self.kind):
            return importer.compare(self, table)
        today, reach = timezone.localdate(), list(self.reach or (self.unit.path,))
        if self.kind == BatchKind.POSTS:
            check_post_rows(table)
            return plan_posts(table, unit=self.unit, reach=reach, today=today)
        check_roster_rows(table, today=today)
        return plan_roster(
            table,
            unit=self.unit,
            reach=reach,
            on=self.on,
            today=today,
            decisions=self.decisions,
        )


@unswept()
def run_import(request: Request, *, by: User | None, dry_run: bool = False) -> Report:
    """Import a file: all or nothing, unless the request takes the good rows.

    A report with errors and no batch has written nothing. Raises SheetError for a file that can't
    be used, and ImportRefused when another import got in between.
    """
    table = request.read()
    try:
        with transaction.atomic():
            # One import at a time for a unit; on SQLite the whole database waits anyway.
            Unit.objects.select_for_update().get(pk=request.unit.pk)
            plan = request.compare(table)
            if dry_run or (plan.errors and not request.is_partial):
                return _report(plan, request)
            batch = ImportBatch(**_described(request), made_by=by)
            return write_plan(batch, plan, request, by=by)
    except IntegrityError as error:
        raise ImportRefused(BatchFailure.CLASH.label) from error


@unswept()
def stage_import(request: Request, *, by: User) -> tuple[ImportBatch, Plan | None]:
    """Keep a file, sealed, until it is confirmed. Raises SheetError for one that can't be used.

    There is no plan yet where somebody has to say first which sheet is meant, or which column is
    which.
    """
    request, plan = look_through(request, read_sheets(request.data))
    state = BatchState.UPLOADED if plan is None else BatchState.PLANNED
    batch = ImportBatch(**_described(request), made_by=by, state=state)
    batch.content = _sealed(batch, request)
    with transaction.atomic():
        forget_old()
        batch.save()
        if plan is not None:
            keep_plan(batch, plan)
    return batch, plan


def look_through(
    request: Request, sheets: list[Sheet], *, is_chosen: bool = False
) -> tuple[Request, Plan | None]:
    """What a file would do, and the request with how it is read; no plan where that is open.

    With `is_chosen` somebody has said how. Raises SheetError.
    """
    if not is_chosen:
        request = replace(request, choice=None)
        choice = request.choice_for(sheets)
        layouts = [find_layout(sheet, request.columns, choice.given) for sheet in sheets]
        request = replace(request, choice=choice)
        is_certainly_read = is_certain(layouts, request.columns, choice)
        if not is_certainly_read and any(can_be_mapped(one, request.columns) for one in layouts):
            return request, None
    return request, request.compare(request.read_from(sheets))


def keep_unread(request: Request, *, by: User, lease_until: datetime) -> ImportBatch:
    """Keep a file, sealed, that nobody has looked at yet; the caller's transaction."""
    forget_old()
    batch = ImportBatch(**_described(request), made_by=by, state=BatchState.RECEIVED)
    batch.content, batch.lease_until = _sealed(batch, request), lease_until
    batch.save()
    return batch


def _sealed(batch: ImportBatch, request: Request) -> bytes:
    return seal_bytes(CONTENT, batch.pk, zlib.compress(request.data))


@unswept()
def restage(batch: ImportBatch, *, reach: list[str]) -> Plan:
    """Look at a staged file again: the records, or what was decided of its rows, have changed."""
    plan = staged_request(batch, reach=reach).plan()
    with transaction.atomic():
        keep_plan(batch, plan)
    return plan


def keep_plan(batch: ImportBatch, plan: Plan) -> None:
    """Store a plan for the preview of a batch that waits; the caller's transaction."""
    batch.counts = plan.counts
    batch.options |= {"plan": plan.digest(), "notes": store_pages(batch, plan)}
    ImportBatch.objects.filter(pk=batch.pk, state=BatchState.PLANNED).update(
        counts=batch.counts, options=batch.options
    )


@transaction.atomic
def discard(batch: ImportBatch, *, by: User) -> None:
    """Forget a staged file at once. Raises ImportRefused when it was confirmed in between."""
    unwritten = (*UNWRITTEN, BatchState.FAILED)
    record(by=by, verb="import_discarded", target=batch, unit_path=batch.unit.path)
    if not ImportBatch.objects.filter(pk=batch.pk, state__in=unwritten).delete()[0]:
        raise ImportRefused(_("This import has already been dealt with."))


def forget_old() -> None:
    """Files that nobody confirmed, and what was kept of those with wrong rows."""
    too_old = timezone.now() - KEEP_UNWRITTEN
    old = ImportBatch.objects.filter(made_at__lt=too_old)
    unread = (BatchState.RECEIVED, BatchState.LOOKING)
    old.filter(state__in=(*unread, *UNWRITTEN, BatchState.FAILED)).delete()
    old.filter(state=BatchState.APPLIED, content__isnull=False).update(content=None)


def staged_request(batch: ImportBatch, *, reach: list[str]) -> Request:
    """The request that `batch` was staged from. Raises ImportRefused once it is forgotten."""
    if batch.content is None:
        raise ImportRefused(_("This import has already been dealt with."))
    options = batch.options
    return Request(
        kind=BatchKind(batch.kind),
        unit=batch.unit,
        data=zlib.decompress(open_bytes(CONTENT, batch.pk, batch.content)),
        file_name=batch.file_name,
        on=date.fromisoformat(options["on"]) if options.get("on") else None,
        is_partial=options.get("is_partial", False),
        decisions={int(row): whom for row, whom in options.get("decisions", {}).items()},
        reach=tuple(reach),
        choice=choice_of(options.get("choice", {})),
    )


def undo_import(batch: ImportBatch, *, by: User | None) -> list[Any]:
    """Put back what `batch` changed; all or nothing.

    Returns the objects that were changed since: if there are any, nothing was put back. Raises
    ImportRefused when the batch is not one that was written.
    """
    try:
        with transaction.atomic():
            Unit.objects.select_for_update().get(pk=batch.unit_id)
            batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
            if batch.state != BatchState.APPLIED or batch.changes is None:
                raise ImportRefused(_("This import is not one that can be undone."))
            log = json.loads(zlib.decompress(open_bytes(CHANGES, batch.pk, batch.changes)))
            importer = importer_of(batch.kind)
            if conflicts := importer.find_conflicts(log) if importer else find_conflicts(log):
                return conflicts
            touch_ids(importer.undo(log) if importer else undo_log(log))
            batch.state, batch.changes = BatchState.UNDONE, None
            batch.save()
            record(
                by=by, verb="import_undone", target=batch, unit_path=batch.unit.path, **batch.counts
            )
    except ProtectedError as error:
        return list(error.protected_objects)
    return []


def _described(request: Request) -> dict[str, Any]:
    return {
        "kind": request.kind,
        "unit": request.unit,
        "file_name": request.file_name[:200],
        "file_digest": hashlib.sha256(request.data).hexdigest(),
        "options": {
            "on": request.on.isoformat() if request.on else None,
            "is_partial": request.is_partial,
            "choice": choice_json(request.choice or AS_FOUND),
        },
    }


def write_plan(
    batch: ImportBatch, plan: Plan, request: Request, *, by: User | None, run: UUID | None = None
) -> Report:
    """Write all that the plan holds; the caller's transaction.

    With `run`, only while that run still holds the batch: raises ImportRefused when another has
    taken over, and nothing of this one stays.
    """
    importer = importer_of(batch.kind)
    log = importer.write(plan, by) if importer else apply_writes(plan.writes)
    batch.changes = seal_bytes(CHANGES, batch.pk, packed(log))
    if not plan.counts[Outcome.WRONG]:  # else the file is still needed, to mend its rows
        batch.content = None
    batch.state = BatchState.APPLIED
    batch.applied_at = timezone.now()
    batch.counts = plan.counts
    batch.run, batch.failure = None, ""
    if run is not None:
        mine = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.RUNNING, run=run)
        if not mine.update(state=BatchState.APPLIED):
            raise ImportRefused(_("This import has already been dealt with."))
        batch.pages.all().delete()
    batch.save()
    touch_ids(plan.writes.touched | units_of_people(plan.writes.renamed))
    record(
        by=by,
        verb="imported",
        target=batch,
        unit_path=request.unit.path,
        file=batch.file_name,
        **plan.counts,
    )
    return Report(plan.counts, plan.errors, plan.warnings, batch)


def _report(plan: Plan, request: Request) -> Report:
    """What would be; with errors, and not only the good rows wanted, that is nothing."""
    counts = dict(plan.counts)
    if plan.errors and not request.is_partial:
        counts[Outcome.WRONG] += counts[Outcome.CREATED] + counts[Outcome.UPDATED]
        counts[Outcome.CREATED] = counts[Outcome.UPDATED] = 0
    return Report(counts, plan.errors, plan.warnings)
