"""The dashboard: the matrix of units and rules, a rule at all units, and how it went over time."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from functools import cached_property
from secrets import token_hex
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.translation import get_language

from assessment.board_parts import counts_of, drawn_call, most_urgent, noted_of
from assessment.calls import FIRST_SHOWN
from assessment.charts import (
    Chart,
    calendar_chart,
    day_grid,
    entry_chart,
    heat_chart,
    lag_chart,
    spread_chart,
    trend_chart,
    years_chart,
)
from assessment.columns import Column, columns_in_use, find_column
from assessment.dashboards import Board, build_board
from assessment.exports import board_table, csv_response, xlsx_response
from assessment.months import MONTHS_KEPT, closed_months, fill_missing
from assessment.phrases import signed
from assessment.pieces import Asked, Piece, board_in_pieces
from assessment.places import Place
from assessment.reach_views import ReachView
from assessment.seal_rows import seals_of_day
from assessment.shelf import bits, pages
from assessment.statements import rows_of
from assessment.terms import Status
from assessment.tree_map import tree_chart, worst_of
from assessment.trends import Point, entries_of, heads_of, points_of, states_of
from assessment.verdict_rows import Told, current_newest, newest_rows_of, statuses_by_unit
from assessment.verdicts import Versions, current_versions, refresh
from assessment.views import day_asked
from assessment.wording import phrase

DOWNLOADS = {"csv": csv_response, "xlsx": xlsx_response}
FEW = 64
"""Units up to which their verdicts are asked for one by one."""


class BoardView(ReachView):
    """Pages with every single verdict of the matrix."""

    def read(self, columns: list[Column] | None = None) -> dict[str, Any]:
        self.look(columns)
        rows = newest_rows_of(self.units, self.wanted, on=self.on)
        used = {(row.rulebook, row.rule_id) for row in rows}
        self.board = build_board(
            self.places,
            rows,
            [column for column in self.wanted if column.key in used],
            on=self.on,
            opened=self.request.GET.getlist("open"),
            status=Status(self.chosen["status"]) if self.chosen["status"] else None,
            heads=self.everything,
        )
        return self.context() | {"board": self.board, "noted": noted_of(self.board)}


class AroundResponse(TemplateResponse):
    """A page round a large piece that is there already, as bytes: it is set in as it is."""

    PLACE = f"piece{token_hex(8)}"
    """Stands in the page while it is drawn; nobody can guess it."""

    @property
    def rendered_content(self) -> bytes:
        return self.set_into(super().rendered_content, self.context_data["piece"])  # type: ignore[index]

    @classmethod
    def set_into(cls, text: str, *pieces: bytes) -> bytes:
        """The pieces, one after the other, where `PLACE` stands."""
        before, _place, after = text.partition(cls.PLACE)
        return b"".join((before.encode(), *pieces, after.encode()))


class DashboardView(ReachView):
    """The matrix by street, what has changed, and who needs a call."""

    template_name = "assessment/dashboard.html"
    response_class = AroundResponse

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        content = self.content()
        counties = self.all_ground.counties
        day = day_asked(self.request)[0]
        seals = seals_of_day(self.request.user, counties, day)
        return super().get_context_data(**kwargs) | {
            "content": AroundResponse.PLACE,
            "piece": content,
            "seals": seals,
            "on": day,
        }

    def content(self) -> bytes:
        """All but the frame of the page: drawn once for each state of everything it rests on."""
        self.find()
        if self.request.GET.get("on", "") not in {"", self.today.isoformat()}:
            return self.draw(None)
        versions = current_versions(self.reach_key, lambda: self.reach)
        query = self.request.GET.urlencode()
        states = (self.all_ground, tuple(versions.items()), self.months)
        key = (get_language(), self.today, query, states)
        page = pages.get(key)
        if page is None:
            page = self.draw(versions)
            pages.put(key, page)
        return page

    @cached_property
    def months(self) -> tuple[Any, ...]:
        """Which sums there are of last month: others whenever one has been made anew."""
        month = closed_months(self.today, 1)[0].first
        return tuple(
            rows_of(("months", self.reach_key, month), lambda: states_of(self.reach, month))
        )

    def draw(self, versions: Versions | None) -> bytes:
        self.choose()
        asked = self.asked()
        board, pieces = self.board(asked, versions)
        query = self.request.GET.urlencode()
        calling = sum(len(piece.calls) for piece in pieces)
        calls = most_urgent(pieces, calling if "calls" in self.request.GET else FIRST_SHOWN)
        before = self.last_month()
        context = self.context() | {
            "board": board,
            "noted": noted_of(board),
            "calls": calls,
            "calls_drawn": [drawn_call(call, self.on, is_today=self.is_today) for call in calls],
            "calls_hidden": calling - len(calls),
            "calling": calling,
            "before": before,
            "calling_change": self.calling_change(calling, before),
            "counts": counts_of(board, before, query),
            "total": asked.stamper.total(board.total),
            "pieces": AroundResponse.PLACE,
            "query": query_without(self.request, "open", "calls"),
            "top_key": (get_language(), self.today, self.on, board.units, query, self.offered),
            "head_key": asked.key,
        }
        page = render_to_string("assessment/dashboard_content.html", context, self.request)
        return AroundResponse.set_into(page, *(piece.html for piece in board.groups))

    def calling_change(self, calling: int, before: Point | None) -> str:
        """More or fewer units to call than last month: stored only of all rules together."""
        is_narrowed = any(self.chosen[name] for name in ("level", "cycle", "rulebook"))
        return signed(None if before is None or is_narrowed else calling - before.calling)

    def asked(self) -> Asked:
        return Asked(
            columns_in_use(self.wanted, self.ground.kinds, self.settings.values(), on=self.on),
            self.on,
            self.is_today,
            Status(self.chosen["status"]) if self.chosen["status"] else None,
            frozenset(self.request.GET.getlist("open")),
            self.request.GET,
            self.all_ground.names,
        )

    def board(self, asked: Asked, versions: Versions | None) -> tuple[Board, list[Piece]]:
        def read(places: list[Place]) -> list[Told]:
            asked_of = [place.pk for place in places]
            if versions is None:
                units = self.units.filter(pk__in=asked_of)
                return [row.told for row in newest_rows_of(units, asked.columns, on=self.on)]
            some = asked_of if len(places) <= FEW else None
            return current_newest(
                self.units_key, lambda: self.units, asked.columns, on=self.on, some=some
            )

        return board_in_pieces(self.ground, self.all_ground.by_path, asked, read, versions)

    def last_month(self) -> Point | None:
        """How the same units stood at the end of last month, where that is known."""
        heads = heads_of(self.everything, self.chosen["street"])
        if not heads or not self.is_today or not self.months:
            return None
        month = closed_months(self.today, 1)[0].first
        keys = tuple(column.key for column in self.wanted)
        kind = self.chosen["kind"]
        kept = ("last month", self.months, tuple(head.pk for head in heads), keys, kind)
        found = bits.get(kept)
        if found is None:
            found = points_of(self.reach, heads, keys, kind=kind, months=[month])
            bits.put(kept, found)
        return found.get(month)


class DashboardDownloadView(BoardView):
    """The matrix as it is shown, every unit on a line of its own, as CSV or a workbook."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if kwargs["form"] not in DOWNLOADS:
            raise Http404
        on = self.read()["on"]
        table = board_table(self.board)
        name = f"dashboard-{on.isoformat()}"
        return DOWNLOADS[kwargs["form"]](table, name)


