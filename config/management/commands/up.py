"""Everything in one command: prepare the data, then serve with a worker and a clock."""

from __future__ import annotations

import hashlib
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from assessment.demo import DEMO_PASSWORD, DEMO_USERS
from config import serving
from config.celery import app
from organizations.models import Grant, Unit
from scripts.check_port import why_not
from scripts.compile_messages import compile_stale


class Command(BaseCommand):
    help = "Migrate, load the demo county when there is no unit yet, serve and work until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000")
        parser.add_argument("--no-demo", action="store_true", help="Leave an empty portal empty.")

    def handle(self, *, port: str, no_demo: bool, **options: Any) -> None:
        if reason := why_not(port):
            raise CommandError(reason, returncode=2)
        os.umask(0o077)  # what is written here is personal data
        try:
            with serving.sole_server(settings.PORTAL_DATA), serving.ending_on_signals():
                self._prepare(with_demo=not no_demo)
                self._serve(int(port))
        except serving.AlreadyRunningError:
            raise CommandError(
                self._in_both(
                    lambda: (
                        _("The portal already runs on the data in %(folder)s.")
                        % {"folder": settings.PORTAL_DATA}
                    )
                ),
                returncode=2,
            ) from None
        except serving.ServingError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            self.stdout.write(self._in_both(lambda: _("Stopped.")))

    def _prepare(self, *, with_demo: bool) -> None:
        compile_stale()
        self._step(lambda: _("Preparing the database …"))
        call_command("migrate", verbosity=0, interactive=False)
        _collect_static()
        _declare_queue()
        if with_demo and not Unit.objects.exists() and not User.objects.exists():
            self._step(lambda: _("Loading the demo county …"))
            # A start that is broken off leaves no half of a county behind.
            with transaction.atomic():
                call_command("demo", verbosity=0, stdout=self.stdout)
        connections.close_all()

    def _serve(self, port: int) -> None:
        address = f"http://127.0.0.1:{port}"
        company = serving.Company(
            logs=settings.PORTAL_DATA / "logs",
            env={"SITE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings"} | os.environ,
        )
        try:
            for name, command in serving.commands(port, settings.PORTAL_DATA).items():
                company.start(name, command)
            company.wait_until_it_answers(port)
            self._greet(address, company.logs)
            company.watch()
        finally:
            company.end()

    def _greet(self, address: str, logs: Path) -> None:
        lines = ["", *self._both_lines(lambda: _("The portal is at %s") % address)]
        grants, password = _demo_grants()
        if grants:
            lines += self._both_lines(
                lambda: (
                    _("Demo users, each with the password %(password)s") % {"password": password}
                )
            )
        for grant in grants:
            roles = " ".join(self._both_lines(grant.get_role_display))
            lines.append(f"  {grant.user.username:14}{roles}  {grant.unit or ''}".rstrip())
        lines += [
            *self._both_lines(lambda: _("Logs: %(folder)s") % {"folder": logs}),
            *self._both_lines(lambda: _("Ctrl-C ends it; the data stays.")),
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
        connections.close_all()

    def _step(self, text: Any) -> None:
        self.stdout.write(" ".join(self._both_lines(text)))
        self.stdout.flush()

    def _in_both(self, text: Any) -> str:
        return "\n".join(self._both_lines(text))

    def _both_lines(self, text: Any) -> list[str]:
        """`text()` in each language of the portal, the default one first."""
        said = []
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                said.append(str(text()))
        return list(dict.fromkeys(said))


def _collect_static() -> None:
    """Collect and compress the static files, unless they are the ones collected last time."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            source = Path(storage.path(path)).stat()
            digest.update(f"{path} {source.st_size} {source.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.exists() and stamp.read_text("ascii") == digest.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(digest.hexdigest(), "ascii")


def _declare_queue() -> None:
    """Make the queue before several processes would make it at once."""
    with app.connection_for_write() as connection:
        app.amqp.queues[app.conf.task_default_queue](connection.default_channel).declare()


def _demo_grants() -> tuple[list[Grant], str]:
    """The grants of the demo users that are there, and the password of all of them."""
    names = [name for name, _role, _code in DEMO_USERS]
    there = Grant.objects.filter(user__username__in=names).select_related("user", "unit")
    by_name = {grant.user.username: grant for grant in there}
    return [by_name[name] for name in names if name in by_name], DEMO_PASSWORD
