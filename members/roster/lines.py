"""The rows of a table, without the lines that are not about one thing each. Pure.

Below and between the people stand totals, signatures, notes, and the headings again on each page.
What is passed over is told, so that nobody is lost unseen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from members.roster.cleaning import as_text, half_width, is_id_number, says_stage
from members.roster.columns import Column, heading_key
from members.roster.table import Layout
from organizations.spreadsheets.cells import Cell, Sheet, Span

FOOT = re.compile(
    r"(合计|小计|总计|共计|本页合计|本页小计)|"
    r"(填表人|制表人|制表|填报人|填报单位|审核人|审核|复核人|负责人|经办人|联系人|单位负责人|主要负责人"
    r"|支部书记|书记|填表日期|填报日期|填表时间|统计日期|日期|单位|盖章|签字|签名|报送时间)"
    r"(\(?(签字|签名|盖章|公章)\)?)?[:：(]|"
    r"(注|备注|说明|填表说明|填写说明|注意事项)([:：]|$)|共\d+[人名]|第\d+页|"
    r"\(?(盖章|公章|签章|签字)\)?[:：]?$"
)
"""How lines at the foot begin: totals, signatures, notes."""
SENTENCE = re.compile(r"[。；;：:，,、()（）《》\s\d]")
AT_ONCE = 1_000
LONG = 6
"""A lone text of more characters than this, with a sign of a sentence in it, is no name."""


@dataclass(slots=True)
class Lines:
    """The rows below the headings: `passed` are those that are not about one thing each."""

    layout: Layout
    columns: tuple[Column, ...]
    passed: list[tuple[int, str]] = field(default_factory=list)
    """Row from 0, and what stands there."""
    headings_again: list[int] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Each row that is about something, with its number from 0. Fills `passed` on its way."""
        sheet, places = self.layout.sheet, self.layout.mapping.places
        required = [
            places[one.field] for one in self.columns if one.is_required and one.field in places
        ]
        head_place = min(places.values(), default=0)
        head = {self.layout.text(head_place), *_cells_at(sheet, self.layout, head_place)}
        filled_down = _filled_down(self.layout)
        last = max([head_place, *required])
        plain = _Plain(head_place, required, head)
        for row, cells, is_plain in _in_blocks(sheet.rows, self.layout.last + 1, plain):
            if is_plain and not filled_down:
                yield row, cells
                continue
            if row in filled_down:
                cells = _with(cells, filled_down[row])
            if len(cells) <= last:
                cells = [*cells, *[None] * (last + 1 - len(cells))]
            begins = cells[head_place]
            is_odd = begins in head or _is_number(begins)
            for place in required:
                is_odd = is_odd or cells[place] in _NOTHING
            if is_odd and self._is_no_row(row, cells):
                continue
            yield row, cells

    def _is_no_row(self, row: int, cells: Sequence[Cell]) -> bool:
        """Whether a row is empty, or one of the lines that are not about one thing; notes those."""
        texts = {place: text for place, cell in enumerate(cells) if (text := as_text(cell))}
        if not texts:
            return True
        if self._are_headings(texts) or _numbers_columns(texts):
            self.headings_again.append(row)
            return True
        if self._is_line(row, texts):
            self.passed.append((row, " ".join(texts.values())))
            return True
        return False

    def _are_headings(self, texts: dict[int, str]) -> bool:
        keys = {place: heading_key(text) for place, text in enumerate(self.layout.texts)}
        own = [part for place in keys for part in heading_key(keys[place]).split("/") if part]
        same = sum(heading_key(text) in own for text in texts.values())
        return len(texts) > 1 and same > len(texts) / 2

    def _is_line(self, row: int, texts: dict[int, str]) -> bool:
        places = self.layout.mapping.places
        number, stage = (texts.get(places.get(name, -1), "") for name in ("id_number", "stage"))
        if is_id_number(number) or (says_stage(stage) and places.get("name") in texts):
            return False
        words = ["".join(half_width(text).split()) for text in texts.values()]
        words = [word for word in words if not word.isdigit()] or words
        if FOOT.match(words[0]):
            return True
        spans = [span for span in self._wide_spans() if span.top == row]
        if spans and all(_covered(place, spans) for place in texts):
            return True
        (first, *others) = texts.values()
        is_title = any(
            first == as_text(cell)
            for above in self.layout.sheet.rows[: self.layout.first]
            for cell in above
        )
        is_sentence = len(first) > LONG and bool(SENTENCE.search(first))
        return not others and (is_title or is_sentence)

    def _wide_spans(self) -> list[Span]:
        return [span for span in self.layout.sheet.merges if span.right > span.left]