class OfRuleView(BoardView):
    """One rule at all units within reach."""

    template_name = "assessment/of_rule.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        column = find_column(kwargs["rule"])
        if column is None:
            raise Http404
        context = super().get_context_data(**kwargs) | self.read([column])
        return context | {
            "column": next(iter(self.board.columns), column),
            "asks": phrase(column.rule.asks),
            "period": column.newest_period_name(context["on"]),
        }


class TrendView(ReachView):
    """How it went over 24 months, as charts with the tables behind them."""

    template_name = "assessment/trend.html"

    def context(self) -> dict[str, Any]:
        for name in ("status", "on"):  # they choose among verdicts of one day
            del self.filter.fields[name]
        return super().context()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.look()
        waiting = self.fill()
        charts = self.charts()
        return (
            super().get_context_data(**kwargs)
            | self.context()
            | {
                "charts": charts,
                "waiting": waiting,
                "known": self.known,
                "months": MONTHS_KEPT,
                "is_stale": self.is_stale,
                "grid": day_grid(self.today),
                "query": self.request.GET.urlencode(),
            }
        )

    def fill(self) -> int:
        """Sum some of the months that are missing; how many the page still waits for.

        A write makes sums stale: those are shown meanwhile, and the night makes them anew.
        """
        self.heads = heads_of(self.everything, self.chosen["street"])
        return fill_missing({head.county_code for head in self.heads}, self.today)

    def charts(self) -> list[Chart]:
        refresh(self.reach)
        columns = self.wanted
        keys = [column.key for column in columns]
        found = points_of(self.reach, self.heads, keys, kind=self.chosen["kind"])
        points = list(found.values())[-MONTHS_KEPT:] if self.heads else []
        self.known = len(points)
        self.is_stale = any(point.is_stale for point in points)
        first = (self.today.replace(day=1) - timedelta(days=31 * MONTHS_KEPT)).replace(day=1)
        entries = entries_of(self.units, first, self.today)
        statuses: dict[int, Counter[Status]] = defaultdict(Counter)
        for unit, status, number in statuses_by_unit(self.units, columns, on=self.today):
            statuses[unit][Status(status)] = number
        charts = [
            trend_chart(points),
            years_chart(points, self.today.year),
            entry_chart(points, entries),
            spread_chart(statuses.values()),
            lag_chart(entries, self.today.year),
            calendar_chart(entries, self.today),
            heat_chart(points, columns),
            tree_chart(self.units, self.places, worst_of(statuses)),
        ]
        return [chart for chart in charts if not chart.is_empty]


class ChartDownloadView(TrendView):
    """The table behind one chart."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.look()
        self.fill()
        chart = next((chart for chart in self.charts() if chart.key == kwargs["chart"]), None)
        if chart is None:
            raise Http404
        return csv_response(chart.table, f"{chart.key}-{self.today.isoformat()}")


def query_without(request: HttpRequest, *names: str) -> str:
    """The query string without some of its parts."""
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()
