"""`manage.py seal`: close a year or quarter of a county, or check what was closed."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from assessment.errors import AssessmentError
from assessment.models import Seal
from assessment.periods import Cycle, Period, periods_of
from assessment.sealing import check_seals, correct_seal, seal_period
from organizations.management.days import EARLIEST, LATEST, UNUSABLE
from organizations.models import Unit

REFUSED = 1
QUARTERS = (1, 2, 3, 4)


class Command(BaseCommand):
    """Acts for the system, whoever runs it: the shell of the server is the gate."""

    help = "Seal a closed year or quarter of a county, or check the seals (docs/seals.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", metavar="CODE", help="the county; --check: default all")
        parser.add_argument("--year", type=int, metavar="YYYY")
        parser.add_argument("--quarter", type=int, choices=QUARTERS, metavar="N")
        parser.add_argument("--correct", metavar="WHY", help="state a sealed period anew, and why")
        parser.add_argument("--check", action="store_true", help="check digests and chain")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self.check_all(options["unit"], as_json=options["json"])
            return
        county, period = _county(options["unit"]), _period(options["year"], options["quarter"])
        try:
            seal = _sealed(county, period, options["correct"])
        except AssessmentError as error:
            raise CommandError(str(error), returncode=REFUSED) from error
        told = _told(seal)
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            self.stdout.write(_("Sealed verdicts: %(verdicts)s") % told)
            self.stdout.write(f"{told['period_start']} … {told['period_end']}")
            self.stdout.write(told["digest"])

    def check_all(self, code: str | None, *, as_json: bool) -> None:
        counties = [_county(code)] if code else Unit.objects.filter(seals__isnull=False).distinct()
        checked = [found for county in counties for found in check_seals(county)]
        broken = sum(bool(found.problems) for found in checked)
        if as_json:
            rows = [{**_told(each.seal), "problems": list(each.problems)} for each in checked]
            document = {"checked": len(checked), "broken": broken, "seals": rows}
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=1))
        else:
            for found in checked:
                said = "; ".join(found.problems) or _("in order")
                self.stdout.write(f"{found.seal.unit.code} {found.seal.number}  {said}")
            words = _("Seals checked: %(checked)s, not in order: %(broken)s")
            self.stdout.write(words % {"checked": len(checked), "broken": broken})
        if broken:
            raise SystemExit(REFUSED)


def _county(code: str | None) -> Unit:
    if not code:
        raise CommandError(_("Name the county with --unit."), returncode=UNUSABLE)
    county = Unit.objects.filter(code=code.lower(), parent__isnull=True).first()
    if county is None:
        message = _("There is no county %(code)s: seals are of whole counties.")
        raise CommandError(message % {"code": code}, returncode=UNUSABLE)
    return county


def _period(year: int | None, quarter: int | None) -> Period:
    if year is None or not EARLIEST.year <= year <= LATEST.year:
        raise CommandError(_("Name the year with --year, like 2025."), returncode=UNUSABLE)
    if quarter is None:
        return periods_of(year, Cycle.YEAR)[0]
    return periods_of(year, Cycle.QUARTER)[quarter - 1]


def _sealed(county: Unit, period: Period, reason: str | None) -> Seal:
    if reason is None:
        return seal_period(county, period, by=None)
    given = {"period_start": period.first, "period_end": period.last}
    seal = Seal.objects.filter(unit=county, **given).first()
    if seal is None:
        raise AssessmentError(_("This period is not sealed yet, so there is nothing to correct."))
    return correct_seal(seal, reason, by=None)


def _told(seal: Seal) -> dict[str, Any]:
    return {
        "unit": seal.unit.code,
        "number": seal.number,
        "correction": seal.correction,
        "period_start": seal.period_start.isoformat(),
        "period_end": seal.period_end.isoformat(),
        "verdicts": seal.verdicts.count(),
        "digest": seal.digest,
        "previous": seal.previous,
    }
