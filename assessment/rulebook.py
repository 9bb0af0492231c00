"""From a rulebook's TOML to rules. Refuses what the engine does not understand. No Django."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from assessment.five_good import FiveGoodError, read_five_good
from assessment.periods import Cycle
from assessment.places_in_text import Spot
from assessment.reachable import why_out_of_reach
from assessment.terms import ONE, Dated, Given, Level, Measure, Rule, Rulebook, Text, Who

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
    "source",
    "mark",
    "given",
    "shows",
    "hours_a_day",
    "scores",
}
MARKS = frozenset({"", "V", "V2", "G", "?"})
"""Seen in the text; told by another; generally known; uncertain."""
KINDS_FILE = Path(__file__).parent.parent / "activities" / "kinds.toml"
THINGS = re.compile(
    r"organisation|development_plan|venue|fund|floating_member|unfit_case"
    r"|(?:body|office|unit|posts|term|service|facility|guest|duty|paper|floating|review|goal):\w+"
)
"""What counts beside kinds of activity; the rulebook's head lists them."""

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
    top = Spot(f"{rulebook_id}.toml", text)
    try:
        source = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(_told(top.file, str(error))) from error
    _check_keys(top, source, needed=HEAD_KEYS, optional=set())
    if source["id"] != rulebook_id:
        raise RulebookError(f"{top.at('id')}: its id is {source['id']!r}")
    since = _date(top.at("applies_from"), source["applies_from"])
    rules = {
        rule_id: _Reader(top.at("rules", rule_id), body, source["unit_groups"], since).rule(rule_id)
        for rule_id, body in source["rules"].items()
    }
    scored = {
        rule.id: _with_scores(top, rule, source["rules"][rule.id], rules) for rule in rules.values()
    }
    title = _text(top.at("title"), source["title"])
    return Rulebook(rulebook_id, title, since, MappingProxyType(scored))


def _with_scores(top: Spot, rule: Rule, body: Mapping[str, Any], rules: Mapping[str, Rule]) -> Rule:
    """The rule with its goals, which may be drawn on any of the rulebook's rules."""
    if "scores" not in body:
        return rule
    spot = top.at("rules", rule.id, "scores")
    try:
        scores = read_five_good(spot, body["scores"], rules)
    except FiveGoodError as error:
        raise RulebookError(str(error)) from error
    if any({f"goal:{goal.id}" for goal in step.goals} != rule.counts for step in scores):
        raise RulebookError(f"{spot}: counts names other goals")
    return replace(rule, scores=scores)


def _told(file: str, complaint: str) -> str:
    """A complaint of the reader's, with the line in front as in our own."""
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", complaint)
    if found is None or found[2] is None:
        return f"{file}: {complaint}"
    return f"{file}, line {found[2]}: {found[1]}"


@cache
def known_kinds() -> frozenset[str]:
    """The kinds of activity, read as data: the rules import no other app."""
    return frozenset(tomllib.loads(KINDS_FILE.read_text("utf-8")))


