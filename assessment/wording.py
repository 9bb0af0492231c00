"""Verdicts in words and figures: what is short, told in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from activities.kinds import all_kinds
from assessment.judging import IN_DAYS
from assessment.phrases import plain, plural
from assessment.rulebook import load_rulebook
from assessment.terms import Reason, Rule, Text, Verdict
from members.choices import Office
from organizations.choices import BodyKind, FacilityKind, ServiceKind, UnitKind

CENT = Decimal("0.01")
NAMED_BY: dict[str, type[TextChoices]] = {
    "body": BodyKind,
    "office": Office,
    "unit": UnitKind,
    "service": ServiceKind,
    "facility": FacilityKind,
}
"""Codes that are an entry of a list behind their prefix."""


def figure(amount: Decimal, *, in_days: bool) -> str:
    """A count without decimals, days and hours with two."""
    return str(amount.quantize(CENT)) if in_days else str(int(amount))


def figures_of(rule: Rule, value: Decimal, target: Decimal) -> tuple[str, str]:
    """A unit's value and target: only a unit's own days are days, persons are counted."""
    in_days = rule.measure in IN_DAYS and not rule.who.is_person
    return figure(value, in_days=in_days), figure(target, in_days=in_days)


def phrase(text: Text) -> str:
    """A rulebook's phrase in the active language."""
    return text.in_language(get_language() or "zh")


def find_rule(rulebook_id: str, rule_id: str) -> Rule:
    """The rule of a stored verdict. Raises KeyError or RulebookError when it is no more."""
    return load_rulebook(rulebook_id).rules[rule_id]


def shortfall(verdict: Verdict, code: str) -> list[dict[str, Any]]:
    """What a verdict's `short` stores: each person not yet there, or else each reason.

    `code` is that of the unit which shows the persons. `person` is the key, for links: it is left
    out of what is printed.
    """
    short: list[dict[str, Any]] = json.loads(shortfall_as_text(verdict, code))
    return short


def shortfall_as_text(verdict: Verdict, code: str) -> str:
    """`shortfall` as JSON, written just as PostgreSQL writes it, so that texts can be compared.

    Put together from pieces that all of a crowd share: a province falls short by the million.
    """
    if not verdict.persons:
        return _reasons_as_text(verdict.reasons)
    in_days = verdict.rule.measure in IN_DAYS
    told: list[tuple[int, str]] = []
    for person in verdict.persons_short:
        value = figure(person.value, in_days=in_days)
        target = figure(person.target, in_days=in_days)
        crowd = person.crowd or ((len(told), str(person.person), person.name),)
        after_name = f', "unit": {_quoted(code)}, "value": "{value}", "person": "'
        after_key = f'", "target": "{target}"}}'
        told += [
            (place, f'{{"name": {_quoted(name)}{after_name}{key}{after_key}')
            for place, key, name in crowd
        ]
    told.sort()
    return f"[{', '.join([text for _place, text in told])}]"


@lru_cache(maxsize=4096)
def _reasons_as_text(reasons: tuple[Reason, ...]) -> str:
    """Units lack the same things: each list of reasons is written once."""
    told = [_in_order(_reason_short(reason)) for reason in reasons]
    return json.dumps(told, ensure_ascii=False)


def _in_order(said: dict[str, Any]) -> dict[str, Any]:
    """The keys as jsonb keeps them: the shorter ones first."""
    return dict(sorted(said.items(), key=lambda item: (len(item[0]), item[0])))


_quoted = json.encoder.encode_basestring


def _reason_short(reason: Reason) -> dict[str, Any]:
    return {
        "reason": reason.code,
        "what": reason.what,
        "amount": None if reason.amount is None else str(reason.amount),
        "day": reason.day and reason.day.isoformat(),
    }


def tell_short(short: list[dict[str, Any]]) -> list[dict[str, str] | str]:
    """A stored `short` for print: persons as they are, reasons in the active language."""
    return [tell_reason(item) if "reason" in item else _without_key(item) for item in short]


def _without_key(item: Mapping[str, Any]) -> dict[str, str]:
    return {key: item[key] for key in ("name", "unit", "value", "target")}


def tell_reason(item: Mapping[str, Any] | Reason) -> str:
    """One reason, computed or stored, as a sentence in the active language."""
    if isinstance(item, Reason):
        item = _reason_short(item)
    amount = Decimal(item["amount"] or 0)
    day = _day(item["day"])
    match item["reason"]:
        case "count":
            number = int(amount)
            return ngettext("%(number)d more to do", "%(number)d more to do", number) % {
                "number": number
            }
        case "days":
            words = ngettext("%(days)s more day to do", "%(days)s more days to do", plural(amount))
            return words % {"days": plain(amount)}
        case "hours":
            words = ngettext(
                "%(hours)s more class-hour to do",
                "%(hours)s more class-hours to do",
                plural(amount),
            )
            return words % {"hours": plain(amount)}
        case "term":
            return gettext("The term ends or ended on %(day)s: elect anew") % {"day": day}
        case "lacking":
            return gettext("Lacking: %(thing)s") % {"thing": name_of(item["what"])}
        case "never":
            return gettext("Never done; falls due on %(day)s") % {"day": day}
        case "last":
            words = gettext("Last done on %(last)s; fell or falls due on %(day)s")
            return words % {"last": _day(item["what"]), "day": day}
        case "untrained":
            return gettext("No training in the year up to taking office on %(day)s") % {"day": day}
        case _:
            return gettext("Not known when it was last done: please tell")


def _day(iso: str | None) -> str:
    return date_format(date.fromisoformat(iso)) if iso else ""


def name_of(code: str) -> str:
    """What a code in a rule's `counts` is called in the active language."""
    prefix, _colon, rest = code.rpartition(":")
    if prefix in NAMED_BY:
        return str(NAMED_BY[prefix](rest).label)
    if prefix == "term":
        return gettext("the term of the %(office)s") % {"office": Office(rest).label}
    if code in all_kinds():
        return all_kinds()[code].name
    return {
        "organisation": gettext("a Party organisation of the community"),
        "development_plan": gettext("the year's development plan"),
        "venue": gettext("a venue"),
        "fund": gettext("a record of the year's funds"),
        "review:graded": gettext("a grade in the member review"),
        "floating:review": gettext("a review of certificate and cards"),
        "floating:situation": gettext("a note on the member's situation"),
        "floating_member": gettext("floating members"),
        "posts:one_person": gettext("one person as secretary and director"),
        "posts:cross": gettext("an office of both leaderships in one hand"),
        "unfit_case": gettext("a case of an unfit member"),
        "guest:claim": gettext("community work claimed"),
        "guest:feedback": gettext("feedback to the home unit"),
        "guest:follow_up": gettext("the transfer followed up"),
        "duty:post": gettext("a post with duties"),
        "duty:pledge_reported": gettext("a pledge reported on"),
        "paper:certificate": gettext("activity certificate"),
        "paper:contact": gettext("contact card"),
        "paper:activity": gettext("activity card"),
        "paper:feedback": gettext("feedback card"),
        "goal:leadership": gettext("Leadership"),
        "goal:members": gettext("Members' ranks"),
        "goal:mechanism": gettext("Working mechanism"),
        "goal:results": gettext("Results of work"),
        "goal:opinion": gettext("Residents' opinion"),
    }[code]
