"""Whom a sign-in expects, and who of them is meant by a name and four characters."""

from __future__ import annotations

import hmac
from functools import cache
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from activities.models import Plan, SignIn
from activities.plan_choices import Answer
from members.choices import MEMBER_STAGES, Nature, Standing
from members.crypto import normalise, open_sealed, seal
from members.models import Affiliation, Appointment, Person
from members.querysets import ID_NUMBER
from members.roster.cleaning import clean_name
from organizations.access import within
from organizations.models import Unit

LAST = 4
NAMESAKES_AT_MOST = 50
NOBODY = UUID(int=0)
NO_NUMBER = "x" * 18
"""Compared where nobody has the name: no ID number has a small x, so it never fits."""


def hosts_of(sign_in: SignIn) -> list[Unit]:
    """The host, and the units that hold it together with the host."""
    held = sign_in.held
    if isinstance(held, Plan):
        joined = Unit.objects.filter(
            plan_invitations__plan=held, plan_invitations__answer=Answer.ACCEPTED
        )
    else:
        joined = held.co_hosts.all()
    return [held.unit, *joined.order_by("path")]


def paths_of(sign_in: SignIn) -> list[str]:
    """Whose people may sign: of the hosts and below them, or of the whole county."""
    if sign_in.lets_guests:
        return [f"{sign_in.held.unit.county_code}/"]
    return [unit.path for unit in hosts_of(sign_in)]


def expected_people(sign_in: SignIn) -> Q:
    """The condition that a person belongs to, or holds office in, one of the units concerned."""
    here = within("unit__path", paths_of(sign_in)) & Q(ended_on__isnull=True)
    ties = [
        model.objects.filter(here, person=OuterRef("pk")) for model in (Affiliation, Appointment)
    ]
    return Q(Exists(ties[0])) | Q(Exists(ties[1]))


def expected_count(sign_in: SignIn) -> int:
    """How many members with a home in one of the units that hold it are expected."""
    homes = Affiliation.objects.still_open().filter(
        within("unit__path", [unit.path for unit in hosts_of(sign_in)]),
        nature=Nature.HOME,
        person__membership__stage__in=MEMBER_STAGES,
        person__membership__standing=Standing.NORMAL,
    )
    return homes.values("person").distinct().count()


def find_signer(sign_in: SignIn, name: str, last: str) -> Person | None:
    """The one expected person of that name whose ID number ends in `last`; None otherwise.

    Whether there is nobody of the name, no number on record or another number, the work done is
    much the same, and so is the answer. Two namesakes with the same ending: neither.
    """
    people = Person.objects.filter(expected_people(sign_in), name=plain_name(name))
    rows = list(people.only("id", "name", "id_number_sealed")[:NAMESAKES_AT_MOST])
    wanted = normalise(last)
    sealed = [row for row in rows if row.id_number_sealed]
    if not sealed:
        _fits(open_sealed(ID_NUMBER, NOBODY, _decoy()), wanted)
        return None
    fitting = [row for row in sealed if _fits(row.reveal_id_number(), wanted)]
    return fitting[0] if len(fitting) == 1 else None


def plain_name(name: str) -> str:
    """The name as rosters are cleaned to; empty if it can't be one."""
    cleaned = clean_name(name)
    return cleaned if isinstance(cleaned, str) else ""


def _fits(number: str, last: str) -> bool:
    return hmac.compare_digest(number[-LAST:].encode(), last.encode())


@cache
def _decoy() -> bytes:
    """Something to open where there is nothing to open, so that it takes as long."""
    return seal(ID_NUMBER, NOBODY, NO_NUMBER)
