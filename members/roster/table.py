"""Where the table of a sheet is, and which of its columns is which. Pure.

Sheets made by hand have titles above the headings, headings over two rows with merged cells, and
headings that nobody has thought of. Which rows below count, lines.py says.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from members.roster import columns as headings_module
from members.roster.cleaning import as_text, half_width
from members.roster.columns import Column, heading_key, map_keys, missing_headings, propose_field
from organizations.spreadsheets.cells import Cell, Sheet

HEADING_ROWS = 20
"""How many rows from the top may stand above the headings: titles, a line "unit: … date: …"."""
DEEPEST = 3
"""Over how many rows headings may reach."""
SAMPLED = 100
SAMPLES = 3
MANY_DIGITS = re.compile(r"\d{5}")


@dataclass(frozen=True, slots=True)
class Hand:
    """How somebody said that a sheet of some shape is to be read, in place of what was found."""

    columns: Mapping[int, str | None] = field(default_factory=dict)
    """Column from 0, and its field, or None for one that is not to be read."""
    lower: int = 0
    """How many rows below the first one that was found the headings stand; may be negative."""


Given = Mapping[str, Hand]
"""What was said by hand, by fingerprint of the headings that were found."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sheet that is to be read."""

    name: str
    unit: str = ""
    """The code of the unit that rows belong to which name none; empty: the file's unit."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How a file is to be read, as far as somebody said so."""

    sheets: tuple[Chosen, ...] = ()
    """Which of its sheets; none: the first that fits."""
    given: Given = field(default_factory=dict)
    is_complete: bool = False
    """Whether the sheets that are not named were left out on purpose."""
    recalled_on: str = ""
    """The day on which it was said, if that was for another file of the same shape."""


AS_FOUND = Choice()


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of the file as its heading shows it."""

    place: int
    """Counted from 0."""
    text: str
    field: str | None = None
    """What is read from it."""
    proposal: str | None = None
    """What an unknown one most likely is: for a person to decide."""
    filled: float = 0
    """The share of the first rows that have something here, from 0 to 1."""
    samples: tuple[str, ...] = ()
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet is to be read. Rows are counted from 0."""

    sheet: Sheet
    first: int
    """The first row of the headings."""
    last: int
    texts: tuple[str, ...]
    """The heading of each column, its levels joined by a stroke."""
    mapping: headings_module.Mapping
    shape: str = ""
    """The fingerprint of the headings that were found, also where a hand has said otherwise."""

    def text(self, place: int) -> str:
        """The heading of a column; empty for one that has none."""
        return self.texts[place] if place < len(self.texts) else ""

    @property
    def is_usable(self) -> bool:
        """Whether all that is required has its column."""
        return not self.mapping.missing

    @property
    def fingerprint(self) -> str:
        """The same for sheets with the same headings in the same order."""
        keys = [heading_key(text) for text in self.texts]
        while keys and not keys[-1]:
            keys.pop()
        return hashlib.sha256("\x1f".join(keys).encode()).hexdigest()[:32]

    def headings(self, columns: Sequence[Column]) -> list[Heading]:
        """Every column that has a heading or cells, for mapping by hand."""
        by_place = {place: name for name, place in self.mapping.places.items()}
        rows = _full_ones(self.sheet.rows[self.last + 1 : self.last + 1 + SAMPLED])
        taken = set(self.mapping.places)
        found = []
        for place in range(max(map(len, (self.texts, *rows)), default=0)):
            text = self.text(place)
            cells = [row[place] for row in rows if place < len(row) and as_text(row[place])]
            if not text and not cells:
                continue
            proposal = None
            if place not in by_place:
                proposal = propose_field(heading_key(text), cells, columns, taken)
                taken |= {proposal} if proposal else set()
            found.append(
                Heading(
                    place,
                    text,
                    by_place.get(place),
                    proposal,
                    len(cells) / max(len(rows), 1),
                    tuple(dict.fromkeys(map(as_text, cells)))[:SAMPLES],
                    place in self.sheet.hidden_columns,
                )
            )
        return found


