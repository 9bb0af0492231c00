"""A file of what units have: read by the headings of the list's own workbook, checked row by row.

The columns are those of the model, the checks those of the form, the writes those of the services:
a file can do nothing that a person at the form could not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.forms import BaseForm
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from accounts.models import User
from organizations.actions import Action
from organizations.errors import OrganizationError
from organizations.models import Unit
from organizations.spreadsheets.cells import Cell
from organizations.standing_rows import fields_of, heading_of

if TYPE_CHECKING:
    from organizations.standing_views import Thing

MOST_ROWS = 1_000
"""Rows of one file: each is checked by the form, and a community has a handful."""
LANGUAGES = ("zh-hans", "en")
CODE, ENDED = "code", "ended_on"
KEYS = {"bodies": ("kind",), "funds": ("year", "source")}
"""By what a thing of a unit is known again; all others by their name."""
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
YES, NO = {"是", "有", "yes", "true", "1"}, {"否", "无", "no", "false", "0"}

Cells = dict[str, str]
"""What a row says, by column."""


class Effect(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    ENDED = "ended"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


class FileRefusedError(Exception):
    """The file can't be used as a whole; the text says why and what to do."""


@dataclass(slots=True)
class Line:
    """One row of the file, and what it would do. `number` is what the spreadsheet shows."""

    number: int
    cells: Cells
    effect: Effect = Effect.UNCHANGED
    unit: Unit | None = None
    row: Any = None
    """What is on record already."""
    given: dict[str, Any] = field(default_factory=dict)
    """What the form makes of the cells."""
    ends_on: date | None = None
    errors: dict[str, str] = field(default_factory=dict)
    """By column."""

    def refuse(self, column: str, words: str) -> None:
        self.errors.setdefault(column, words)
        self.effect = Effect.WRONG

    @property
    def told(self) -> list[str]:
        return [*self.errors.values()]

    @property
    def is_other(self) -> bool:
        """Whether what the row says is not what is on record."""
        return any(getattr(self.row, name) != value for name, value in self.given.items())


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: rows by number, and headings that nothing is read from."""

    rows: tuple[tuple[int, Cells], ...]
    unread: tuple[str, ...] = ()


def headings_of(thing: Thing) -> dict[str, str]:
    """By column, the heading in the language that is active: those of the list's workbook."""
    named = {one.name: heading_of(one) for one in fields_of(thing.model)}
    return {CODE: _("Code"), **named}


def read(thing: Thing, table: list[list[Cell]]) -> Read:
    """The rows below the headings. Raises FileRefusedError."""
    at = next((at for at, line in enumerate(table) if any(map(_text, line))), None)
    if at is None:
        raise FileRefusedError(_("The file is empty."))
    known: dict[str, str] = {}
    for language in LANGUAGES:
        with override(language):
            known |= {title.casefold(): name for name, title in headings_of(thing).items()}
            passed_over = {_("Unit").casefold(), _("Confirmed on").casefold()}
            known |= dict.fromkeys(passed_over, "")
    names = [known.get(_text(cell).casefold()) for cell in table[at]]
    missing = [title for name, title in headings_of(thing).items() if name in _needed(thing, names)]
    if missing:
        told = {"names": ", ".join(missing)}
        raise FileRefusedError(
            _("These headings are missing: %(names)s. Take the empty template.") % told
        )
    rows = [
        (number, {name: _text(cell) for name, cell in zip(names, line, strict=False) if name})
        for number, line in enumerate(table[at + 1 :], start=at + 2)
    ]
    rows = [(number, cells) for number, cells in rows if any(cells.values())]
    if not rows:
        raise FileRefusedError(_("Below the headings the file has no rows."))
    if len(rows) > MOST_ROWS:
        most = {"most": MOST_ROWS}
        raise FileRefusedError(_("At most %(most)s rows at a time: divide the file.") % most)
    pairs = zip(table[at], names, strict=True)
    unread = tuple(text for cell, name in pairs if name is None and (text := _text(cell)))
    return Read(tuple(rows), unread)


def _needed(thing: Thing, names: Iterable[str | None]) -> set[str]:
    return {CODE, *KEYS.get(thing.name, ("name",))} - set(names)


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def plan(thing: Thing, rows: Iterable[tuple[int, Cells]], *, by: User) -> list[Line]:
    """What each row would do, as things stand now."""
    lines = [Line(number, cells) for number, cells in rows]
    units = Unit.objects.visible_to(by, action=Action.RECORD)
    codes = {line.cells.get(CODE, "").lower() for line in lines}
    reach = {unit.code: unit for unit in units.filter(code__in=codes).select_related("parent")}
    known = _known(thing, reach.values())
    seen: dict[tuple[Any, ...], int] = {}
    for line in lines:
        line.unit = reach.get(line.cells.get(CODE, "").lower())
        if line.unit is None or not line.unit.is_open:
            line.refuse(CODE, _("There is no unit of this code whose records you keep."))
            continue
        _compare(thing, line, known, seen)
    return lines


