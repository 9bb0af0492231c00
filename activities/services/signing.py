"""Opening and closing a sign-in, and signing: each person once, whoever presses how often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from activities.choices import ATTENDED, SignedBy, State
from activities.codes import fingerprint
from activities.entries import ActivityError
from activities.expected import find_signer
from activities.models import Activity, Plan, Signature, SignIn, SignInOffer, SignInTry
from activities.plan_choices import PlanState
from members.crypto import normalise
from members.models import Person
from organizations.models import Unit

WINDOW = timedelta(minutes=10)
"""Tries are counted over so long."""
TRIES_A_NAME, TRIES_AN_ADDRESS, TRIES_IN_ALL = 5, 100, 300
"""Wrong tries in a window, and those being looked at. All phones of a hall may have one address,
so that limit is the mild one: what keeps four characters, of which there are some ten thousand,
from being guessed is the limit on a name.
"""


class Outcome(StrEnum):
    SIGNED = "signed"
    AGAIN = "again"
    """Signed already: nothing is changed."""
    UNKNOWN = "unknown"
    """Name and characters do not fit together, for whatever reason."""
    TOO_MANY = "too_many"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the phone is told."""

    outcome: Outcome
    signature: Signature | None = None


@transaction.atomic
def set_offer(
    unit: Unit, *, is_on: bool, grace_minutes: int, lets_guests: bool, by: User | None
) -> SignInOffer:
    """Say whether the unit offers sign-in by QR code, and how."""
    said = {"is_on": is_on, "grace_minutes": grace_minutes, "lets_guests": lets_guests}
    offer, _created = SignInOffer.objects.update_or_create(unit=unit, defaults=said)
    record(by=by, verb="set_sign_in_offer", target=offer, unit_path=unit.path, **said)
    return offer


@transaction.atomic
def open_sign_in(held: Plan | Activity, *, by: User | None) -> SignIn:
    """Open the sign-in of a plan or draft, or open it again; what was signed before stays.

    Raises ActivityError where the unit does not offer it, or the record counts already.
    """
    offer = SignInOffer.objects.filter(unit=held.unit, is_on=True).first()
    if offer is None:
        raise ActivityError(
            _(
                "%(unit)s has not turned on sign-in by QR code. It can do so under “Calendar and "
                "sign-in” of the unit."
            )
            % {"unit": held.unit}
        )
    key = {"plan": held} if isinstance(held, Plan) else {"activity": held}
    record = held if isinstance(held, Activity) else held.activity
    is_written = record is not None and record.state not in (State.DRAFT, State.RETURNED)
    if is_written or held.state == PlanState.DROPPED:
        raise ActivityError(_("People can only sign in to what is planned or still a draft."))
    said = {
        "grace_minutes": offer.grace_minutes,
        "lets_guests": offer.lets_guests,
        "opened_by": by,
        "opened_at": timezone.now(),
        "closed_at": None,
    }
    sign_in, _created = SignIn.objects.update_or_create(**key, defaults=said)
    _audit(sign_in, "open_sign_in", by=by)
    return sign_in


@transaction.atomic
def close_sign_in(sign_in: SignIn, *, by: User | None) -> None:
    """No code opens it any more; the wrong tries are forgotten."""
    if SignIn.objects.filter(pk=sign_in.pk, closed_at=None).update(closed_at=timezone.now()):
        sign_in.tries.all().delete()
        _audit(sign_in, "close_sign_in", by=by, signed=sign_in.signatures.count())


def sign(sign_in: SignIn, *, name: str, last: str, address: str, now: datetime) -> Answer:
    """Sign with a name and the last four characters of the ID number; safe to send twice.

    The try is written down before it is looked at and taken back when it was right: however many
    are sent at once, each one sees those before it.
    """
    if not sign_in.is_open(now):
        return Answer(Outcome.CLOSED)
    secret = bytes(sign_in.secret)
    attempt = SignInTry.objects.create(
        sign_in=sign_in,
        name=fingerprint(secret, "name", normalise(name)),
        address=fingerprint(secret, "address", address),
        at=now,
    )
    if _is_too_much(attempt):
        return Answer(Outcome.TOO_MANY)
    person = find_signer(sign_in, name, last)
    if person is None:
        return Answer(Outcome.UNKNOWN)
    signature, is_new = Signature.objects.get_or_create(
        sign_in=sign_in,
        person=person,
        defaults={"signed_at": now, "is_late": sign_in.is_late(now)},
    )
    attempt.delete()
    return Answer(Outcome.SIGNED if is_new else Outcome.AGAIN, signature)


def _is_too_much(attempt: SignInTry) -> bool:
    tries = SignInTry.objects.filter(sign_in=attempt.sign_in, at__gt=attempt.at - WINDOW)
    counted = tries.aggregate(
        names=Count("pk", filter=Q(name=attempt.name)),
        addresses=Count("pk", filter=Q(address=attempt.address)),
        all=Count("pk"),
    )
    return (
        counted["names"] > TRIES_A_NAME
        or counted["addresses"] > TRIES_AN_ADDRESS
        or counted["all"] > TRIES_IN_ALL
    )


@transaction.atomic
def add_by_hand(sign_in: SignIn, person: Person, *, by: User) -> bool:
    """The host adds somebody who has no phone; False if the person had signed before."""
    now = timezone.now()
    signature, is_new = Signature.objects.get_or_create(
        sign_in=sign_in,
        person=person,
        defaults={"signed_at": now, "is_late": sign_in.is_late(now), "added_by": by},
    )
    if is_new:
        _audit(sign_in, "add_signature", by=by, person=str(signature.person_id))
    return is_new


@transaction.atomic
def undo_signature(signature: Signature, *, by: User | None) -> None:
    """Take a signature back; the person may sign again."""
    person = str(signature.person_id)
    signature.delete()
    _audit(signature.sign_in, "undo_signature", by=by, person=person)


def mark_signed(activity: Activity) -> None:
    """Mark on the record who signed with a phone and is there as present: one statement.

    Called in the transaction that writes the attendances; what the secretary unticked stays so.
    """
    signed = Signature.objects.filter(
        Q(sign_in__activity=activity) | Q(sign_in__plan__activity=activity), added_by=None
    )
    activity.attendances.filter(
        presence__in=sorted(ATTENDED), person__in=signed.values("person")
    ).update(signed_by=SignedBy.QR)


def _audit(sign_in: SignIn, verb: str, *, by: User | None, **details: object) -> None:
    record(by=by, verb=verb, target=sign_in, unit_path=sign_in.held.unit.path, **details)