def _full_ones(rows: Sequence[Sequence[Cell]]) -> list[Sequence[Cell]]:
    """The rows that are filled at least half as well as the fullest: no totals and signatures."""
    filled = [sum(1 for cell in row if as_text(cell)) for row in rows]
    enough = max(filled, default=0) / 2
    return [row for row, count in zip(rows, filled, strict=True) if count and count >= enough]


def usable_first(layouts: Sequence[Layout]) -> list[Layout]:
    """Those that can be read, hidden sheets last."""
    return sorted((one for one in layouts if one.is_usable), key=lambda one: one.sheet.is_hidden)


# -- headings ---------------------------------------------------------------
def find_layout(sheet: Sheet, columns: tuple[Column, ...], given: Given | None = None) -> Layout:
    """The rows that hold the most known headings, and what each column is.

    What was said by hand for such headings holds instead of what is known of them.
    """
    found = _laid_out(sheet, *_find_headings(sheet, columns), columns)
    found = replace(found, shape=found.fingerprint)
    hand = (given or {}).get(found.shape)
    if hand is None:
        return replace(found, mapping=_without_stood_in(found, columns))
    if hand.lower:
        top = min(max(found.first + hand.lower, 0), len(sheet.rows) - 1)
        found = replace(_laid_out(sheet, top, _deepest(sheet, top), columns), shape=found.shape)
    if hand.columns:
        found = replace(found, mapping=_mapped_by_hand(found, hand.columns, columns))
    return replace(found, mapping=_without_stood_in(found, columns))


def _find_headings(sheet: Sheet, columns: tuple[Column, ...]) -> tuple[int, int]:
    """The first and the last row of the headings."""
    known = _known_words(columns)
    scores = [
        _score(_levels(sheet, row, row), known) for row in range(len(sheet.rows[:HEADING_ROWS]))
    ]
    best = max(scores)
    first = last = scores.index(best) if best else _fullest(sheet)
    for deeper in range(first + 1, len(sheet.rows[: first + DEEPEST])):
        if _looks_like_data(sheet.rows[deeper]):
            break
        score = _score(_levels(sheet, first, deeper), known)
        if score > best or _reaches(sheet, first, deeper):
            last, best = deeper, max(score, best)
    # A row above may hold the other half: 基本情况 over 姓名, but 人员类别 over both rows.
    while first > 0 and last - first < DEEPEST - 1:
        score = _score(_levels(sheet, first - 1, last), known)
        if score <= best and not _reaches(sheet, first - 1, first):
            break
        first, best = first - 1, max(score, best)
    return first, last


def _deepest(sheet: Sheet, first: int) -> int:
    """The last row of headings that begin at `first`, where a merged one reaches further down."""
    deeper = range(first + 1, len(sheet.rows[: first + DEEPEST]))
    return max((row for row in deeper if _reaches(sheet, first, row)), default=first)


def _laid_out(sheet: Sheet, first: int, last: int, columns: tuple[Column, ...]) -> Layout:
    levels = _levels(sheet, first, last)
    return Layout(
        sheet,
        first,
        last,
        tuple("/".join(parts) for parts in levels),
        map_keys([_ways(parts) for parts in levels], columns),
    )


def _fullest(sheet: Sheet) -> int:
    """Where no heading is known: the first row that has texts in most columns."""
    filled = [
        0 if _looks_like_data(row) else sum(bool(as_text(cell)) for cell in row)
        for row in sheet.rows[:HEADING_ROWS]
    ]
    return filled.index(max(filled))


def _known_words(columns: Sequence[Column]) -> frozenset[str]:
    words = [word for column in columns for word in (column.heading, *column.aliases)]
    return frozenset(map(heading_key, words))


