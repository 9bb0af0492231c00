"""Facts made by hand, for the rules that need no database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from assessment.periods import ALWAYS, Cycle, Period, period_of
from assessment.rulebook import load_rulebook
from assessment.rules import evaluate, judge
from assessment.terms import Facts, PersonFacts, Record, Settings, Stay

RULES = load_rulebook("guizhou-2008").rules
YEAR = period_of(date(2026, 1, 1), Cycle.YEAR)
HERE = "m1"


def record(kind, on, days="0.5", ref=1, **more):
    kinds = frozenset([kind] if isinstance(kind, str) else kind)
    return Record(ref, kinds, on, Decimal(days), **more)


def unit(*records, kind="community_branch", **more):
    """A unit that has always been there, with members."""
    given = {"members": (ALWAYS,), "records": records, "history": records} | more
    return Facts(code=HERE, kind=kind, **given)


def spell(begun=None, ended=None):
    return Period.spell(begun, ended)


def home(begun=None, ended=None, at=HERE, kind="community_branch"):
    return Stay("home", at, kind, spell(begun, ended))


def post(office="secretary", begun=None, ended=None, at=HERE, kind="community_branch"):
    return Stay(office, at, kind, spell(begun, ended))


def floating(begun=None, ended=None):
    return Stay("floating", HERE, "community_branch", spell(begun, ended))


def person(*stays, number=1, records=(), **more):
    """A full member in good standing for ever, at home here unless told otherwise."""
    given = {"membership": (ALWAYS,), "full": ALWAYS, "history": tuple(records)} | more
    return PersonFacts(number, f"党员{number}", stays or (home(),), records=tuple(records), **given)


def ask(rule, facts, as_of, period=None, settings=None):
    """The verdict on one period; of a calendar rule the one that `as_of` lies in."""
    rule = RULES[rule] if isinstance(rule, str) else rule
    if period is None and rule.cycle.is_calendar:
        period = period_of(as_of, rule.cycle)
    return evaluate(rule, facts, period, as_of=as_of, settings=settings or Settings())


def ask_all(rule, facts, as_of, settings=None, year=None):
    rule = RULES[rule] if isinstance(rule, str) else rule
    return judge(rule, facts, as_of=as_of, settings=settings or Settings(), year=year)


def setting(key, value, since=date(2008, 8, 7)):
    return Settings(((key, since, value),))


def answer(verdict):
    return verdict.status.value, str(verdict.value), str(verdict.target)