def _known(thing: Thing, units: Iterable[Unit]) -> dict[tuple[Any, ...], Any]:
    """What is on record at the units, by what it is known by; what still stands comes last."""
    rows = thing.model._default_manager.filter(unit__in=list(units)).order_by("pk")  # type: ignore[attr-defined]
    listed = sorted(rows, key=lambda row: getattr(row, ENDED, None) is None)
    return {(row.unit_id, *_key(thing, row.__dict__)): row for row in listed}


def _key(thing: Thing, values: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(values.get(name) or "") for name in KEYS.get(thing.name, ("name",)))


def _compare(
    thing: Thing, line: Line, known: Mapping[tuple[Any, ...], Any], seen: dict[Any, int]
) -> None:
    assert line.unit is not None  # noqa: S101 - `plan` has seen to it
    values = _values(thing, line)
    line.ends_on = _end_of(line, values.pop(ENDED, ""))
    key = (line.unit.pk, *_key(thing, values))
    if (first := seen.setdefault(key, line.number)) != line.number:
        line.refuse(CODE, _("The same stands in row %(row)s already.") % {"row": first})
    line.row = _on_record(known.get(key), line.ends_on)
    form = _form(thing, line, values)
    if not form.is_valid():
        for name, errors in form.errors.items():
            line.refuse(name, _named(form, name, line.cells.get(name, ""), " ".join(errors)))
    if line.effect is Effect.WRONG:
        return
    line.given = {name: form.cleaned_data[name] for name in form.fields}
    line.effect = _effect(line)


def _named(form: BaseForm, name: str, text: str, words: str) -> str:
    """The form's words with the column they are about, and what it may hold instead."""
    if name not in form.fields:
        return words
    if text and (choices := getattr(form.fields[name], "choices", None)):
        comma = pgettext("between the words of a list", ", ")
        known = comma.join(str(label) for code, label in choices if code)
        words = _("“%(value)s” is none of: %(known)s") % {"value": text, "known": known}
    return _("%(field)s: %(message)s") % {"field": form.fields[name].label, "message": words}


def _on_record(row: Any, ends_on: date | None) -> Any:
    """The one that stands, or the very one that has ended; one that ended before is another."""
    ended = getattr(row, ENDED, None)
    return row if ended is None or ended == ends_on else None


def _effect(line: Line) -> Effect:
    if line.row is None:
        return Effect.NEW
    if line.ends_on and getattr(line.row, ENDED) is None:
        return Effect.ENDED
    return Effect.CHANGED if line.is_other else Effect.UNCHANGED


def _values(thing: Thing, line: Line) -> dict[str, str]:
    """The cells as a form takes them; what is empty is left as it is on record."""
    found = {}
    for model_field in fields_of(thing.model):
        text = line.cells.get(model_field.name, "")
        if text:
            found[model_field.name] = _value(model_field, text)
    return found


def _value(model_field: Any, text: str) -> str:
    if model_field.choices:
        return _code_of(model_field, text)
    if isinstance(model_field, models.BooleanField):
        return "" if text.casefold() in NO else "on" if text.casefold() in YES else text
    if isinstance(model_field, models.DateField) and (found := DAY.fullmatch(text)):
        return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
    return text.replace(",", "") if isinstance(model_field, models.DecimalField) else text


def _code_of(model_field: Any, text: str) -> str:
    """What a person calls it, in either language, as its code; else the text, which is refused."""
    for language in LANGUAGES:
        with override(language):
            for code, label in model_field.choices:
                if text.casefold() == str(label).casefold():
                    return str(code)
    return text


def _end_of(line: Line, text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        line.refuse(ENDED, _("“%(value)s” is not a day.") % {"value": text})
        return None
    return day


def _form(thing: Thing, line: Line, values: Mapping[str, str]) -> BaseForm:
    assert line.unit is not None  # noqa: S101 - `plan` has seen to it
    if line.row is None:
        return thing.form(values, unit=line.unit)  # type: ignore[call-arg]
    on_record = {name.name: getattr(line.row, name.name) for name in fields_of(thing.model)}
    form = thing.change_form or thing.form
    return form(on_record | values, unit=line.unit, instance=copy(line.row))  # type: ignore[call-arg]


@transaction.atomic
def write(thing: Thing, lines: Iterable[Line], *, by: User) -> int:
    """Write what is new, changed or ended, by the services of the forms; how many that was.

    Rows that are wrong are passed over. Raises OrganizationError naming the row, and then nothing
    is written.
    """
    number = 0
    for line in lines:
        if line.effect in {Effect.WRONG, Effect.UNCHANGED}:
            continue
        try:
            _write(thing, line, by)
        except OrganizationError as error:
            told = {"row": line.number, "message": str(error)}
            raise OrganizationError(_("Row %(row)s: %(message)s") % told) from None
        number += 1
    return number


def _write(thing: Thing, line: Line, by: User) -> None:
    row = line.row
    if row is None:
        row = thing.add(line.unit, **line.given, by=by)
    elif line.is_other:
        thing.change(row, **line.given, by=by)
    if line.ends_on and thing.close is not None and row.ended_on is None:
        thing.close(row, on=line.ends_on, by=by)
