"""From a rulebook's TOML to rules. Refuses what the engine does not understand. No Django."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from assessment.five_good import FiveGoodError, read_five_good
from assessment.periods import Cycle
from assessment.terms import ONE, Dated, Level, Measure, Rule, Rulebook, Text, Who

FOLDER = Path(__file__).parent / "rulebooks"

LEAD_DAYS = {
    Cycle.MONTH: 7,
    Cycle.QUARTER: 21,
    Cycle.HALF: 30,
    Cycle.YEAR: 60,
    Cycle.ROLLING: 60,
    Cycle.ONCE: 0,
    Cycle.STANDING: 0,
}
"""Days of lead where a rule names none."""

HEAD_KEYS = {"id", "title", "applies_from", "unit_groups", "rules"}
NEEDED_KEYS = {"clause", "title", "asks", "level", "who", "units", "measure", "counts", "cycle"}
OPTIONAL_KEYS = {
    "threshold",
    "lead_days",
    "share",
    "with_members",
    "offices",
    "every_years",
    "school_levels",
    "fixed_by",
    "applies_from",
    "applies_until",
}

Choice = TypeVar("Choice", bound=StrEnum)


class RulebookError(Exception):
    """A rulebook that says something the engine does not understand."""


def rulebook_ids() -> tuple[str, ...]:
    """The rulebooks that the portal brings along."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def load_rulebook(rulebook_id: str) -> Rulebook:
    """Raises RulebookError, naming file and rule, on anything unknown, missing or ill-typed."""
    if rulebook_id not in rulebook_ids():
        raise RulebookError(f"{rulebook_id}: no such rulebook")
    return parse_rulebook(rulebook_id, (FOLDER / f"{rulebook_id}.toml").read_text("utf-8"))


def parse_rulebook(rulebook_id: str, text: str) -> Rulebook:
    """The rules of one file; `rulebook_id` is its name without the ending."""
    where = f"{rulebook_id}.toml"
    try:
        source = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(f"{where}: {error}") from error
    _check_keys(where, source, needed=HEAD_KEYS, optional={"five_good"})
    if source["id"] != rulebook_id:
        raise RulebookError(f"{where}: its id is {source['id']!r}")
    since = _date(f"{where}: applies_from", source["applies_from"])
    rules = {
        rule_id: _Reader(f"{where}: {rule_id}", body, source["unit_groups"], since).rule(rule_id)
        for rule_id, body in source["rules"].items()
    }
    title = _text(f"{where}: title", source["title"])
    try:
        goals = source.get("five_good", [])
        five_good = read_five_good(f"{where}: five_good", goals, rules, source["unit_groups"])
    except FiveGoodError as error:
        raise RulebookError(str(error)) from error
    return Rulebook(rulebook_id, title, since, MappingProxyType(rules), five_good)


