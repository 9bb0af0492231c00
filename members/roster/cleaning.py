"""Cells of a roster made into values: the value, or what is wrong with the cell.

Pure: the standard library only, no clock. A cleaner takes a cell as the sheet gives it and returns
the value, None for an empty cell, a `Problem`, or a `Noted` value with a warning. Words for the
codes are in `members/roster/messages.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from members.roster.wordlists import (
    EDUCATION_VARIANTS,
    EDUCATIONS,
    ELECTIONS,
    EMPTY_MARKS,
    ETHNICITIES,
    NO,
    OFFICES,
    SEXES,
    STAGES,
    STAGES_TO_CHECK,
    STANDINGS,
    YES,
)
from organizations.spreadsheets.cells import Cell, Problem, problem


@dataclass(frozen=True, slots=True)
class Noted:
    """A value that can be used, and what its owner should know of how it was read."""

    value: object
    problem: Problem


@dataclass(frozen=True, slots=True)
class PartyStatus:
    """What a cell under 党籍状态 says: a standing, or in some files a category of person."""

    standing: str | None = None
    stage: str | None = None


class Clear:
    """What a cell with the mark for clearing is read as."""


CLEAR = Clear()
Outcome = object
"""A value, None, CLEAR, Problem or Noted."""
Cleaner = Callable[[Cell], Outcome]

NAME_LENGTH = 60
WORD_LENGTH = 20


# -- text -------------------------------------------------------------------
def as_text(cell: Cell) -> str:
    """The cell as one line of text, empty for the marks by which people say "nothing".

    Wrappers that keep numbers from being read as numbers (`="520…"`, a leading apostrophe or
    tab) are taken off; full-width letters and digits stay as they are.
    """
    if isinstance(cell, str):
        text = " ".join(cell.split())
        if text.startswith('="') and text.endswith('"') and len(text) > 2:
            text = text[2:-1].strip()
        text = text.lstrip("' ")
    else:
        text = _written(cell)
    is_mark = len(text) <= LONGEST_MARK and half_width(text).upper() in EMPTY_MARKS
    return "" if is_mark else text


def _written(cell: float | bool | date | datetime | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime):
        cell = cell.date()
    return str(cell)


LONGEST_MARK = max(map(len, EMPTY_MARKS))


def half_width(text: str) -> str:
    """Full-width letters, digits and signs as half-width ones."""
    return unicodedata.normalize("NFKC", text)


INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")


def bare(text: str) -> str:
    """Half-width, and without the invisible signs that come along from chat programs."""
    return INVISIBLE.sub("", half_width(text))


def text_up_to(limit: int) -> Cleaner:
    """A cleaner of free text that refuses what is longer than `limit` characters."""

    def clean_text(cell: Cell) -> Outcome:
        text = as_text(cell)
        if len(text) > limit:
            return problem("too_long", limit=limit)
        if text.isprintable():  # as nearly every text is, and no control character
            return text or None
        if any(unicodedata.category(sign) == "Cc" for sign in text):
            return problem("control_character")
        return text or None

    return clean_text


DOTS = dict.fromkeys(map(ord, "•․‧∙⋅・･．●"), "·")
WHOLLY_HAN = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\ue000-\uf8ff\U00020000-\U000323af]+")


COMMON_NAME = re.compile(r"[\u4e00-\u9fa5]{2,10}")
"""What needs no second look: nearly every name."""


def clean_name(cell: Cell) -> Outcome:
    """A person's name: blanks between Chinese characters gone, one sign for the middle dot.

    Rare characters are kept as they are written: normalising could put another in their place.
    """
    if isinstance(cell, str) and COMMON_NAME.fullmatch(cell) and cell not in EMPTY_MARKS:
        return cell
    text = as_text(cell).translate(DOTS)
    text = re.sub(r"\s*·\s*", "·", text)
    joined = "".join(text.split())
    if WHOLLY_HAN.fullmatch(joined):
        text = joined
    if len(text) > NAME_LENGTH:
        return problem("too_long", limit=NAME_LENGTH)
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Cn"} for sign in text):
        return problem("control_character")
    if text and not any(unicodedata.category(sign)[0] in {"L", "N", "C"} for sign in text):
        return problem("name")
    return text or None


# -- ID number --------------------------------------------------------------
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
ID_NUMBER = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
OLD_ID_NUMBER = re.compile(r"[1-9]\d{14}", re.ASCII)
IN_POWERS = re.compile(r"\d(\.\d+)?E\+?1[4-7]")
FIRST_LOST = 10**15
"""A spreadsheet keeps fifteen digits of a number; the ones behind them are lost."""


def check_digit(first17: str) -> str:
    """The eighteenth character of an ID number, from the seventeen before it."""
    total = _weighed(first17[:6], 0) + _weighed(first17[6:14], 6) + _weighed(first17[14:], 14)
    return CHECK_DIGITS[total % 11]


@lru_cache(maxsize=50_000)
def _weighed(digits: str, first: int) -> int:
    """What digits count for from place `first` on: the parts of an ID number come again and again.

    A county's people share few areas, birthdays and running numbers.
    """
    return sum(WEIGHTS[first + at] * int(digit) for at, digit in enumerate(digits))


def birth_date_of(id_number: str) -> date | None:
    """The birth date within an ID number of 18 characters; None if there is no such day."""
    return _day_of(id_number[6:14])


@lru_cache(maxsize=50_000)
def _day_of(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def sex_of(id_number: str) -> str:
    """The sex within an ID number of 18 characters: an odd seventeenth digit is a man's."""
    return "male" if int(id_number[16]) % 2 else "female"


