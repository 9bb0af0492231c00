"""An import as a whole: read, compare, write all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from activities.imports.columns import COLUMNS
from activities.imports.messages import message
from activities.imports.plan import Outcome, Plan, plan_activities
from activities.imports.write import apply_writes
from members.roster.rows import Finding, read_table
from organizations.models import Unit
from organizations.spreadsheets.reader import read_sheets


@dataclass(frozen=True, slots=True)
class Report:
    """What came of an import: the counts of rows by outcome, and what there is to tell."""

    counts: dict[str, int]
    errors: list[Finding]
    warnings: list[Finding]

    def as_json(self) -> dict[str, Any]:
        """The document that the command prints. There is no batch: an import is not undone."""
        named = [outcome for outcome in Outcome if outcome != Outcome.WRONG]
        return {
            "rows": sum(self.counts.values()),
            **{str(outcome): self.counts.get(outcome, 0) for outcome in named},
            "errors": [_as_json(finding) for finding in self.errors],
            "warnings": [_as_json(finding) for finding in self.warnings],
            "batch": None,
        }


def import_activities(
    data: bytes,
    *,
    unit: Unit,
    by: User | None,
    file_name: str = "",
    is_partial: bool = False,
    dry_run: bool = False,
) -> Report:
    """Load the activities of `unit` and all below it from a spreadsheet.

    All rows or none, unless `is_partial` takes the good ones; `dry_run` writes nothing. Raises
    SheetError for a file that can't be used.
    """
    table = read_table(read_sheets(data), COLUMNS)
    with transaction.atomic():
        # One import at a time for a unit; on SQLite the whole database waits anyway.
        Unit.objects.select_for_update().get(pk=unit.pk)
        plan = plan_activities(table, unit=unit, today=timezone.localdate())
        plan.warnings = [*table.notes, *plan.warnings]
        refused = bool(plan.errors) and not is_partial
        if not dry_run and not refused and plan.writes:
            apply_writes(plan.writes, by=by)
            counts = {str(name): count for name, count in plan.counts.items()}
            details = {"file": file_name, **counts}
            path = unit.path
            record(by=by, verb="import_activities", target=unit, unit_path=path, **details)
    return _report(plan, refused=refused)


def _report(plan: Plan, *, refused: bool) -> Report:
    """What came of it; when the file is refused, no row is new or changed."""
    counts = dict(plan.counts)
    if refused:
        lost = counts.pop(Outcome.CREATED, 0) + counts.pop(Outcome.UPDATED, 0)
        counts[Outcome.WRONG] = counts.get(Outcome.WRONG, 0) + lost
    return Report({str(name): count for name, count in counts.items()}, plan.errors, plan.warnings)


def _as_json(finding: Finding) -> dict[str, Any]:
    return {
        "row": finding.row,
        "column": finding.column,
        "value": finding.value,
        "message": message(finding.problem),
    }
