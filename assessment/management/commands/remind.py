"""Send the reminders of a day."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from assessment.reminders import remind
from organizations.management.days import day_asked


class Command(BaseCommand):
    help = "Send what is due or was missed: the same that the clock does every morning."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", help="The day (ISO date); today if left out.")
        parser.add_argument("--json", action="store_true", help="Print one JSON document.")

    def handle(self, *, on: str | None, json: bool, **options: Any) -> None:
        outcome = remind(day_asked(on))
        if json:
            self.stdout.write(_dumped(outcome.as_json()))
            return
        for row in outcome.sent:
            self.stdout.write(
                f"{row.recipient.username}  {row.subject_code}  {row.rule}"
                f"  {row.period_start} – {row.period_end}  {row.get_stage_display()}"
            )
        self.stdout.write(
            _(
                "Reminders sent: %(reminders)d, in notices: %(notices)d; no longer so: "
                "%(cancelled)d, superseded: %(superseded)d."
            )
            % {
                "reminders": len(outcome.sent),
                "notices": outcome.notices,
                "cancelled": outcome.cancelled,
                "superseded": outcome.superseded,
            }
        )


def _dumped(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1)