class _Reader:
    """Reads one rule; `where` goes before every complaint."""

    def __init__(
        self, where: str, body: dict[str, Any], groups: Mapping[str, list[str]], since: date
    ) -> None:
        _check_keys(where, body, needed=NEEDED_KEYS, optional=OPTIONAL_KEYS)
        self.where, self.body, self.groups, self.since = where, body, groups, since

    def rule(self, rule_id: str) -> Rule:
        cycle = self.choice("cycle", Cycle)
        rule = Rule(
            id=rule_id,
            clause=self.string("clause"),
            title=_text(self.at("title"), self.body["title"]),
            asks=_text(self.at("asks"), self.body["asks"]),
            level=self.choice("level", Level),
            who=self.choice("who", Who),
            units=self.units(self.body["units"]),
            measure=self.choice("measure", Measure),
            counts=self.strings("counts"),
            cycle=cycle,
            threshold=self.dated("threshold"),
            lead_days=self.whole("lead_days", LEAD_DAYS[cycle]),
            applies_from=_date(self.at("applies_from"), self.body.get("applies_from", self.since)),
            applies_until=self.last_day(),
            share=self.share(),
            with_members=self.flag("with_members"),
            offices=self.offices(),
            every_years=self.dated("every_years"),
            school_levels=self.strings("school_levels"),
            fixed_by=self.string("fixed_by", ""),
        )
        self.check(rule)
        return rule

    def check(self, rule: Rule) -> None:
        """What each key allows alone, but not together with the others."""
        rolling = rule.cycle is Cycle.ROLLING
        wrong = [
            (not rule.counts, "counts nothing"),
            (not rule.units, "names no kind of unit"),
            (rolling != bool(rule.every_years.steps), "every_years goes with a rolling cycle"),
            (rolling != (rule.measure is Measure.LAST_DONE), "last_done goes with a rolling cycle"),
            ((rule.who is Who.OFFICER) != bool(rule.offices), "offices go with officers"),
            (
                (rule.measure is Measure.EXISTS) != (rule.cycle is Cycle.STANDING),
                "exists goes with a standing cycle",
            ),
            (
                (rule.measure is Measure.INDUCTED) != (rule.cycle is Cycle.ONCE),
                "inducted goes with the cycle once",
            ),
            (
                not rule.threshold.steps and rule.level is not Level.ENCOURAGED,
                "only an encouraged rule may go without a threshold",
            ),
        ]
        for is_wrong, complaint in wrong:
            if is_wrong:
                raise RulebookError(f"{self.where}: {complaint}")

    def at(self, key: str) -> str:
        return f"{self.where}: {key}"

    def choice(self, key: str, choices: type[Choice]) -> Choice:
        try:
            return choices(self.body[key])
        except ValueError as error:
            raise RulebookError(f"{self.at(key)}: {error}") from error

    def string(self, key: str, default: str | None = None) -> str:
        value = self.body.get(key, default)
        if not isinstance(value, str):
            raise RulebookError(f"{self.at(key)}: not a text")
        return value

    def whole(self, key: str, default: int) -> int:
        value = self.body.get(key, default)
        if type(value) is not int or value < 0:
            raise RulebookError(f"{self.at(key)}: not a whole number")
        return value

    def flag(self, key: str) -> bool:
        value = self.body.get(key, False)
        if not isinstance(value, bool):
            raise RulebookError(f"{self.at(key)}: neither true nor false")
        return value

    def strings(self, key: str) -> frozenset[str]:
        return frozenset(_strings(self.at(key), self.body.get(key, [])))

    def units(self, names: object, key: str = "units") -> frozenset[str]:
        """Kinds of unit; the name of a group stands for all of its kinds."""
        known = {kind for kinds in self.groups.values() for kind in kinds}
        kinds: set[str] = set()
        for name in _strings(self.at(key), names):
            if name not in self.groups and name not in known:
                raise RulebookError(f"{self.at(key)}: {name!r} is no group nor kind of unit")
            kinds.update(self.groups.get(name, [name]))
        return frozenset(kinds)

    def offices(self) -> Mapping[str, frozenset[str]]:
        offices = self.body.get("offices", {})
        if not isinstance(offices, dict):
            raise RulebookError(f"{self.at('offices')}: not a table")
        return MappingProxyType(
            {office: self.units(kinds, "offices") for office, kinds in offices.items()}
        )

    def share(self) -> Decimal:
        share = _decimal(self.at("share"), self.body.get("share", "1"))
        if not 0 < share <= ONE:
            raise RulebookError(f"{self.at('share')}: not above 0 and up to 1")
        return share

    def last_day(self) -> date | None:
        last = self.body.get("applies_until")
        return None if last is None else _date(self.at("applies_until"), last)

    def dated(self, key: str) -> Dated:
        """Steps `{ since, is }` in order of time; a step without `is` repeals."""
        steps: list[tuple[date, Decimal | None]] = []
        for step in self.body.get(key, []):
            _check_keys(self.at(key), step, needed={"since"}, optional={"is"})
            number = _decimal(self.at(key), step["is"]) if "is" in step else None
            steps.append((_date(self.at(key), step["since"]), number))
        days = [since for since, _number in steps]
        if days != sorted(set(days)):
            raise RulebookError(f"{self.at(key)}: the steps are not in order of time")
        return Dated(tuple(steps))


def _check_keys(where: str, body: object, *, needed: set[str], optional: set[str]) -> None:
    if not isinstance(body, dict):
        raise RulebookError(f"{where}: not a table")
    if missing := needed - body.keys():
        raise RulebookError(f"{where}: missing {', '.join(sorted(missing))}")
    if unknown := body.keys() - needed - optional:
        raise RulebookError(f"{where}: unknown {', '.join(sorted(unknown))}")


def _text(where: str, body: object) -> Text:
    _check_keys(where, body, needed={"en", "zh"}, optional=set())
    assert isinstance(body, dict)  # noqa: S101 - checked the line before
    if not all(isinstance(phrase, str) and phrase.strip() for phrase in body.values()):
        raise RulebookError(f"{where}: an empty phrase")
    return Text(en=body["en"], zh=body["zh"])


def _strings(where: str, value: object) -> Iterable[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RulebookError(f"{where}: not a list of texts")
    return value


def _date(where: str, value: object) -> date:
    if type(value) is not date:
        raise RulebookError(f"{where}: not a date")
    return value


def _decimal(where: str, value: object) -> Decimal:
    """Numbers are written as texts, so that no float ever comes near them."""
    try:
        number = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise RulebookError(f"{where}: {value!r} is not a number written as a text")
    return number
