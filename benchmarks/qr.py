"""Many phones sign in at one meeting: `make qr`, or with `--phones` and `--spread`.

A private PostgreSQL, gunicorn on loopback as `up` starts it, and as many phones as threads. Each
scans the code that the screen shows, types, and sends; every tenth presses twice at once. Each must
be signed exactly once, and nobody else.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
KEYS = "1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=,"
KEYS += "index:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
TOKEN = re.compile(r'name="(csrfmiddlewaretoken|ticket)" value="([^"]+)"')
TYPING_SECONDS = 1
TWICE_EACH = 10


@dataclass
class Phone:
    """One member's phone, and what became of it."""

    name: str
    last: str
    begins: float
    presses: int = 1
    statuses: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    done_at: float = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--spread", type=int, default=25, help="seconds over which they scan")
    options = parser.parse_args()
    from servers import private_servers

    with tempfile.TemporaryDirectory(prefix="portal-qr-") as folder, private_servers() as env:
        os.environ.update(
            DATABASE_URL=env["TEST_DATABASE_URL"],
            PORTAL_DATA=folder,
            FIELD_KEYS=KEYS,
            SECRET_KEY="of a benchmark " * 5,
            HTTPS="false",
            DJANGO_SETTINGS_MODULE="config.settings",
        )
        for command in (["migrate"], ["collectstatic", "--noinput"]):
            subprocess.run([sys.executable, "manage.py", *command, "-v0"], cwd=ROOT, check=True)
        import django

        django.setup()
        with _gunicorn(Path(folder)) as port:
            print(f"{options.phones} phones, {os.cpu_count()} cores, gunicorn with 2 x 4 threads")
            for spread in (options.spread, 0):
                _meeting(port, options.phones, spread)


def _meeting(port: int, number: int, spread: int) -> None:
    """One meeting from the first scan to the record."""
    sign_in, phones = _prepare(number, spread)
    began = time.monotonic()
    with ThreadPoolExecutor(number) as pool:
        list(pool.map(lambda phone: _sign(port, sign_in, phone, began), phones))
    seconds = sorted(second for phone in phones for second in phone.seconds)
    statuses = Counter(status for phone in phones for status in phone.statuses)
    how = f"over {spread} s" if spread else "all at once"
    print(
        f"{how:12} last one signed after {max(phone.done_at for phone in phones):5.1f} s; "
        f"an answer took {_at(seconds, 50):.2f} s (median), {_at(seconds, 95):.2f} s (95 %), "
        f"{seconds[-1]:.2f} s (longest); answers {dict(statuses)}"
    )
    _check(sign_in, phones)


def _prepare(number: int, spread: int) -> tuple[object, list[Phone]]:
    from django.utils import timezone

    from activities.models import SignIn
    from tests.factories import MemberFactory, PlanFactory
    from tests.world import id_number

    dice = random.Random(7)
    now = timezone.now()
    plan = PlanFactory(starts_at=now, topic=f"党员大会 {spread}")
    sign_in = SignIn.objects.create(plan=plan, opened_at=now)
    phones = []
    for each in range(number):
        text = id_number(f"{1950 + spread}{each // 1000 + 1:02}01", each % 1000)
        person = MemberFactory(unit=plan.unit, name=f"第{each}位同志")
        person.set_id_number(text)
        person.save()
        presses = 2 if each % TWICE_EACH == 0 else 1
        phones.append(Phone(person.name, text[-4:], dice.uniform(0, spread), presses))
    return sign_in, phones


def _sign(port: int, sign_in, phone: Phone, began: float) -> None:
    from django.utils import timezone

    from activities.codes import code_at

    time.sleep(phone.begins)
    path = f"/activities/sign/{sign_in.pk}/"
    code = code_at(bytes(sign_in.secret), timezone.now())
    body, cookie = _ask(port, phone, "GET", f"{path}?code={code}")
    found = dict(TOKEN.findall(body))
    time.sleep(TYPING_SECONDS)
    form = urlencode({**found, "name": phone.name, "last": phone.last})
    with ThreadPoolExecutor(phone.presses) as pool:
        press = [
            pool.submit(_ask, port, phone, "POST", path, form, cookie) for _ in range(phone.presses)
        ]
        for each in press:
            each.result()
    phone.done_at = time.monotonic() - began


def _ask(
    port: int, phone: Phone, method: str, path: str, form: str = "", cookie: str = ""
) -> tuple[str, str]:
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, form, headers if form else {})
        answer = connection.getresponse()
        body = answer.read().decode()
    finally:
        connection.close()
    phone.seconds.append(time.monotonic() - began)
    if method == "POST":
        phone.statuses.append(answer.status)
    return body, (answer.getheader("Set-Cookie") or "").partition(";")[0]


def _check(sign_in, phones: list[Phone]) -> None:
    """Each exactly once, then onto the record as signed by code."""
    from activities import services
    from activities.choices import Presence, SignedBy
    from activities.models import Signature, SignInTry

    rows = Signature.objects.filter(sign_in=sign_in)
    signed = Counter(rows.values_list("person__name", flat=True))
    wrong = {name: times for name, times in signed.items() if times != 1}
    assert not wrong, wrong
    assert signed.keys() == {phone.name for phone in phones}, len(signed)
    assert not SignInTry.objects.filter(sign_in=sign_in).exists()
    people = rows.values_list("person", flat=True)
    record = services.log_activity(
        _entry(sign_in.plan, dict.fromkeys(people, Presence.PRESENT)), by=None
    )
    assert services.hold_plan(sign_in.plan, record, by=None)
    by_code = record.attendances.filter(signed_by=SignedBy.QR).count()
    assert by_code == len(phones), by_code
    print(f"{'':12} {len(signed)} signed, each exactly once; {by_code} on the record by QR code")


def _entry(plan, presences):
    from activities.entries import Entry

    return Entry(
        unit=plan.unit,
        kinds=frozenset({"member_study"}),
        topic=plan.topic,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        presences=presences,
    )


@contextmanager
def _gunicorn(folder: Path) -> Iterator[int]:
    """The portal's web server, as `up` starts it, until the block is left."""
    from servers import free_port

    from config.serving import Company, commands

    port = free_port()
    company = Company(folder / "logs", dict(os.environ))
    try:
        company.start("web", commands(port, folder)["web"])
        company.wait_until_it_answers(port)
        yield port
    finally:
        company.end()


def _at(ordered: list[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


if __name__ == "__main__":
    main()