def clean_id_number(cell: Cell) -> Outcome:
    """An ID number of 18 characters whose birth date exists and whose check digit is right.

    One with 15 digits is made into one with 18 and noted. One that the spreadsheet kept as a
    number has lost its last digits and is refused: it can't be guessed.
    """
    if isinstance(cell, str) and ID_NUMBER.fullmatch(cell):
        text = cell
    elif isinstance(cell, int | float) and not isinstance(cell, bool) and cell >= FIRST_LOST:
        return problem("id_number_precision")
    else:
        text = "".join(bare(as_text(cell)).split()).upper().strip("'`‘’").replace("-", "")
    if not text:
        return None
    if IN_POWERS.fullmatch(text):
        return problem("id_number_precision")
    if OLD_ID_NUMBER.fullmatch(text):
        return _from_15(text)
    if not ID_NUMBER.fullmatch(text):
        return problem("id_number_form", length=len(text))
    if check_digit(text[:17]) != text[17]:
        return problem("id_number_precision" if text.endswith("000") else "id_number_check")
    if birth_date_of(text) is None:
        return problem("id_number_birth")
    return text


def is_id_number(cell: Cell) -> bool:
    return isinstance(clean_id_number(cell), str | Noted)


def _from_15(text: str) -> Outcome:
    first17 = f"{text[:6]}19{text[6:]}"
    number = first17 + check_digit(first17)
    if birth_date_of(number) is None:
        return problem("id_number_birth")
    return Noted(number, problem("id_number_from_15"))


# -- choices ----------------------------------------------------------------
CODED = re.compile(r"[(（]?\d{1,3}[)）]?[_.、\s]*(?=\D)")
"""A code before a word, as drop-down lists have it: `1_男`, `01 正式党员`, `①男`."""


def _word(cell: Cell) -> str:
    """The cell as a word of a list: half-width, no blanks, without the list's code before it."""
    text = "".join(bare(as_text(cell)).split())
    return CODED.sub("", text, count=1).upper() if len(text) > 1 else text.upper()


def clean_sex(cell: Cell) -> Outcome:
    word = _word(cell)
    return (SEXES.get(word) or problem("sex")) if word else None


def clean_stage(cell: Cell) -> Outcome:
    """Where someone stands on the way into the Party; a bare "党员" is taken as full, and noted."""
    word = _word(cell)
    if not word:
        return None
    if word in STAGES_TO_CHECK:
        return Noted(STAGES_TO_CHECK[word], problem("stage_taken_as_full"))
    return STAGES.get(word) or problem("stage")


