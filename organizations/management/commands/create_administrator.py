"""The first user of a portal: whoever makes the other ones, in the browser."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from organizations.choices import Role
from organizations.errors import OrganizationError
from organizations.grant_services import create_user, give_role


class Command(BaseCommand):
    help = (
        "Create a user who manages users and their roles, and print a one-time password. "
        "It is shown this once; the user chooses another at the first sign-in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("--email", default="", help="Where reminders are sent as well.")
        parser.add_argument("--json", action="store_true", help="Print one JSON document.")

    def handle(self, *, username: str, email: str, **options: Any) -> None:
        try:
            with transaction.atomic():
                user, password = create_user(username, email=email, by=None)
                give_role(user, role=Role.ADMINISTRATOR, unit=None, by=None)
        except OrganizationError as error:
            raise CommandError(str(error), returncode=1) from None
        if options["json"]:
            self.stdout.write(json.dumps({"username": user.username, "password": password}))
            return
        self.stdout.write(
            _("The administrator %(username)s can sign in with this one-time password:")
            % {"username": user.username}
        )
        self.stdout.write(f"  {password}")
        self.stdout.write(_("It is shown only now, and must be changed at the first sign-in."))
