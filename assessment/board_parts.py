"""The parts of the dashboard beside its matrix: whom to call, and how many have which status."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from heapq import nsmallest
from itertools import chain
from operator import attrgetter
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from assessment.calls import CallFor
from assessment.columns import Column
from assessment.dashboards import Board
from assessment.phrases import signed
from assessment.pieces import Piece
from assessment.shelf import bits
from assessment.terms import Status
from assessment.trends import Point


def most_urgent(pieces: Collection[Piece], number: int) -> list[CallFor]:
    """The calls to show, the most urgent first. Each piece has its own in order."""
    first = chain.from_iterable(piece.calls[:number] for piece in pieces)
    return nsmallest(number, first, key=attrgetter("urgency"))


def drawn_call(call: CallFor, on: date, *, is_today: bool) -> SafeString:
    """A call as an entry of the list; it is drawn once for each thing that it says."""
    key = "call", get_language(), None if is_today else on, call.says
    drawn = bits.get(key)
    if drawn is None:
        context = {"call": call, "on": on, "is_today": is_today}
        drawn = render_to_string("assessment/dashboard_call.html", context)
        bits.put(key, drawn)
    return drawn


def counts_of(board: Board, before: Point | None, query: str) -> list[dict[str, Any]]:
    """How many verdicts have each status, with the change since the end of last month.

    `key` is all that the entry depends on but for its numbers.
    """
    counts = []
    for mark, number in board.counts:
        change = signed(number - before.statuses[Status(mark.status)] if before else None)
        key = get_language(), query, mark.status, bool(change)
        counts.append({"mark": mark, "number": number, "change": change, "key": key})
    return counts


def noted_of(board: Board) -> list[Column]:
    """The rules for which the county has a number of its own."""
    return [column for column in board.columns if column.note]
