"""Markup that goes by the name of .xls: SpreadsheetML 2003, or a web page with tables. Pure.

Office programs open such files without a word, so many an "Excel file" of an older system is one.
A document type in XML is refused: nothing is ever expanded, nothing fetched.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from xml.parsers import expat

from organizations.spreadsheets import limits
from organizations.spreadsheets.cells import Cell, Sheet, SheetError, Span, problem


def is_markup(text: str) -> bool:
    return text.lstrip().startswith(("<", "MIME-Version:"))


def read_markup(text: str) -> list[Sheet]:
    """The sheets of a SpreadsheetML workbook, or the tables of a web page. Raises SheetError."""
    head = text[:4096].lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in head and "<html" not in head:
        return _read_xml(text)
    if "<table" in text.lower() and head.lstrip().startswith("<"):
        return _read_page(text)
    raise SheetError(problem("file_markup"))


@dataclass(slots=True)
class _Grid:
    """Rows filled cell by cell, each at its place."""

    name: str = ""
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[Span] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_hidden: bool = False
    row: int = -1
    column: int = -1

    def next_row(self, at: int | None = None) -> None:
        self.row = self.row + 1 if at is None else at
        self.column = -1
        if not 0 <= self.row <= limits.MAX_ROWS:
            raise SheetError(problem("too_many_rows", limit=limits.MAX_ROWS))

    def put(self, cell: Cell, across: int = 0, down: int = 0) -> None:
        """Write into the current cell, which reaches `across` columns and `down` rows further."""
        if cell is None or cell == "":
            return
        if self.column >= limits.MAX_COLUMNS:
            raise SheetError(problem("too_many_rows", limit=limits.MAX_ROWS))
        while len(self.rows) <= self.row:
            self.rows.append([])
        line = self.rows[self.row]
        line.extend([None] * (self.column + 1 - len(line)))
        line[self.column] = cell
        if across or down:
            self.merges.append(Span(self.row, self.column, self.row + down, self.column + across))

    def sheet(self, *, counts_from_1904: bool = False) -> Sheet:
        return Sheet(
            self.name,
            self.rows,
            self.is_hidden,
            tuple(self.merges),
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
            counts_from_1904,
        )


def _count(value: str | None, most: int = limits.MAX_ROWS) -> int:
    """A count as an attribute gives it; nonsense is 0."""
    if not value or not value.isascii() or not value.isdigit():
        return 0
    return min(int(value[:9]), most)


# -- SpreadsheetML ----------------------------------------------------------
def _read_xml(text: str) -> list[Sheet]:
    reader = _XmlReader()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    start = text.find("<", text.find("?>") + 1) if text.lstrip().startswith("<?xml") else 0
    try:
        parser.Parse(text[start:].encode("utf-8", "replace"), True)
    except expat.ExpatError:
        raise SheetError(problem("file_damaged")) from None
    return [grid.sheet(counts_from_1904=reader.counts_from_1904) for grid in reader.grids]


def _refuse(*_arguments: object) -> None:
    raise SheetError(problem("file_harmful"))


class _XmlReader:
    """What expat reports of a SpreadsheetML workbook, made into grids."""

    def __init__(self) -> None:
        self.grids: list[_Grid] = []
        self.counts_from_1904 = False
        self.kind = ""
        self.text: list[str] | None = None
        self.spans = (0, 0)
        self.column = -1
        self.in_comment = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        given = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        match name:
            case "Worksheet":
                self.grids.append(_Grid(given.get("Name", "")))
                self.column = -1
            case "Date1904":
                self.counts_from_1904 = True
            case "Comment":
                self.in_comment = True
            case "Column" if self.grids:
                self._start_column(given)
            case "Row" if self.grids:
                self._start_row(given)
            case "Cell" if self.grids:
                self._start_cell(given)
            case "Data" if self.grids and not self.in_comment:
                self.kind, self.text = given.get("Type", "String"), []
            case "Visible" if self.grids:
                self.text = []

    def data(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        if name == "Comment":
            self.in_comment = False
        elif name == "Cell" and self.grids:
            self.grids[-1].column += self.spans[0]
        if self.text is None:
            return
        text = "".join(self.text)
        if name == "Data" and not self.in_comment:
            self.grids[-1].put(_value(self.kind, text), *self.spans)
            self.text = None
        elif name == "Visible":
            self.grids[-1].is_hidden = text.strip() != "SheetVisible"
            self.text = None

    def _start_column(self, given: dict[str, str]) -> None:
        first = _count(given.get("Index")) - 1 if "Index" in given else self.column + 1
        self.column = first + _count(given.get("Span"), limits.MAX_COLUMNS)
        if given.get("Hidden") == "1":
            self.grids[-1].hidden_columns.update(range(first, self.column + 1))

    def _start_row(self, given: dict[str, str]) -> None:
        grid = self.grids[-1]
        grid.next_row(_count(given["Index"], limits.MAX_ROWS + 2) - 1 if "Index" in given else None)
        hidden = given.get("Hidden") == "1"
        last = grid.row + _count(given.get("Span"))
        if hidden:
            grid.hidden_rows.update(range(grid.row, last + 1))
        if last > grid.row:  # the row's form holds for the empty ones behind it
            grid.row = last

    def _start_cell(self, given: dict[str, str]) -> None:
        grid = self.grids[-1]
        across, down = _count(given.get("MergeAcross")), _count(given.get("MergeDown"))
        grid.column = _count(given["Index"]) - 1 if "Index" in given else grid.column + 1
        self.spans = (across, down)


def _value(kind: str, text: str) -> Cell:
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            return datetime.fromisoformat(text.strip().removesuffix("Z"))
    except ValueError:
        return text
    if kind == "Boolean":
        return text.strip() == "1"
    return text


# -- web pages --------------------------------------------------------------
def _read_page(text: str) -> list[Sheet]:
    reader = _PageReader()
    reader.feed(text)
    reader.close()
    return [grid.sheet() for grid in reader.done + reader.open if grid.rows]


class _PageReader(HTMLParser):
    """The tables of a web page, one sheet each; a table within a table is one of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[_Grid] = []
        self.done: list[_Grid] = []
        self.below: list[dict[int, int]] = []
        """For each open table: how many rows further down a cell of a column reaches."""
        self.spans = (0, 0)
        self.text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self._end_cell()
            self.open.append(_Grid())
            self.below.append({})
        elif tag == "tr" and self.open:
            self._start_row(given)
        elif tag in {"td", "th"} and self.open:
            self._start_cell(given)
        elif tag == "br" and self.text is not None:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr", "table"}:
            self._end_cell()
        if tag == "table" and self.open:
            self.done.append(self.open.pop())
            self.below.pop()

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def _start_row(self, given: dict[str, str | None]) -> None:
        self._end_cell()
        grid = self.open[-1]
        grid.next_row()
        if "display:none" in (given.get("style") or "").replace(" ", "").lower():
            grid.hidden_rows.add(grid.row)
        reach = self.below[-1]
        self.below[-1] = {column: rows - 1 for column, rows in reach.items() if rows > 1}
        self.covered = set(reach)

    def _start_cell(self, given: dict[str, str | None]) -> None:
        self._end_cell()
        grid = self.open[-1]
        if grid.row < 0:
            grid.next_row()
            self.covered = set()
        grid.column += 1
        while grid.column in self.covered:
            grid.column += 1
        across = max(_count(given.get("colspan"), limits.MAX_COLUMNS) - 1, 0)
        down = max(_count(given.get("rowspan")) - 1, 0)
        if down:
            for column in range(grid.column, grid.column + across + 1):
                self.below[-1][column] = down
        self.spans = (across, down)
        self.text = []

    def _end_cell(self) -> None:
        if self.text is None or not self.open:
            return
        text = "\n".join(" ".join(line.split()) for line in "".join(self.text).split("\n"))
        self.text = None
        grid, (across, down) = self.open[-1], self.spans
        grid.put(text.strip(), across, down)
        grid.column += across
