"""What a plan shows in the browser, kept in pages: to look at it, the file is not read again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from members.choices import BatchKind, Nature
from members.crypto import open_bytes, seal_bytes
from members.models import Affiliation, ImportBatch, ImportPage
from members.privacy import mask_digits
from members.roster.outcomes import CREATED_SHOWN, Outcome, Plan, RowPlan, show_value
from members.roster.register import chunked
from members.roster.rows import Finding
from organizations.spreadsheets.cells import Problem

ROWS_A_PAGE = 50
SEALED = "members.import_page.rows"
MISSING = "missing"
"""People of the units in the file who do not stand in it: shown, and left as they are."""
ASIDE = "aside"
"""Lines of the file that are about nobody: shown with the reason."""
ASIDE_CODES = frozenset({"line_passed", "headings_again", "example_row"})
IN_ORDER = [
    Outcome.QUESTION,
    Outcome.WRONG,
    Outcome.SKIPPED,
    Outcome.UPDATED,
    Outcome.CREATED,
    Outcome.UNCHANGED,
]
"""In which order the rows are shown: what has to be looked at comes first."""
PAGES_AT_ONCE = 200


def store_pages(batch: ImportBatch, plan: Plan) -> dict[str, Any]:
    """Put the preview of `plan` in the place of what `batch` had; the caller's transaction.

    Returns what is to tell of the file as a whole: its `notes`, and how many people are `missing`
    and lines left `aside`.
    """
    missing = _missing(plan) if batch.kind == BatchKind.ROSTER else []
    aside = [one for one in plan.table.notes if one.problem.code in ASIDE_CODES]
    others: dict[str, list[dict[str, Any]]] = {
        MISSING: missing,
        ASIDE: [_set_aside(found) for found in aside],
    }
    batch.pages.all().delete()
    for pages in chunked(_pages(batch, plan, others), PAGES_AT_ONCE):
        ImportPage.objects.bulk_create(pages)
    notes = [
        (found.problem.code, found.problem.params, found.sheet)
        for found in plan.table.notes
        if found.problem.code not in ASIDE_CODES
    ]
    return {"notes": notes} | {name: len(rows) for name, rows in others.items()}


def _set_aside(found: Finding) -> dict[str, Any]:
    return {
        "line": found.row,
        "sheet": found.sheet,
        "name": mask_digits(found.value),
        "warnings": [_found(found)],
    }


def _missing(plan: Plan) -> list[dict[str, Any]]:
    """The people at home in the units that the file is about who do not stand in it."""
    units = {one.unit.pk: one.unit.name for one in plan.rows if one.unit}
    missing = []
    for chunk in chunked(units):
        homes = Affiliation.objects.filter(unit__in=chunk, nature=Nature.HOME, ended_on=None)
        rows = homes.order_by("unit__path", "person__pinyin")
        missing += [
            {"person": str(pk), "name": name, "unit": units[unit]}
            for pk, name, unit in rows.values_list("person", "person__name", "unit")
            if pk not in plan.met
        ]
    return missing


def read_page(page: ImportPage) -> list[dict[str, Any]]:
    """The rows of a page, as plain data: codes, masked values, and what to tell of them."""
    return json.loads(zlib.decompress(open_bytes(SEALED, page.pk, page.rows)))


def _pages(
    batch: ImportBatch, plan: Plan, others: dict[str, list[dict[str, Any]]]
) -> Iterator[ImportPage]:
    number = 0
    by_outcome: dict[str, list[RowPlan]] = {outcome: [] for outcome in IN_ORDER}
    for one in plan.rows:
        by_outcome[one.outcome].append(one)
    shown: list[tuple[str, Iterable[dict[str, Any]]]] = [
        (outcome, (_told(one, plan, batch.kind) for one in rows))
        for outcome, rows in by_outcome.items()
    ]
    shown += others.items()
    for outcome, rows in shown:
        for page_rows in chunked(rows, ROWS_A_PAGE):
            number += 1
            page = ImportPage(batch=batch, number=number, outcome=outcome)
            packed = zlib.compress(json.dumps(page_rows, ensure_ascii=False).encode(), level=1)
            page.rows = seal_bytes(SEALED, page.pk, packed)
            yield page


def _told(one: RowPlan, plan: Plan, kind: str) -> dict[str, Any]:
    row, table = one.row, plan.table
    changes = one.changes
    if one.outcome == Outcome.CREATED and kind == BatchKind.ROSTER:
        changes = [
            (name, "", show_value(name, row.values[name]))
            for name in CREATED_SHOWN
            if name in row.values
        ]
    return {
        "number": row.number,
        "line": row.line,
        "sheet": table.part(row).name,
        "name": str(row.values.get("name") or row.cells.get("name") or ""),
        "unit": one.unit.name if one.unit else "",
        "outcome": one.outcome.value,
        "changes": [(name, table.heading(name, row), old, new) for name, old, new in changes],
        "errors": [_found(found) for found in row.errors],
        "warnings": [_found(found) for found in row.warnings],
        "transfer": str(one.transfer) if one.transfer else "",
        "candidates": [
            {
                "person": str(stored.person.pk),
                "birth_date": show_value("birth_date", stored.person.birth_date),
                "sex": stored.person.sex,
                "has_id_number": stored.person.id_number_index is not None,
            }
            for stored in one.candidates
        ],
    }


def _found(found: Finding) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    return found.column, found.problem.code, found.problem.params


def problem_of(code: str, params: list[list[str]]) -> Problem:
    """A finding's problem, as it was before it was stored."""
    return Problem(code, tuple((name, value) for name, value in params))
