"""The kinds' own few fields: data in fields.toml, kept in a record's `extra`, shown in words."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language

from activities.kinds import all_kinds
from organizations.wording import listed

FILE = Path(__file__).parent / "fields.toml"
NOBODY: Mapping[str, str] = {}
TYPES = frozenset(
    {"text", "long", "choice", "choices", "date", "number", "list"}
    | {"person", "unit", "people", "units"}
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that a field offers."""

    code: str
    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if _is_chinese() else self.en


@dataclass(frozen=True, slots=True)
class Field:
    """A field that some kinds ask for besides what every record has.

    Its value is plain JSON: words, a number, an ISO day, a code of a choice, or a list of those;
    of a unit or a person that is on record, whom it names (`activities.naming`).
    """

    code: str
    zh: str
    en: str
    type: str
    required: bool = False
    help_zh: str = ""
    help_en: str = ""
    choices: tuple[Choice, ...] = ()

    def __post_init__(self) -> None:
        if self.type not in TYPES:
            raise ValueError(f"{FILE.name}, {self.code}: there is no type {self.type}.")

    @property
    def label(self) -> str:
        return self.zh if _is_chinese() else self.en

    @property
    def help(self) -> str:
        return self.help_zh if _is_chinese() else self.help_en

    def words(self, value: Any, names: Mapping[str, str] = NOBODY) -> str:
        """A kept value as a person reads it; empty for nothing. `names`: today's, by key."""
        if value in (None, "", []):
            return ""
        if isinstance(value, list):
            return listed(self._word(each, names) for each in value)
        if self.type == "date":
            return date_format(date.fromisoformat(value), "DATE_FORMAT")
        return self._word(value, names)

    def _word(self, value: Any, names: Mapping[str, str]) -> str:
        if isinstance(value, dict):
            return names.get(value["key"], value["name"])
        return next((str(choice) for choice in self.choices if choice.code == value), str(value))


@cache
def all_fields() -> dict[str, Field]:
    """Every declared field by its code."""
    source = tomllib.loads(FILE.read_text("utf-8"))
    return {
        code: Field(code, **body | {"choices": tuple(Choice(*each) for each in body["choices"])})
        if "choices" in body
        else Field(code, **body)
        for code, body in source.items()
    }


def fields_of(kinds: Iterable[str]) -> list[Field]:
    """What records of these kinds ask for, each field once, in the order of the kinds."""
    wanted = set(kinds)
    codes = [code for kind in all_kinds().values() if kind.code in wanted for code in kind.fields]
    return [all_fields()[code] for code in dict.fromkeys(codes)]


def kept_values(kinds: Iterable[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Of `values`, what these kinds ask for and is not empty: what a record keeps."""
    return {
        field.code: values[field.code]
        for field in fields_of(kinds)
        if values.get(field.code) not in (None, "", [])
    }


def in_words(
    kinds: Iterable[str], values: Mapping[str, Any], names: Mapping[str, str]
) -> list[tuple[Field, str]]:
    """The fields that have a value, each with it in words. `names`: of whom they name, by key."""
    words = [(field, field.words(values.get(field.code), names)) for field in fields_of(kinds)]
    return [(field, text) for field, text in words if text]


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