def _score(levels: Sequence[Sequence[str]], known: frozenset[str]) -> int:
    """How many different known headings there are."""
    return len(
        {way for parts in levels for way in _ways(parts)[:1] if way in known}
        | {way for parts in levels for way in _ways(parts)[1:2] if way in known}
    )


def _ways(parts: Sequence[str]) -> list[str]:
    """How a heading over several rows may be read: its lowest part, or all parts as one word."""
    keys = [key for key in map(heading_key, parts) if key]
    if not keys:
        return []
    return [*dict.fromkeys([keys[-1], "".join(keys)])]


def _levels(sheet: Sheet, first: int, last: int) -> list[list[str]]:
    """The parts of each column's heading, from above; merged cells count for all they cover."""
    width = max((len(row) for row in sheet.rows[first : last + 1]), default=0)
    levels: list[list[str]] = [[] for _ in range(width)]
    for row in range(first, last + 1):
        texts = _texts(sheet, row, width)
        if row < last:
            texts = _spread(sheet, row, texts)
        for place, text in enumerate(texts):
            if text and text not in levels[place]:
                levels[place].append(text)
    return levels


def _texts(sheet: Sheet, row: int, width: int) -> list[str]:
    cells = sheet.rows[row]
    return ["".join(as_text(cell).split()) for cell in cells] + [""] * (width - len(cells))


def _spread(sheet: Sheet, row: int, texts: list[str]) -> list[str]:
    """A row of headings with the text of each merged cell in all columns that it covers.

    Where the file does not tell what is merged, an empty cell belongs to the one on its left if
    there is something below it.
    """
    if sheet.merges:
        for span in sheet.merges:
            if span.top == row and span.left < len(texts):
                for place in range(span.left, min(span.right + 1, len(texts))):
                    texts[place] = texts[span.left]
        return texts
    below = _texts(sheet, row + 1, len(texts))
    for place in range(1, len(texts)):
        if not texts[place] and below[place] and below[place - 1] and texts[place - 1]:
            texts[place] = texts[place - 1]
    return texts


def _looks_like_data(cells: Sequence[Cell]) -> bool:
    return any(
        (isinstance(cell, int | float | date) and not isinstance(cell, bool))
        or MANY_DIGITS.search(half_width(as_text(cell)))
        for cell in cells
    )


def _reaches(sheet: Sheet, first: int, row: int) -> bool:
    """Whether a merged heading reaches down from the first row of headings to this one."""
    return any(span.top == first and span.bottom >= row > span.top for span in sheet.merges)


def _mapped_by_hand(
    layout: Layout, by_hand: Mapping[int, str | None], columns: Sequence[Column]
) -> headings_module.Mapping:
    fields = {column.field for column in columns}
    places = {name: place for place, name in by_hand.items() if name in fields}
    used = set(places.values())
    unused = [text for place, text in enumerate(layout.texts) if text and place not in used]
    return headings_module.Mapping(places, tuple(unused), missing_headings(columns, places))


def _without_stood_in(layout: Layout, columns: Sequence[Column]) -> headings_module.Mapping:
    """The mapping, missing no heading that another column stands in for.

    Not where the file has the thing itself below a heading that is not known: that one is to be
    mapped, or ID numbers would be left unread.
    """
    mapping, rows = layout.mapping, layout.sheet.rows[layout.last + 1 : layout.last + 1 + SAMPLED]
    stood_in = set()
    for column in columns:
        if column.stand_in is None or column.heading not in mapping.missing:
            continue
        other, says_so = column.stand_in
        place = mapping.places.get(other, -1)
        looks_like = column.looks_like or says_so
        unread = (
            cell for row in rows for at, cell in enumerate(row) if at not in mapping.places.values()
        )
        is_there = any(0 <= place < len(row) and says_so(row[place]) for row in rows)
        if is_there and not any(map(looks_like, unread)):
            stood_in.add(column.heading)
    missing = tuple(heading for heading in mapping.missing if heading not in stood_in)
    return replace(mapping, missing=missing)