_NOTHING = (None, "")


@dataclass(frozen=True, slots=True)
class _Plain:
    """Tells of a block of rows whether all are plainly about one thing each, as most blocks are."""

    head_place: int
    required: Sequence[int]
    head: set[Cell]

    def __call__(self, block: Sequence[Sequence[Cell]]) -> bool:
        if min(map(len, block)) <= max([self.head_place, *self.required]):
            return False
        begins = [cells[self.head_place] for cells in block]
        if set(map(type, begins)) != {str} or not self.head.isdisjoint(begins):
            return False
        if any(str(begin).isdigit() for begin in begins):
            return False
        columns = ([cells[place] for cells in block] for place in self.required)
        return all("" not in column and None not in column for column in columns)


def _in_blocks(
    rows: Sequence[Sequence[Cell]], first: int, is_plain: Callable[[Sequence[Sequence[Cell]]], bool]
) -> Iterator[tuple[int, Sequence[Cell], bool]]:
    """Each row from `first` on, and whether its block is plain."""
    start = first
    while block := rows[start : start + AT_ONCE]:
        answer = is_plain(block)
        for row, cells in enumerate(block, start):
            yield row, cells, answer
        start += AT_ONCE


def _cells_at(sheet: Sheet, layout: Layout, place: int) -> list[Cell]:
    rows = sheet.rows[layout.first : layout.last + 1]
    return [row[place] for row in rows if place < len(row) and row[place] not in _NOTHING]


def _numbers_columns(texts: dict[int, str]) -> bool:
    """Whether a row only counts the columns, as forms do below their headings: 1 2 3 4."""
    values = [text for text in texts.values() if text not in {"栏次", "甲", "乙"}]
    return len(values) > 2 and values in (
        [str(number) for number in range(1, len(values) + 1)],
        [str(number) for number in range(len(values))],
    )


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) or (isinstance(cell, str) and cell.isdigit())


def _covered(place: int, spans: Sequence[Span]) -> bool:
    return any(span.left <= place <= span.right for span in spans)


def _filled_down(layout: Layout) -> dict[int, dict[int, Cell]]:
    """For rows below the first of a cell merged downwards: what the spreadsheet shows there.

    A branch's name is often written once for all of its members. Who somebody is, is not: a
    merged name or ID number stays with its first row.
    """
    places = layout.mapping.places
    own = {places.get("name"), places.get("id_number")}
    used = set(places.values()) - own
    found: dict[int, dict[int, Cell]] = {}
    for span in layout.sheet.merges:
        if span.top <= layout.last or span.bottom == span.top or span.left != span.right:
            continue
        if span.left in used:
            line = layout.sheet.rows[span.top] if span.top < len(layout.sheet.rows) else []
            cell = line[span.left] if span.left < len(line) else None
            for row in range(span.top + 1, span.bottom + 1):
                found.setdefault(row, {})[span.left] = cell
    return found


def _with(cells: Sequence[Cell], others: dict[int, Cell]) -> list[Cell]:
    filled = list(cells) + [None] * (max(others) + 1 - len(cells))
    is_blank = not any(as_text(cell) for cell in cells)
    for place, cell in others.items():
        if not is_blank and filled[place] in _NOTHING:
            filled[place] = cell
    return filled
