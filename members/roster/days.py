"""Days as people write them: the day, or what is wrong. Pure, no clock."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta

from members.roster.cleaning import Noted, Outcome, as_text, bare
from organizations.spreadsheets.cells import Cell, Problem, problem

SERIAL_ZERO = date(1899, 12, 30)
FROM_1900_TO_1904 = 1_462
"""Days between the two beginnings from which spreadsheet programs count."""
FIRST_SERIAL, LAST_SERIAL = 10_000, 73_050
"""18 May 1927 to 31 December 2099: fewer digits may be a year, more a date without signs."""
YEARS = range(1900, 2100)
WITH_SIGNS = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")
WITHOUT_SIGNS = re.compile(r"(\d{4})(\d{2})(\d{2})")
MONTH_ONLY = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:月份?)?|((?:19|20)\d{2})(\d{2})")
YEAR_ONLY = re.compile(r"\d{4}年?")
SHORT_YEAR = re.compile(r"\d{2}[-/.年]\d{1,2}([-/.月]\d{1,2}[日号]?)?月?")
DAY_FIRST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")
TIME_BEHIND = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
TWO_DATES = re.compile(r"\d{4}[-/.年]\d{1,2}.*\D\d{4}[-/.年]\d{1,2}")
IN_WORDS = re.compile(
    r"([〇○零一二三四五六七八九]{4})年"
    r"(?:([一二三四五六七八九十]{1,2})月)?(?:([一二三四五六七八九十]{1,3})[日号])?"
)
NUMERALS = {sign: value for value, sign in enumerate("〇一二三四五六七八九十")} | {"零": 0, "○": 0}


def clean_date(cell: Cell) -> Outcome:
    """A full date between 1900 and 2099, however it is written.

    A month without its day is refused: which day is not to be guessed. So is what can be read
    two ways, as `85.7` or the number 1985.1, which may have been 1985.10. Both problems name the
    year and the months that are possible, for what else the row may know.
    """
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell if cell.year in YEARS else problem("date_range")
    if isinstance(cell, float) and not cell.is_integer():
        return _date_from_number(cell)
    text = bare(as_text(cell)).replace("。", ".").replace("．", ".").replace("—", "-")
    text = TIME_BEHIND.sub("", text)
    if TWO_DATES.search(text):
        return problem("date_two")
    text = "".join(text.split())
    return _date_from(text) if text else None


def _date_from(text: str) -> Outcome:
    match = WITH_SIGNS.fullmatch(text) or WITHOUT_SIGNS.fullmatch(text)
    if match:
        year, month, day = map(int, match.groups())
        if year not in YEARS:
            return problem("date_range")
        if day == 0 and 1 <= month <= 12:  # as archives write a day that is not known
            return _month_only(year, month)
        return _day(year, month, day) or problem("date_impossible")
    if text.isascii() and text.isdigit() and (serial := _from_serial(int(text))):
        return serial
    if match := MONTH_ONLY.fullmatch(text):
        return _month_only(*(int(part) for part in match.groups() if part))
    if YEAR_ONLY.fullmatch(text):
        return problem("date_year_only")
    if SHORT_YEAR.fullmatch(text) or DAY_FIRST.fullmatch(text):
        return problem("date_ambiguous")
    return _date_in_words(text)


def _month_only(year: int, month: int) -> Problem:
    if year not in YEARS:
        return problem("date_range")
    if not 1 <= month <= 12:
        return problem("date_impossible")
    return problem("date_month_only", year=year, month=month)


def _date_from_number(cell: float) -> Outcome:
    """A day with a time of day, or a month typed as `1985.07` into a cell that takes numbers."""
    if not math.isfinite(cell):
        return problem("date_form")
    if serial := _from_serial(int(cell)):
        return serial
    year, _, month = repr(cell).partition(".")
    if int(cell) not in YEARS or not 1 <= len(month) <= 2:
        return problem("date_form")
    if month == "1":
        return problem("date_january_or_october", shown=cell, year=year)
    return _month_only(int(year), int(month))


def _date_in_words(text: str) -> Outcome:
    match = IN_WORDS.fullmatch(text)
    if not match:
        return problem("date_form")
    year = int("".join(str(NUMERALS[sign]) for sign in match[1]))
    if not match[2]:
        return problem("date_year_only")
    month = _number_in_words(match[2])
    if not match[3]:
        return _month_only(year, month)
    day = _day(year, month, _number_in_words(match[3]))
    return Noted(day, problem("date_in_words", date=day)) if day else problem("date_impossible")


def _number_in_words(text: str) -> int:
    """A number below a hundred: 七 7, 十 10, 十一 11, 二十 20, 三十一 31."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return NUMERALS[text] if len(text) == 1 else 0
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return NUMERALS.get(tens, 1) * 10 + NUMERALS.get(ones, 0)


def is_day(cell: Cell) -> bool:
    return isinstance(clean_date(cell), date | Noted)


def _from_serial(serial: int) -> date | None:
    if not FIRST_SERIAL <= serial <= LAST_SERIAL:
        return None
    return SERIAL_ZERO + timedelta(days=serial)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
