"""Since when there is something to be told of: what ended before is no news."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Min
from django.utils import timezone

from members.choices import BatchState
from members.models import ImportBatch
from organizations.settings import CountySettings, settings_of


class LiveDays:
    """The day from which a unit is told of what is late, asked of the database once for many units.

    The county may have said it; else a unit whose roster came in by an import owes nothing for
    what ended before its first one, of members as of appointments.
    """

    def __init__(self) -> None:
        first = ImportBatch.objects.filter(state=BatchState.APPLIED).order_by()
        rows = first.values_list("unit__path", "kind").annotate(Min("applied_at"))
        self._first: dict[str, list[tuple[str, date]]] = defaultdict(list)
        for path, kind, moment in rows:
            self._first[path].append((kind, timezone.localdate(moment)))
        self._counties: dict[str, CountySettings] = {}
        self._known: dict[str, date] = {}

    def load(self, counties: set[str]) -> None:
        """Read the settings of the counties with these codes that are not known yet."""
        if unknown := counties - self._counties.keys():
            self._counties |= settings_of(unknown)

    def settings(self, path: str) -> CountySettings:
        """What the county of the unit at `path` has set; it has been loaded."""
        return self._counties[path.split("/", 1)[0]]

    def since(self, path: str) -> date:
        """That day for the unit at `path`, whose county has been loaded."""
        county = self.settings(path)
        live = county.went_live_on() or date.min
        if county.has_said_when_live:
            return live
        if path not in self._known:
            self._known[path] = self._loaded_on(path)
        return max(live, self._known[path])

    def _loaded_on(self, path: str) -> date:
        codes = path.rstrip("/").split("/")
        by_kind: dict[str, date] = {}
        for depth in range(len(codes)):
            for kind, day in self._first.get("/".join(codes[: depth + 1]) + "/", []):
                by_kind[kind] = min(day, by_kind.get(kind, day))
        return max(by_kind.values(), default=date.min)
