"""The step "sheet and headings" of an import: which sheets are meant, and which column is which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.privacy import mask_digits, mask_id_number
from members.roster.choosing import can_be_mapped, has_proposals, unit_named
from members.roster.cleaning import as_text
from members.roster.columns import Column
from members.roster.lines import Lines
from members.roster.messages import message
from members.roster.table import (
    HEADING_ROWS,
    Choice,
    Chosen,
    Hand,
    Heading,
    Layout,
    find_layout,
    usable_first,
)
from members.roster.units import UnitFinder
from organizations.spreadsheets.cells import Cell, Problem, Sheet
from organizations.wording import listed

FIRST_ROWS = 5
MASKED = frozenset({"id_number", "phone"})
NOT_READ = gettext_lazy("— not read —")


@dataclass(frozen=True, slots=True)
class Shape:
    """The sheets of one shape, which are mapped together; the first of them is shown."""

    number: int
    layouts: tuple[Layout, ...]
    headings: tuple[Heading, ...]
    found_at: int
    """The first row of headings that was found, from 0."""

    @property
    def layout(self) -> Layout:
        return self.layouts[0]

    def first_rows(self) -> list[tuple[int, list[str]]]:
        """The rows below the headings, as the page may show them."""
        layout = self.layout
        rows = layout.sheet.rows[layout.last + 1 : layout.last + 1 + FIRST_ROWS]
        return [
            (number, [shown(row, heading) for heading in self.headings])
            for number, row in enumerate(rows, start=layout.last + 2)
        ]


def shown(row: Sequence[Cell], heading: Heading) -> str:
    return masked(as_text(row[heading.place]) if heading.place < len(row) else "", heading)


def masked(text: str, heading: Heading) -> str:
    """A cell as the page may show it: identifiers hidden."""
    if {heading.field, heading.proposal} & MASKED and any(sign.isdigit() for sign in text):
        return mask_id_number(text)
    return mask_digits(text)


class LayoutForm(forms.Form):
    """Fields: for each sheet whether it is read and for which unit; for each shape of headings
    where they stand and what each column is."""

    def __init__(
        self,
        *args: Any,
        sheets: Sequence[Sheet],
        columns: tuple[Column, ...],
        choice: Choice,
        finder: UnitFinder | None,
        rows: dict[str, str],
        **kwargs: Any,
    ) -> None:
        """`rows` are the rows of headings asked for, as the address or the form says them; without
        a `finder`, sheets have no unit of their own."""
        super().__init__(*args, **kwargs)
        self.sheets, self.columns, self.choice, self.finder = sheets, columns, choice, finder
        found = [find_layout(sheet, columns) for sheet in sheets]
        lowered = self._lowered(found, rows)
        self.layouts = [find_layout(sheet, columns, lowered) for sheet in sheets]
        self.shapes = list(self._shapes(found))
        self.label_suffix = ""
        if len(sheets) > 1:
            self._add_sheets()
        for shape in self.shapes:
            self._add_shape(shape)

    def _lowered(self, found: Sequence[Layout], rows: dict[str, str]) -> dict[str, Hand]:
        """What was chosen before, with the headings in the rows asked for now."""
        given = dict(self.choice.given)
        for number, layout in enumerate(_first_of_each(found)):
            asked = rows.get(f"row-{number}", "")
            # Asked for by a row: of a large file the last rows need not have come in.
            if asked.isdecimal() and layout.sheet.rows[max(int(asked) - 1, 0) : int(asked)]:
                lower = int(asked) - 1 - layout.first
                before = given.get(layout.shape, Hand())
                if lower != before.lower:
                    given[layout.shape] = Hand(lower=lower)
        return given

    def _shapes(self, found: Sequence[Layout]) -> Iterator[Shape]:
        for number, first in enumerate(_first_of_each(found)):
            same = tuple(one for one in self.layouts if one.shape == first.shape)
            yield Shape(number, same, tuple(same[0].headings(self.columns)), first.first)

    # -- fields ---------------------------------------------------------------
    def _add_sheets(self) -> None:
        named = {one.name: one for one in self.choice.sheets}
        usable = [one for one in self.layouts if one.is_usable and not one.sheet.is_hidden]
        meant = usable or usable_first(self.layouts)[:1] or self.layouts[:1]
        for number, layout in enumerate(self.layouts):
            before = named.get(layout.sheet.name)
            is_read = before is not None if named else any(layout is one for one in meant)
            self.fields[f"sheet-{number}"] = forms.BooleanField(
                label=layout.sheet.name, required=False, initial=is_read
            )
            if self.finder is None:
                continue
            unit = before.unit if before else unit_named(layout, self.finder)
            self.fields[f"unit-{number}"] = forms.CharField(
                label=_("Unit of the sheet %(sheet)s") % {"sheet": layout.sheet.name},
                required=False,
                max_length=200,
                initial=unit,
                widget=forms.TextInput(
                    attrs={
                        "list": "units-of-sheets",
                        "autocomplete": "off",
                        "placeholder": self.finder.top.name,
                    }
                ),
            )

    def _add_shape(self, shape: Shape) -> None:
        last = len(shape.layout.sheet.rows[: 2 * HEADING_ROWS])
        self.fields[f"row-{shape.number}"] = forms.IntegerField(
            label=_("The headings stand in row"),
            min_value=1,
            max_value=last,
            initial=shape.layout.first + 1,
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )
        options = [("", NOT_READ), *((one.field, one.heading) for one in self.columns)]
        by_hand = self.choice.given.get(shape.layout.shape)
        for heading in shape.headings:
            is_decided = by_hand is not None and bool(by_hand.columns)
            proposal = None if is_decided else heading.proposal
            self.fields[as_name(shape, heading)] = forms.ChoiceField(
                label=heading.text or _("Column %(number)s") % {"number": heading.place + 1},
                required=False,
                choices=options,
                initial=heading.field or proposal or "",
            )

    # -- for the page ---------------------------------------------------------
    def sheet_lines(self) -> list[dict[str, Any]]:
        """A line for each sheet; none where there is only one."""
        if len(self.layouts) == 1:
            return []
        return [
            {
                "name": layout.sheet.name,
                "is_hidden": layout.sheet.is_hidden,
                "count": sum(1 for _line in Lines(layout, self.columns)),
                "lacks": listed(layout.mapping.missing),
                "names_units": "unit" in layout.mapping.places,
                "is_read": self[f"sheet-{number}"],
                "unit": self[f"unit-{number}"] if f"unit-{number}" in self.fields else None,
            }
            for number, layout in enumerate(self.layouts)
        ]

    def shape_cards(self) -> list[dict[str, Any]]:
        """What the page shows of each shape: its columns, and its first rows."""
        return [
            {
                "names": listed(one.sheet.name for one in shape.layouts if one.sheet.name),
                "row": self[f"row-{shape.number}"],
                "columns": [self._column(shape, heading) for heading in shape.headings],
                "missing": listed(shape.layout.mapping.missing),
                "first_rows": shape.first_rows(),
                "is_open": self._is_open(shape),
            }
            for shape in self.shapes
        ]

    def _is_open(self, shape: Shape) -> bool:
        """Whether there is something to look at: not where all is clear, nor on mere notes."""
        if len(self.shapes) == 1 or any(
            name in self.errors for name in self.fields if name.startswith(f"as-{shape.number}-")
        ):
            return True
        layout = shape.layout
        needs_mapping = not layout.is_usable and can_be_mapped(layout, self.columns)
        return needs_mapping or has_proposals(layout, self.columns)

    def _column(self, shape: Shape, heading: Heading) -> dict[str, Any]:
        field = self[as_name(shape, heading)]
        return {
            "heading": heading,
            "field": field,
            "filled": round(heading.filled * 100),
            "samples": [masked(text, heading) for text in heading.samples],
            "is_proposed": bool(heading.proposal) and field.initial == heading.proposal,
        }

    # -- what was chosen --------------------------------------------------------
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        numbers = range(len(self.layouts))
        self.read = [
            number for number in numbers if len(numbers) == 1 or data.get(f"sheet-{number}")
        ]
        if not self.read:
            self.add_error(None, _("Choose at least one sheet."))
        wanted = {self.layouts[number].shape for number in self.read}
        self.given: dict[str, Hand] = {}
        for shape in self.shapes:
            if shape.layout.shape in wanted:
                self._clean_shape(shape, data)
        for number in self.read:
            self._clean_unit(number, data)
        if not self.errors:
            self._refuse_missing()
        return data

    def _clean_shape(self, shape: Shape, data: dict[str, Any]) -> None:
        chosen = {
            heading.place: data.get(as_name(shape, heading)) or None for heading in shape.headings
        }
        counted = Counter(name for name in chosen.values() if name)
        for heading in shape.headings:
            if counted[chosen[heading.place] or ""] > 1:
                told = _("Two columns can't be the same: leave one of them unread.")
                self.add_error(as_name(shape, heading), told)
        row = data.get(f"row-{shape.number}")
        lower = row - 1 - shape.found_at if row else 0
        found = {place: name for name, place in shape.layout.mapping.places.items()}
        as_found = {heading.place: found.get(heading.place) for heading in shape.headings}
        is_by_hand = chosen != as_found or has_proposals(shape.layout, self.columns)
        known = shape.layout.shape in self.choice.given
        if is_by_hand or lower or known:
            self.given[shape.layout.shape] = Hand(chosen, lower)

    def _clean_unit(self, number: int, data: dict[str, Any]) -> None:
        name = f"unit-{number}"
        text = (data.get(name) or "").strip()
        if self.finder is None or not text:
            return
        unit = self.finder.find(text)
        if isinstance(unit, Problem):
            self.add_error(name, message(unit))
        else:
            data[name] = unit.code

    def _refuse_missing(self) -> None:
        for number in self.read:
            sheet = self.sheets[number]
            missing = find_layout(sheet, self.columns, self.given).mapping.missing
            if missing:
                told = _("Say which columns these are: %(headings)s.")
                words = told % {"headings": listed(missing)}
                named = len(self.sheets) > 1 and sheet.name
                self.add_error(None, f"{sheet.name}: {words}" if named else words)

    @property
    def chosen(self) -> Choice:
        """How the file is to be read, once the form is valid."""
        if len(self.sheets) == 1:
            return Choice(given=self.given, is_complete=True)
        sheets = tuple(
            Chosen(self.sheets[number].name, self.cleaned_data.get(f"unit-{number}") or "")
            for number in self.read
        )
        return Choice(sheets, self.given, is_complete=True)


def as_name(shape: Shape, heading: Heading) -> str:
    """The name of the field that says what a column is."""
    return f"as-{shape.number}-{heading.place}"


def _first_of_each(layouts: Sequence[Layout]) -> list[Layout]:
    """The first layout of each shape."""
    first: dict[str, Layout] = {}
    for layout in layouts:
        first.setdefault(layout.shape, layout)
    return list(first.values())
