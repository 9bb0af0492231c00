"""The parts of the matrix that stand on a page thousands of times: drawn once, then filled in.

A cell says one of a few dozen things, and differs from the next only in where it leads and in its
numbers. Each such thing is drawn by its template once for each language, with places left open,
and kept in this process; a cell is that text with the places filled. A matrix of 300 units is drawn
so in a tenth of the time that a template for each cell takes (0025).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from urllib.parse import quote

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from assessment.columns import Column
from assessment.dashboards import Cell, Group, Line
from assessment.phrases import MARKS
from assessment.terms import Status

OPEN = ("href", "name", "class", "figures", "text", "number", "inside", "code", "rows")
"""The places that a stamp leaves open."""
EDGE = "openplace"
ANYWHERE = "0anywhere0"
"""Stands for a unit's code in an address until it is known."""
SAFE = "!$&'()*+,;=/~:@"
"""What Django leaves as it is in an address besides letters and digits (RFC 3986)."""
STAMPS_KEPT = 8_192


@lru_cache(maxsize=STAMPS_KEPT)
def stamp(name: str, language: str, status: str = "", **said: str | int) -> str:
    """A part as a format string: `stamp % {"href": …}`; `language` is the one in force."""
    marks = {place: f"{EDGE}-{place}-{EDGE}" for place in OPEN}
    context = marks | said | {"mark": MARKS[Status(status)] if status else None}
    text = render_to_string(f"assessment/{name}.html", context).replace("\n", "").replace("%", "%%")
    for place, mark in marks.items():
        text = text.replace(mark, f"%({place})s")
    return text


@lru_cache(maxsize=1_024)
def _address(route: str, *rest: str) -> str:
    """The address of a page of a unit, as a format string for the unit's code."""
    return reverse(route, args=[ANYWHERE, *rest]).replace("%", "%%").replace(ANYWHERE, "%s")


class Stamper:
    """Draws lines of one matrix: as of a day, in the language in force."""

    def __init__(self, on: date, *, is_today: bool) -> None:
        self.language = get_language()
        self.day = "" if is_today else f"on={on.isoformat()}"
        self.query = f"?{self.day}" if self.day else ""
        self.titles: dict[tuple[str, str], SafeString] = {}
        self.shared: dict[int, tuple[Cell, str, str]] = {}
        """Cells that many units share, drawn but for the unit's code: what comes before and after.
        The cell is held too, so that its number stays its own."""

    def group(self, group: Group, rows: str, toggle: str, **said: bool) -> str:
        """A street with its `rows`, drawn; `toggle`: where it is opened or closed."""
        drawn = stamp(
            "matrix_group",
            self.language,
            units=len(group.lines),
            is_flat=group.is_flat,
            is_open=group.is_open,
            **said,
        )
        return drawn % {
            "code": escape(group.place.code),
            "name": escape(group.place.name),
            "href": escape(toggle),
            "inside": "" if group.is_flat else self.calls(group.whole) + self.sums(group.whole),
            "rows": rows,
        }

    def total(self, cells: Iterable[Cell]) -> SafeString:
        """The cells of all units together."""
        drawn = [
            stamp(
                "matrix_total",
                self.language,
                cell.status.value,
                title=self._title(cell.column),
                is_calm=cell.is_calm,
                is_empty=cell.is_empty,
                is_judged=cell.tally.judged > 0,
            )
            % {"figures": f"{cell.tally.met}/{cell.tally.judged}", "number": cell.tally.rate}
            for cell in cells
        ]
        return mark_safe("".join(drawn))  # noqa: S308  (drawn by a template, numbers filled in)

    def row(self, line: Line, name: str, kind: str) -> SafeString:
        """A line of the table: a unit with its cells. `kind` is a class of the style sheet."""
        code = quote(line.place.code, safe=SAFE)
        deep = " mx-deep" if line.place.depth > 2 else ""
        filled = stamp("matrix_row", self.language) % {
            "class": kind + deep,
            "href": _address("assessment:unit") % code + self.query,
            "name": escape(name),
            "inside": self.calls(line) + self.cells(line),
        }
        return mark_safe(filled)  # noqa: S308  (drawn by a template, what is filled in escaped)

    def calls(self, line: Line) -> SafeString:
        """What calls for somebody in the line."""
        marks = [
            stamp("matrix_call", self.language, mark.status) % {"number": number}
            for mark, number in line.calling
        ]
        if before := line.missed_before:
            marks.append(stamp("matrix_before", self.language, whole=True) % {"number": before})
        drawn = "".join(marks)
        return mark_safe(f'<td class="mx-calls">{drawn}</td>')  # noqa: S308

    def cells(self, line: Line) -> SafeString:
        """One verdict as shape and word, several as a fraction."""
        code = quote(line.place.code, safe=SAFE)
        drawn = "".join([self._of_unit(cell, code) for cell in line.cells])
        return mark_safe(drawn)  # noqa: S308  (drawn by a template, what is filled in escaped)

    def sums(self, line: Line) -> SafeString:
        """The same of a line that sums others: no two have the same cells."""
        code = quote(line.place.code, safe=SAFE)
        return mark_safe("".join([self._cell(cell, code) for cell in line.cells]))  # noqa: S308

    def _of_unit(self, cell: Cell, code: str) -> str:
        known = self.shared.get(id(cell))
        if known is None:
            before, _code, after = self._cell(cell, ANYWHERE).partition(ANYWHERE)
            known = self.shared[id(cell)] = cell, before, after
        _cell, before, after = known
        return f"{before}{code}{after}" if after else before

    def _cell(self, cell: Cell, code: str) -> str:
        column, tally, row, place, before = cell
        kind = "none" if tally.asks_nobody else "one" if row else "many"
        drawn = stamp(
            "matrix_cell",
            self.language,
            tally.status.value,
            kind=kind,
            title=self._title(column),
            is_calm=cell.is_calm,
            has_before=before > 0,
        )
        if kind == "none":
            return drawn % {"number": before} if before else drawn % {}
        if row:
            owner = quote(place.code, safe=SAFE) if place else code
            href = _address("assessment:rule", column.rule.id) % owner + self.query
            figures, text = row.figures, self._word(tally.status)
        else:
            also = f"&amp;{self.day}" if self.day else ""
            href = f"{_over_all(column.rule.id)}?street={code}{also}"
            figures = ""
            judged = tally.judged
            text = f"{tally.met}/{judged}" if judged else self._word(tally.status)
        return drawn % {"href": href, "figures": figures, "text": text, "number": before}

    def _title(self, column: Column) -> SafeString:
        if column.key not in self.titles:
            self.titles[column.key] = escape(column.title)
        return self.titles[column.key]

    def _word(self, status: Status) -> str:
        return _word(status, self.language)


@lru_cache(maxsize=64)
def _word(status: Status, language: str) -> SafeString:
    return escape(MARKS[status].word)


@lru_cache(maxsize=256)
def _over_all(rule: str) -> str:
    return reverse("assessment:of_rule", args=[rule])