class _Reader:
    """Reads one rule; `where` goes before every complaint."""

    def __init__(
        self, where: Spot, body: dict[str, Any], groups: Mapping[str, list[str]], since: date
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
            source=self.source(),
            mark=self.string("mark", ""),
            given=self.given(),
            shows=self.strings("shows"),
            hours_a_day=self.dated("hours_a_day"),
        )
        self.check(rule)
        self.check_codes(rule)
        self.check_dates(rule)
        if refusal := why_out_of_reach(rule):
            key = "every_years" if rule.every_years.steps else "threshold"
            raise RulebookError(f"{self.at(key)}: {refusal}")
        return rule

    def check(self, rule: Rule) -> None:
        """What each key allows alone, but not together with the others."""
        rolling = rule.cycle is Cycle.ROLLING
        wrong = [
            (not rule.counts, "counts nothing"),
            (not rule.units, "names no kind of unit"),
            (rule.mark not in MARKS, f"the mark is none of {', '.join(sorted(MARKS - {''}))}"),
            (rolling != bool(rule.every_years.steps), "every_years goes with a rolling cycle"),
            (
                rolling != (rule.measure in {Measure.LAST_DONE, Measure.IN_TERM}),
                "last_done goes with a rolling cycle, and so does in_term",
            ),
            ((rule.who is Who.OFFICER) != bool(rule.offices), "offices go with officers"),
            (
                rule.measure in {Measure.EXISTS, Measure.SETTLED}
                and rule.cycle is not Cycle.STANDING,
                f"{rule.measure.value} goes with a standing cycle",
            ),
            (
                rule.cycle is Cycle.STANDING
                and rule.measure not in {Measure.EXISTS, Measure.SETTLED, Measure.KINDS},
                "exists, settled or kinds go with a standing cycle",
            ),
            (
                (rule.measure is Measure.HOURS) != bool(rule.hours_a_day.steps),
                "hours_a_day goes with hours",
            ),
            (
                (rule.measure is Measure.SCORE) != bool(self.body.get("scores")),
                "scores go with a score",
            ),
            (
                rule.measure is Measure.SCORE and rule.level is not Level.ENCOURAGED,
                "a score is shown: its level is encouraged",
            ),
            (
                (rule.measure is Measure.INDUCTED) != (rule.cycle is Cycle.ONCE),
                "inducted goes with the cycle once",
            ),
            (
                not rule.threshold.steps and rule.level not in {Level.ENCOURAGED, Level.LEDGER},
                "only an encouraged rule or a ledger may go without a threshold",
            ),
        ]
        for is_wrong, complaint in wrong:
            if is_wrong:
                raise RulebookError(f"{self.where}: {complaint}")

    def check_codes(self, rule: Rule) -> None:
        """What counts is something that the portal knows of."""
        for code in sorted(rule.codes):
            if code not in known_kinds() and not THINGS.fullmatch(code):
                raise RulebookError(f"{self.at('counts')}: {code!r} is nothing that can count")

    def check_dates(self, rule: Rule) -> None:
        """The rule's own time, and each of its numbers within it."""
        last = rule.applies_until or date.max
        if last < rule.applies_from:
            raise RulebookError(f"{self.at('applies_until')}: before applies_from")
        for key in ("threshold", "every_years", "hours_a_day"):
            if any(since > last for since, _number in getattr(rule, key).steps):
                raise RulebookError(f"{self.at(key)}: a step begins after applies_until")

    def at(self, key: str) -> Spot:
        return self.where.at(key)

    def source(self) -> Text | None:
        body = self.body.get("source")
        return None if body is None else _text(self.at("source"), body)

    def given(self) -> Given | None:
        body = self.body.get("given")
        if body is None:
            return None
        spot = self.at("given")
        _check_keys(spot, body, needed={"codes", "at_least"}, optional=set())
        steps = _steps(spot.at("at_least"), body["at_least"])
        return Given(frozenset(_strings(spot.at("codes"), body["codes"])), steps)

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
        return _steps(self.at(key), self.body.get(key, []))


def _steps(where: Spot, body: object) -> Dated:
    """Steps `{ since, is }` in order of time; a step without `is` repeals."""
    if not isinstance(body, list):
        raise RulebookError(f"{where}: not a list of steps")
    steps: list[tuple[date, Decimal | None]] = []
    for step in body:
        _check_keys(where, step, needed={"since"}, optional={"is"})
        number = _decimal(where, step["is"]) if "is" in step else None
        steps.append((_date(where, step["since"]), number))
    days = [since for since, _number in steps]
    if len(days) != len(set(days)):
        raise RulebookError(f"{where}: two steps begin on the same day: their dates overlap")
    if days != sorted(days):
        raise RulebookError(f"{where}: the steps are not in order of time")
    return Dated(tuple(steps))


def _check_keys(where: Spot, body: object, *, needed: set[str], optional: set[str]) -> None:
    if not isinstance(body, dict):
        raise RulebookError(f"{where}: not a table")
    if missing := needed - body.keys():
        raise RulebookError(f"{where}: missing {', '.join(sorted(missing))}")
    if unknown := body.keys() - needed - optional:
        raise RulebookError(f"{where}: unknown {', '.join(sorted(unknown))}")


def _text(where: Spot, body: object) -> Text:
    _check_keys(where, body, needed={"en", "zh"}, optional=set())
    assert isinstance(body, dict)  # noqa: S101 - checked the line before
    if not all(isinstance(phrase, str) and phrase.strip() for phrase in body.values()):
        raise RulebookError(f"{where}: an empty phrase")
    return Text(en=body["en"], zh=body["zh"])


def _strings(where: Spot, value: object) -> Iterable[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RulebookError(f"{where}: not a list of texts")
    return value


def _date(where: Spot, value: object) -> date:
    if type(value) is not date:
        raise RulebookError(f"{where}: not a date")
    return value


def _decimal(where: Spot, value: object) -> Decimal:
    """Numbers are written as texts, so that no float ever comes near them."""
    try:
        number = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise RulebookError(f"{where}: {value!r} is not a number written as a text")
    return number
