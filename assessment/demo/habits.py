"""How well a unit keeps to its duties: what makes some exemplary and others late."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares are between 0 and 1."""

    holds: float
    """Share of the months in which the monthly activity takes place."""
    shows_up: float
    """Share of the members who come, on average."""
    hours: tuple[int, ...]
    """Lengths of a monthly activity, one drawn each time."""
    full_days: tuple[int, ...]
    """Months with a themed day from morning to evening besides."""
    lectures: tuple[int, ...]
    """Months whose activity has a Party lecture in it."""
    review_month: int
    """Month of the member review; 0 for none."""
    study_sessions: int
    """A street's study sessions in a quarter, of a day each."""
    training_days: int
    """Days of staff training that a street holds in a year, two at a time."""
    in_order: float
    """Share of the standing things (body, venue, funds, secretary) that are there."""


EXEMPLARY = Habits(1.0, 0.985, (4, 4, 6), (5, 7, 8, 10), (3, 6, 9), 11, 3, 8, 1.0)
STEADY = Habits(0.97, 0.93, (3, 4), (4, 7, 9), (6, 10), 12, 2, 6, 0.97)
LATE = Habits(0.62, 0.8, (2, 3), (7,), (7,), 0, 1, 2, 0.8)


def draw(dice: Random) -> Habits:
    return dice.choices((EXEMPLARY, STEADY, LATE), (40, 42, 18))[0]