def says_stage(cell: Cell) -> bool:
    """Whether the cell is a category of person, whatever its heading."""
    return _word(cell) in STAGES or _word(cell) in STAGES_TO_CHECK


def clean_party_status(cell: Cell) -> Outcome:
    """A standing or, as some files have it under the same heading, a stage: the value decides."""
    word = _word(cell)
    if not word:
        return None
    if word in STANDINGS:
        return PartyStatus(standing=STANDINGS[word])
    if word in STAGES:
        return PartyStatus(stage=STAGES[word])
    if word in STAGES_TO_CHECK:
        taken = PartyStatus(stage=STAGES_TO_CHECK[word])
        return Noted(taken, problem("stage_taken_as_full"))
    return problem("standing")


def clean_yes_no(cell: Cell) -> Outcome:
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, str) and cell.strip() == "无":
        return False
    word = "".join(half_width(as_text(cell)).split()).upper()
    if not word:
        return None
    if word in YES:
        return True
    return False if word in NO else problem("yes_no")


def clean_ethnicity(cell: Cell) -> Outcome:
    """One of the 56 as `苗族`; another name, as 穿青人, is kept as it stands."""
    word = _word(cell)
    if not word:
        return None
    if word in ETHNICITIES:
        return f"{word}族"
    if word.removesuffix("族") in ETHNICITIES or len(word) <= WORD_LENGTH:
        return word
    return problem("too_long", limit=WORD_LENGTH)


def clean_education(cell: Cell) -> Outcome:
    """The national list's word; what is not in it is kept as it stands, and noted."""
    word = _word(cell).replace("(", "（").replace(")", "）").replace(",", "、")
    if not word:
        return None
    word = EDUCATION_VARIANTS.get(word, word)
    if word in EDUCATIONS:
        return word
    if len(word) > WORD_LENGTH:
        return problem("too_long", limit=WORD_LENGTH)
    return Noted(word, problem("education_not_in_list"))


def clean_office(cell: Cell) -> Outcome:
    word = _word(cell)
    return (OFFICES.get(word) or problem("office")) if word else None


def clean_election(cell: Cell) -> Outcome:
    """How somebody came into office; a way that is not known is left out, and noted."""
    word = _word(cell)
    if not word:
        return None
    return ELECTIONS.get(word) or Noted(None, problem("election"))


# -- phones -----------------------------------------------------------------
BETWEEN_PHONES = re.compile(r"[/、,，;；|\\]|\s{2,}|或")
MOBILE = re.compile(r"(?:\+?(?:00)?86)?(1[3-9]\d{9})")
PLAIN_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
LANDLINE = re.compile(r"(?:\+?(?:00)?86)?(0\d{2,3})?-?([2-9]\d{6,7})(?:(?:-|转)(\d{1,6}))?")


def clean_phone(cell: Cell) -> Outcome:
    """A mobile number as 11 digits, or a landline as `0851-12345678`.

    Of two numbers in a cell the first mobile one is taken, or the first, and that is noted.
    """
    if isinstance(cell, str) and PLAIN_MOBILE.fullmatch(cell):
        return cell
    text = bare(as_text(cell))
    parts = [part for part in BETWEEN_PHONES.split(text) if part.strip()]
    if len(parts) == 1 and re.fullmatch(r"\+?\d{11,14} \+?\d{11,14}", text):
        parts = text.split()
    numbers = [_phone(part) for part in parts]
    if not numbers:
        return None
    found = [number for number in numbers if number]
    if len(found) < len(numbers):
        return problem("phone")
    best = next((number for number in found if MOBILE.fullmatch(number)), found[0])
    return best if len(found) == 1 else Noted(best, problem("phone_two", count=len(found)))


def is_mobile(cell: Cell) -> bool:
    return bool(MOBILE.fullmatch(bare(as_text(cell)).replace("-", "").replace(" ", "")))


def _phone(text: str) -> str:
    text = re.sub(r"[\s().]", "", text)
    bare = text.replace("-", "")
    if match := MOBILE.fullmatch(bare):
        return match[1]
    if match := LANDLINE.fullmatch(text):
        return "-".join(filter(None, match.groups()))
    return ""
