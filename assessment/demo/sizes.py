"""How large a demo is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Size:
    """`people` is about how many persons a community has; `months` how far back records go."""

    file: str
    streets: int | None
    """How many streets of the file are taken; None is all of them."""
    people: int
    months: int

    def start(self, today: date) -> date:
        """The first day that records are made up for: the first of a month."""
        year, month = divmod(today.year * 12 + today.month - 1 - self.months, 12)
        return date(year, month + 1, 1)


SIZES = {
    "small": Size("honghuagang_units.csv", streets=3, people=60, months=24),
    "county": Size("honghuagang_units.csv", streets=None, people=60, months=24),
    "province": Size("guizhou_units.csv", streets=None, people=210, months=9),
}
