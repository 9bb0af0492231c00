"""Which unit a cell means: by its code, or by its name with the usual prefixes and suffixes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from members.roster.cleaning import half_width
from organizations.models import Unit
from organizations.spreadsheets.cells import Problem, problem

FORMS = (
    (re.compile(r"^(中国共产党|中共)"), ""),
    (re.compile(r"总支部委员会|总支部|(?<!党)总支"), "党总支"),
    (re.compile(r"(?<!总)支部委员会|(?<![党总])支部$"), "党支部"),
    (re.compile(r"工作委员会"), "工委"),
)
ENDING = re.compile(r"(党支部|党总支|党委|党?工委|居民委员会|居委会|委员会)$")


def name_key(text: str) -> str:
    """A unit's name in one spelling: no blanks, no 中共, short forms of the organisation."""
    key = "".join(half_width(text).split())
    for pattern, short in FORMS:
        key = pattern.sub(short, key)
    return key


def place_key(text: str) -> str:
    """The name without what kind of organisation it is: 纪念社区党支部 → 纪念社区."""
    return ENDING.sub("", name_key(text))


class UnitFinder:
    """The units at or below `top` that exist on `day`, found by what people write."""

    def __init__(self, top: Unit, day: date) -> None:
        self.top = top
        self._by_code: dict[str, Unit] = {}
        self._by_name: defaultdict[str, dict[int, Unit]] = defaultdict(dict)
        self._by_place: defaultdict[str, dict[int, Unit]] = defaultdict(dict)
        self._found: dict[str, Unit | Problem] = {}
        units = {unit.pk: unit for unit in Unit.objects.under(top.path).on(day)}
        self._by_id = units
        for unit in units.values():
            self._by_code[unit.code] = unit
            above = units.get(unit.parent_id or 0)
            self._by_name[name_key(unit.name)][unit.pk] = unit
            self._by_place[place_key(unit.name)][unit.pk] = unit
            if above:
                self._by_name[name_key(above.name) + name_key(unit.name)][unit.pk] = unit
                self._by_place[place_key(above.name) + place_key(unit.name)][unit.pk] = unit

    def find(self, text: str | None) -> Unit | Problem:
        """The unit meant; nothing written means `top` itself.

        One outside `top` and one that does not exist are the same problem: neither is there.
        """
        if not text:
            return self.top
        if text not in self._found:
            self._found[text] = self._look_up(text)
        return self._found[text]

    def within(self, reach: Iterable[str]) -> set[int]:
        """The keys of those within one of the subtrees `reach`."""
        tops = tuple(reach)
        return {unit.pk for unit in self._by_id.values() if unit.path.startswith(tops)}

    def by_id(self, unit_id: int) -> Unit | None:
        """The unit of that key, if it is one of these."""
        return self._by_id.get(unit_id)

    def _look_up(self, text: str) -> Unit | Problem:
        code = "".join(half_width(text).split()).lower()
        if code in self._by_code:
            return self._by_code[code]
        found = self._by_name.get(name_key(text)) or self._by_place.get(place_key(text)) or {}
        if len(found) == 1:
            return next(iter(found.values()))
        if not found:
            return problem("unit_unknown", unit=text, within=self.top.name)
        named = "、".join(f"{unit.name}({unit.code})" for unit in found.values())
        return problem("unit_ambiguous", units=named)
