"""Send the reminders of a day."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.reminders import remind


class Command(BaseCommand):
    help = "Send what is due or was missed: the same that the clock does every morning."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", help="The day (ISO date); today if left out.")
        parser.add_argument("--json", action="store_true", help="Print one JSON document.")

    def handle(self, *, on: str | None, json: bool, **options: Any) -> None:
        outcome = remind(_day(on))
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
                "%(reminders)d reminders sent in %(notices)d notices; %(cancelled)d no longer so,"
                " %(superseded)d superseded."
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


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else timezone.localdate()
    except ValueError as error:
        raise CommandError(
            _("%(text)s is not a date like 2026-11-23.") % {"text": text}, returncode=2
        ) from error
