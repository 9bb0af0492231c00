"""`manage.py why`: the page of a verdict as text, or of some verdicts of every status."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from assessment.choices import VerdictStatus
from assessment.columns import Column, find_column
from assessment.models import Verdict
from assessment.verdicts import refresh
from assessment.why import explain
from assessment.why_text import lines_of
from organizations.management.days import UNUSABLE, day_asked
from organizations.models import Unit


class Command(BaseCommand):
    """Shows what the user of `--as` may see, and nothing else."""

    help = "Tell why a verdict is what it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as", dest="user", metavar="USER", required=True, help="who asks")
        parser.add_argument("--unit", metavar="CODE")
        parser.add_argument("--rule", metavar="ID")
        parser.add_argument("--as-of", metavar="DATE", help="ISO date; default: today")
        parser.add_argument("--period", metavar="DATE", help="its first day; default: the newest")
        parser.add_argument(
            "--sample", metavar="N", type=int, help="instead: N verdicts of every status, of today"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            message = _("There is no user %(name)s.") % {"name": options["user"]}
            raise CommandError(message, returncode=UNUSABLE)
        if options["sample"]:
            lines = _sample(user, options["sample"])
        else:
            lines = _one(user, options)
        self.stdout.write("\n".join(lines))


def _one(user: User, options: dict[str, Any]) -> Iterator[str]:
    code, column = options["unit"] or "", find_column(options["rule"] or "")
    unit = Unit.objects.visible_to(user).filter(code=code.lower()).first()
    if unit is None:
        message = _("There is no unit %(code)s.") % {"code": code}
        raise CommandError(message, returncode=UNUSABLE)
    if column is None:
        message = _("There is no rule %(id)s.") % {"id": options["rule"]}
        raise CommandError(message, returncode=UNUSABLE)
    period = day_asked(options["period"]) if options["period"] else None
    yield from _told(user, unit, column, day_asked(options["as_of"]), period)


def _told(user: User, unit: Unit, column: Column, on: date, period: date | None) -> Iterator[str]:
    why = explain(user, unit, column, on=on, period_start=period)
    if why is None:
        raise CommandError(_("The rule does not ask this unit then."), returncode=UNUSABLE)
    yield from lines_of(why)


def _sample(user: User, number: int) -> Iterator[str]:
    """Verdicts of each status, of as many rules as there are: one rule after the other."""
    refresh(Unit.objects.visible_to(user))
    today = timezone.localdate()
    for status in VerdictStatus:
        rows = Verdict.objects.visible_to(user).filter(status=status).select_related("unit")
        by_rule: dict[str, list[Verdict]] = {}
        for row in rows.order_by("unit__path", "rule", "period_start"):
            by_rule.setdefault(row.rule, []).append(row)
        chosen = [
            rows[turn] for turn in range(number) for rows in by_rule.values() if turn < len(rows)
        ]
        yield f"\n== {status.label} ({len(chosen[:number])})"
        for row in chosen[:number]:
            column = find_column(row.rule)
            if column is None:
                continue
            is_calendar = column.rule.cycle.is_calendar
            yield ""
            yield from _told(
                user, row.unit, column, today, row.period_start if is_calendar else None
            )
