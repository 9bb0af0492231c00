"""A report as words and tables: written once, drawn as a page, a document, a workbook, a PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.utils.translation import get_language

from assessment.phrases import day_name

CHINESE_FIGURES = "一二三四五六七八九十"

Cell = str | date
"""Words, or a day: which a workbook keeps as one, so that it can be sorted and reckoned with."""
Line = Sequence[Cell]
Words = Sequence[str]
MANY_COLUMNS = 12
KEPT_TOGETHER = 2
"""Lines at either end of a table that never stand on a page without each other."""
LONGEST_WHOLE = 120
"""Signs in a cell up to which its row stays on one page; a longer one leaves half a page white."""


@dataclass(frozen=True, slots=True)
class Table:
    """Headings, and lines that are read once and one by one: a province's are never all here."""

    headings: Sequence[str]
    lines: Iterable[Line]
    widths: Sequence[int]
    """How wide each column is beside the others; as a rule, signs of Chinese."""
    figures: frozenset[int] = frozenset()
    """Columns of numbers and days, which stand in the middle."""

    @property
    def is_dense(self) -> bool:
        """Whether it has so many columns that it needs a smaller type."""
        return len(self.headings) > MANY_COLUMNS


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it. `in_workbook_only`: too long to be read on paper."""

    heading: str
    notes: tuple[str, ...] = ()
    table: Table | None = None
    in_workbook_only: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole report."""

    title: str
    unit: str
    facts: tuple[tuple[str, str], ...]
    """Said above everything: whose, of which time, as of when, made when."""
    sections: Iterable[Section]
    signatures: tuple[str, ...]
    made_on: date
    is_wide: bool = False
    """On A4 across."""

    @property
    def head(self) -> str:
        """What runs along the top of each page."""
        return f"{self.unit}　{self.title}"


@dataclass(frozen=True, slots=True)
class Cut:
    """A table's lines as far as a page or a document takes them."""

    lines: list[Words]
    is_cut: bool


def cut(table: Table, most: int) -> Cut:
    """The first `most` lines in words, and whether there were more."""
    lines = [written(line) for line in islice(table.lines, most + 1)]
    return Cut(lines[:most], len(lines) > most)


def written(line: Line) -> Words:
    """A line in words alone."""
    return [day_name(cell) if isinstance(cell, date) else cell for cell in line]


def numbered(number: int, heading: str) -> str:
    """A heading with its number as offices write it: 一、 in Chinese, 1. in English."""
    if (get_language() or "zh").startswith("zh") and number <= len(CHINESE_FIGURES):
        return f"{CHINESE_FIGURES[number - 1]}、{heading}"
    return f"{number}. {heading}"


def counted(
    lines: Iterable[Line], tell: Callable[[int], object] | None = None, *, every: int = 200
) -> Iterator[Line]:
    """The lines with their number in front; `tell` hears now and then how many there were."""
    for number, line in enumerate(lines, start=1):
        if tell and number % every == 0:
            tell(number)
        yield (str(number), *line)
