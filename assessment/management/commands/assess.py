"""`manage.py assess`: judge a unit and all below it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment import verdicts
from assessment.choices import VerdictStatus
from assessment.engine import Result, compute
from assessment.rulebook import load_rulebook, rulebook_ids
from assessment.wording import figures_of, phrase, shortfall, tell_short
from organizations.management.days import UNUSABLE, day_asked
from organizations.models import Unit
from organizations.querysets import UnitQuerySet


class Command(BaseCommand):
    """Acts for the system, whoever runs it: the shell of the server is the gate."""

    help = "Judge a unit and all below it by its county's rulebooks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", metavar="CODE", help="default: every county")
        parser.add_argument("--as-of", metavar="DATE", help="ISO date; default: today")
        parser.add_argument("--rulebook", metavar="ID", help="default: those in use")
        parser.add_argument("--rule", metavar="ID", action="append", help="may be repeated")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        units = _units(options["unit"])
        as_of = day_asked(options["as_of"])
        rulebooks = _rulebooks(options["rulebook"])
        rules = _rules(options["rule"], rulebooks)
        if as_of != timezone.localdate():
            results = compute(units, as_of, rulebooks, rules)
        elif rulebooks is None and rules is None:
            results = verdicts.assess(units)
        else:
            verdicts.refresh(units)
            results = compute(units, as_of, rulebooks, rules)
        if options["json"]:
            self.stdout.write(_document(as_of, results))
        else:
            self.stdout.write("\n".join(_table(as_of, results)))


def _units(code: str | None) -> UnitQuerySet:
    if code is None:
        return Unit.objects.all()
    unit = Unit.objects.filter(code=code.lower()).first()
    if unit is None:
        raise CommandError(_("There is no unit %(code)s.") % {"code": code}, returncode=UNUSABLE)
    return Unit.objects.under(unit.path)


def _rulebooks(rulebook_id: str | None) -> list[str] | None:
    if rulebook_id is None:
        return None
    if rulebook_id not in rulebook_ids():
        message = _("There is no rulebook %(id)s; there are: %(known)s.")
        known = ", ".join(rulebook_ids())
        raise CommandError(message % {"id": rulebook_id, "known": known}, returncode=UNUSABLE)
    return [rulebook_id]


def _rules(rule_ids: list[str] | None, rulebooks: list[str] | None) -> list[str] | None:
    if rule_ids is None:
        return None
    books = [load_rulebook(rulebook_id) for rulebook_id in rulebooks or rulebook_ids()]
    known = {rule_id for book in books for rule_id in book.rules}
    for rule_id in rule_ids:
        if rule_id not in known:
            message = _("There is no rule %(id)s; there are: %(known)s.")
            listed = ", ".join(sorted(known))
            raise CommandError(message % {"id": rule_id, "known": listed}, returncode=UNUSABLE)
    return rule_ids


def _document(as_of: date, results: list[Result]) -> str:
    rows = [_row(result) for result in results]
    return json.dumps({"as_of": as_of.isoformat(), "verdicts": rows}, ensure_ascii=False, indent=1)


def _row(result: Result) -> dict[str, Any]:
    verdict = result.verdict
    value, target = figures_of(verdict.rule, verdict.value, verdict.target)
    return {
        "unit": verdict.unit,
        "rule": verdict.rule.id,
        "period_start": verdict.period and verdict.period.first.isoformat(),
        "period_end": verdict.period and verdict.period.last.isoformat(),
        "value": value,
        "target": target,
        "status": verdict.status.value,
        "short": tell_short(shortfall(verdict, result.unit.code)),
    }


def _table(as_of: date, results: list[Result]) -> list[str]:
    lines = [_("As of %(day)s") % {"day": as_of.isoformat()}]
    unit = None
    for result in results:
        if result.unit != unit:
            unit = result.unit
            lines.append(f"\n{unit.name} ({unit.code})")
        row = _row(result)
        period = f"{row['period_start'] or '—'} … {row['period_end'] or '—'}"
        status = VerdictStatus(row["status"]).label
        lines.append(
            f"  {status}  {row['value']}/{row['target']}  {period}  {phrase(result.rule.title)}"
        )
    return lines
