"""Every write of assessment that a person asks for, as one whole transaction each."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from accounts.audit import record
from accounts.models import User
from activities.attending import touch_concerned
from assessment.errors import AssessmentError
from assessment.models import Baseline, UnmetNote
from assessment.numbers import PREFIX, OwnNumber, own_numbers_of
from assessment.phrases import day_name
from assessment.reachable import why_not_number
from assessment.terms import OF_THE_DOCUMENT, Rule
from members.models import Person
from organizations.models import Unit
from organizations.services import set_county_setting


@transaction.atomic
def give_baseline(
    unit: Unit,
    *,
    rule: str,
    done_on: date,
    by: User | None,
    person: Person | None = None,
    note: str = "",
) -> Baseline:
    """Say when `unit`, or `person`, last did what a rolling rule asks.

    What was said before is replaced. No activity is made up for it. The unit, and every unit
    where the person holds an office, are judged again.
    """
    about = {"person": person} if person else {"unit": unit, "person": None}
    before = Baseline.objects.filter(rule=rule, **about).first()
    baseline, _created = Baseline.objects.update_or_create(
        rule=rule,
        **about,
        defaults={"unit": unit, "done_on": done_on, "note": note, "by": by},
    )
    record(
        by=by,
        verb="give_baseline",
        target=baseline,
        unit_path=unit.path,
        rule=rule,
        before=before.done_on.isoformat() if before else None,
        after=done_on.isoformat(),
        note=note,
    )
    touch_concerned([unit.pk], [person.pk] if person else [])
    return baseline


@transaction.atomic
def set_own_number(
    county: Unit,
    *,
    rule: Rule,
    number: Decimal,
    first: date,
    last: date | None,
    reason: str,
    by: User | None,
) -> None:
    """From `first` to `last` (None: until further notice) the county goes by a number of its own.

    Raises AssessmentError where the rule has no number, nobody could reach it, it lacks a reason,
    or it would overlap another of the county's own for that rule.
    """
    _check_own_number(county, rule, number, first, last, reason)
    _set(county, rule, f"{number:f}", first, reason, by)
    if last is not None:
        after, key = last + timedelta(days=1), f"{PREFIX}{rule.id}"
        if not county.county_settings.filter(key=key, applies_from=after).exists():
            _set(county, rule, OF_THE_DOCUMENT, after, reason, by)


def _set(
    county: Unit, rule: Rule, value: str, applies_from: date, reason: str, by: User | None
) -> None:
    key = f"{PREFIX}{rule.id}"
    set_county_setting(
        county, key=key, value=value, applies_from=applies_from, reason=reason, by=by
    )


def _check_own_number(
    county: Unit, rule: Rule, number: Decimal, first: date, last: date | None, reason: str
) -> None:
    if not rule.numbers.steps:
        raise AssessmentError(gettext("This rule has no number that could be another."))
    if not reason.strip():
        raise AssessmentError(gettext("Say why the county goes by another number."))
    if last is not None and last < first:
        raise AssessmentError(gettext("The last day is before the first."))
    if why_not_number(rule, number):
        raise AssessmentError(gettext("Nobody can reach this number, or it is none for this rule."))
    for own in _own_numbers(county, rule):
        if own.first <= (last or date.max) and first <= (own.last or date.max):
            words = gettext(
                "The county already goes by %(number)s from %(first)s on: end that first, or begin "
                "after it."
            )
            raise AssessmentError(
                words % {"number": f"{own.number:f}", "first": day_name(own.first)}
            )


@transaction.atomic
def end_own_number(
    county: Unit, *, rule: Rule, first: date, last: date, reason: str, by: User | None
) -> None:
    """The county's own number that began on `first` ends with the day `last`."""
    own = next((own for own in _own_numbers(county, rule) if own.first == first), None)
    if own is None:
        raise AssessmentError(gettext("The county has no number of its own from that day on."))
    if last < first:
        raise AssessmentError(gettext("The last day is before the first."))
    if own.last is not None and last > own.last:
        raise AssessmentError(gettext("It ends before that day anyway."))
    _set(county, rule, OF_THE_DOCUMENT, last + timedelta(days=1), reason, by)


def _own_numbers(county: Unit, rule: Rule) -> list[OwnNumber]:
    found = own_numbers_of([county.code]).get(county.code, [])
    return [own for own in found if own.rule == rule.id]


@transaction.atomic
def note_unmet(
    unit: Unit, *, rulebook: str, rule: str, period_start: date, words: str, by: User | None
) -> UnmetNote:
    """Keep why `unit` did not, or can't any more, do what a rule asks in a period.

    It replaces the word before; the verdict stays what it is. Raises AssessmentError on no words.
    """
    words = words.strip()
    if not words:
        raise AssessmentError(gettext("Say why it was not, or can't be, done."))
    about: dict[str, Any] = {
        "unit": unit,
        "rulebook": rulebook,
        "rule": rule,
        "period_start": period_start,
    }
    before = UnmetNote.objects.filter(**about).first()
    note, _created = UnmetNote.objects.update_or_create(
        **about, defaults={"words": words, "by": by}
    )
    record(
        by=by,
        verb="note_unmet",
        target=note,
        unit_path=unit.path,
        rule=rule,
        period_start=period_start.isoformat(),
        before=before.words if before else None,
        after=words,
    )
    return note
