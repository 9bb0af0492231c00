"""The number that is in force for a rule: the document's, or a county's own with its reason.

Every page, export, report and reminder that names a number takes it from here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext, ngettext

from assessment.columns import Column
from assessment.counties import Step, steps_of
from assessment.phrases import day_name, plain, plural
from assessment.terms import OF_THE_DOCUMENT, Rule
from organizations.choices import SettingKey
from organizations.models import CountySetting
from organizations.wording import listed

DAY = timedelta(days=1)
PREFIX = f"{SettingKey.THRESHOLD.value}:"


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """A number of a county's own for one rule, from a day to a day."""

    county: str
    rule: str
    number: Decimal
    first: date
    last: date | None
    reason: str
    set_by: str

    def holds_on(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class InForce:
    """The number that holds on a day, and where it comes from."""

    number: Decimal
    since: date
    of_document: Decimal
    own: OwnNumber | None = None
    in_years: bool = False
    """Of a rolling rule it is the years after which it must be done again."""

    @property
    def shown(self) -> str:
        number = plain(self.number)
        if not self.in_years:
            return number
        years = ngettext("every year", "every %(years)s years", plural(self.number))
        return years % {"years": number}

    @property
    def note(self) -> str:
        """That it is the county's own, instead of which, until when and why; else empty."""
        return told(self.own, self.of_document) if self.own else ""


def told(own: OwnNumber, of_document: Decimal) -> str:
    """One county's own number in words."""
    words = {
        "number": plain(own.number),
        "document": plain(of_document),
        "first": day_name(own.first),
        "reason": own.reason,
    }
    if own.last is None:
        from_then = gettext(
            "The county's own number: %(number)s instead of %(document)s, from %(first)s. "
            "Reason: %(reason)s"
        )
        return from_then % words
    return gettext(
        "The county's own number: %(number)s instead of %(document)s, %(first)s to %(last)s. "
        "Reason: %(reason)s"
    ) % (words | {"last": day_name(own.last)})


def own_numbers_of(counties: Collection[str]) -> dict[str, list[OwnNumber]]:
    """The numbers that the counties with these codes set for themselves, by county: one query.

    A setting that goes back to the document's ends the one before it.
    """
    return own_numbers_in(steps_of(counties))


def own_numbers_in(settings: Iterable[Step]) -> dict[str, list[OwnNumber]]:
    """The same among all that counties have set, earliest first."""
    steps: dict[tuple[str, str], list[tuple[date, str, str, str | None]]] = {}
    for step in settings:
        if step.key.startswith(PREFIX):
            said = step.since, step.value, step.reason, step.set_by
            steps.setdefault((step.county, step.key.removeprefix(PREFIX)), []).append(said)
    found: dict[str, list[OwnNumber]] = {}
    for (county, rule), dated in steps.items():
        ends = [later[0] - DAY for _earlier, later in pairwise(dated)]
        for (first, value, reason, by), last in zip(dated, [*ends, None], strict=True):
            if value != OF_THE_DOCUMENT:
                own = OwnNumber(county, rule, Decimal(value), first, last, reason, by or "")
                found.setdefault(county, []).append(own)
    return found


def in_force(rule: Rule, own: Iterable[OwnNumber], day: date) -> InForce | None:
    """The number of `rule` on `day`, given one county's `own`; None where it has none."""
    dated = rule.numbers
    of_document = dated.on(day)
    if of_document is None:
        return None
    in_years = bool(rule.every_years.steps)
    mine = next((found for found in own if found.rule == rule.id and found.holds_on(day)), None)
    if mine is not None:
        return InForce(mine.number, mine.first, of_document, mine, in_years)
    since = max(since for since, _number in dated.steps if since <= day)
    return InForce(of_document, since, of_document, in_years=in_years)


def settings_told(county: str, rule: Rule, day: date) -> list[str]:
    """What a county set for `rule` beside its number, in force on `day`, with why: one query."""
    names = (SettingKey.SHARE, SettingKey.LEAD_DAYS)
    rows = CountySetting.objects.filter(
        unit__code=county,
        unit__parent__isnull=True,
        key__in=[f"{name.value}:{rule.id}" for name in names],
        applies_from__lte=day,
    )
    newest = {row.key: row for row in rows.order_by("applies_from", "pk")}
    return [
        gettext("The county's own: %(setting)s %(value)s, from %(first)s. Reason: %(reason)s")
        % {
            "setting": SettingKey(key.partition(":")[0]).label,
            "value": row.value,
            "first": day_name(row.applies_from),
            "reason": row.reason or "—",
        }
        for key, row in sorted(newest.items())
    ]


def noted(
    columns: Iterable[Column], own: Mapping[str, Iterable[OwnNumber]], day: date
) -> list[Column]:
    """The columns, each with a note where some county goes by a number of its own on `day`."""
    return [replace(column, note=_note(column.rule, own, day)) for column in columns]


def _note(rule: Rule, own: Mapping[str, Iterable[OwnNumber]], day: date) -> str:
    found = (in_force(rule, numbers, day) for numbers in own.values())
    numbers = sorted({plain(item.number) for item in found if item and item.own})
    of_document = rule.numbers.on(day)
    if not numbers or of_document is None:
        return ""
    return gettext("county's own number %(number)s, document's %(document)s") % {
        "number": listed(numbers),
        "document": plain(of_document),
    }
