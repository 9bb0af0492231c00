"""Which unit a cell means: by its code, or by its name with the usual prefixes and suffixes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from members.roster.cleaning import half_width
from organizations.choices import COMMUNITY_KINDS, UnitKind
from organizations.models import Unit
from organizations.spreadsheets.cells import Problem, problem

FORMS = (
    (re.compile(r"^(中国共产党|中共)"), ""),
    (re.compile(r"总支部委员会|总支部|(?<!党)总支"), "党总支"),
    (re.compile(r"(?<!总)支部委员会|(?<![党总])支部$"), "党支部"),
    (re.compile(r"工作委员会"), "工委"),
)
ENDING = re.compile(r"(党支部|党总支|党委|党?工委|居民委员会|居委会|委员会)$")

SHOWN = 10
"""How many units a note names."""
BY_NAME_ALONE = "unit_by_name_alone"
"""What tells of them: taken by the command, and to be confirmed in the browser."""
SEPARATOR = "\n"


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
    """The units at or below `top` that stand on `day`, found by what people write.

    A name may have those of the units above in front of it. A name that several units bear finds
    none of them; a community found by its name alone across streets is told, for names repeat. One
    that has been dissolved, be it today, takes nobody in any more: that is told as well.
    """

    def __init__(self, top: Unit, day: date) -> None:
        self.top = top
        self._by_code: dict[str, Unit] = {}
        self._by_name: defaultdict[str, dict[int, Unit]] = defaultdict(dict)
        self._by_place: defaultdict[str, dict[int, Unit]] = defaultdict(dict)
        self._found: dict[str, Unit | Problem] = {}
        self.by_name_alone: dict[str, str] = {}
        below = Unit.objects.under(top.path)
        self._gone: dict[str, Unit] = {}
        units = {unit.pk: unit for unit in below.taking_in(day)}
        self._by_id = units
        self._known = units | {unit.pk: unit for unit in Unit.objects.ancestors_of([top])}
        for unit in units.values():
            self._by_code[unit.code] = unit
            for name, place in self._names_of(unit):
                self._by_name[name][unit.pk] = unit
                self._by_place[place][unit.pk] = unit
        for unit in below.filter(dissolved_on__isnull=False).order_by("path"):
            self._gone[unit.code] = unit
            for names in self._names_of(unit):
                self._gone |= dict.fromkeys(names, unit)

    def _names_of(self, unit: Unit) -> Iterator[tuple[str, str]]:
        """Name and place of the unit, alone and with those of the units above in front."""
        name, place = name_key(unit.name), place_key(unit.name)
        yield name, place
        before = ""
        for above in self._above(unit):
            yield name_key(above.name) + before + name, place
            before = place_key(above.name) + before
            yield before + name, before + place

    def _above(self, unit: Unit) -> Iterator[Unit]:
        """The units above, the nearest first."""
        while (above := self._known.get(unit.parent_id or 0)) is not None:
            yield above
            unit = above

    def find(self, text: str | None) -> Unit | Problem:
        """The unit meant; nothing written means `top` itself.

        One outside `top` and one that does not exist are the same problem: neither is there.
        """
        if not text:
            return self.top if self.top.is_open else _dissolved(self.top)
        if text not in self._found:
            self._found[text] = self._look_up(text)
        return self._found[text]

    @property
    def units(self) -> list[Unit]:
        """All of them, in the order of the tree."""
        return sorted(self._by_id.values(), key=lambda unit: unit.path)

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
        if not found:
            gone = (self._gone.get(key) for key in (code, name_key(text), place_key(text)))
            if (unit := next(filter(None, gone), None)) is not None:
                return _dissolved(unit)
            return problem("unit_unknown", unit=text, within=self.top.name)
        if len(found) > 1:
            named = "、".join(f"{unit.name}（{unit.code}）" for unit in found.values())
            return problem("unit_ambiguous", units=named)
        (unit,) = found.values()
        street = self._street_of(unit)
        if street is not None and place_key(text) == place_key(unit.name):
            self.by_name_alone[text] = f"{place_key(street.name)}{unit.name}（{unit.code}）"
        return unit

    def told(self) -> Problem | None:
        """Which communities were found by their name alone, though names repeat among streets."""
        if not self.by_name_alone:
            return None
        pairs = [f"{text} → {full}" for text, full in self.by_name_alone.items()]
        shown = "、".join(pairs[:SHOWN]) + ("…" if len(pairs) > SHOWN else "")
        return problem(BY_NAME_ALONE, units=shown, every=SEPARATOR.join(pairs))

    def _street_of(self, unit: Unit) -> Unit | None:
        """The street of a unit of a community, if the file is about more than one street."""
        if unit.pk == self.top.pk:
            return None
        is_of_community = unit.kind in COMMUNITY_KINDS
        for above in self._above(unit):
            if above.pk == self.top.pk:
                return None
            if above.kind == UnitKind.STREET_COMMITTEE:
                return above if is_of_community else None
            is_of_community = is_of_community or above.kind in COMMUNITY_KINDS
        return None


def _dissolved(unit: Unit) -> Problem:
    day = unit.dissolved_on
    assert day is not None  # noqa: S101
    return problem("unit_dissolved", unit=unit.name, known_as=unit.code, date=day.isoformat())
