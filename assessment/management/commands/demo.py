"""Load an invented county, or a province of them, into an empty portal."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import User
from assessment.demo.loading import load
from assessment.demo.sizes import SIZES
from assessment.months import fill
from assessment.verdicts import recompute_all
from organizations.management.days import day_asked
from organizations.models import Unit

SECONDS_FOR_MONTHS = 0
"""Last month alone is summed, to compare today with; a page over time sums the others."""


class Command(BaseCommand):
    help = "Load invented people and two years of activities on real place names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=sorted(SIZES), default="county")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--on", help="The demo's today (ISO date); the current day if left out."
        )

    def handle(self, *, size: str, seed: int, on: str | None, **options: Any) -> None:
        today = day_asked(on)
        if Unit.objects.exists() or User.objects.exists():
            raise CommandError(
                _("This portal holds data already. A demo is only loaded into an empty one."),
                returncode=2,
            )
        if not settings.DEMO_PASSWORD:
            raise CommandError(
                _("Set DEMO_PASSWORD: on a server the demo's users get no password known to all."),
                returncode=2,
            )
        begun = monotonic()
        made = load(SIZES[size], seed=seed, today=today, tell=self._tell)
        self._say(_("Computing the verdicts …"))
        recompute_all()
        counties = list(Unit.objects.filter(parent__isnull=True).order_by("path"))
        fill(counties, today, seconds=SECONDS_FOR_MONTHS)
        seconds = round(monotonic() - begun)
        self._say(_("The demo is loaded (%(seconds)d seconds).") % {"seconds": seconds})
        if not options["verbosity"]:
            return  # `up` names the users itself
        self._say(
            _("Each demo user has the password %(password)s") % {"password": settings.DEMO_PASSWORD}
        )
        for name, role, unit in made:
            self._say(f"  {name:14} {role:14} {unit}")

    def _tell(self, county: str, written: Counter[str]) -> None:
        self._say(
            _("%(county)s: %(persons)d persons and %(attendances)d attendances so far")
            % {
                "county": county,
                "persons": written["members.Person"],
                "attendances": written["activities.Attendance"],
            }
        )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
