"""What counties have set for themselves, read for any number of them in one query."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.choices import CountsFrom, RotationCycle, SettingKey
from organizations.models import Unit

HOURS_PER_DAY = Decimal(8)
OF_THE_DOCUMENT = "document"
"""Set as a number of the county's own, it goes back to the document's."""


@dataclass(frozen=True, slots=True)
class CountySettings:
    """One county's settings: `steps` are (key, applies from, value), earliest first.

    What the rules ask of them (lead times, shares, cycles, rulebooks) assessment reads itself.
    """

    county: str
    steps: tuple[tuple[str, date, str], ...] = ()
    loaded_on: date | None = None

    def value(self, key: str, on: date, default: str | None = None) -> str | None:
        """The value in force on `on`; `default` before the first."""
        held = [value for name, since, value in self.steps if name == key and since <= on]
        return held[-1] if held else default

    def hours_per_day(self, on: date) -> Decimal:
        """Hours of study or training that make one day."""
        return Decimal(self.value(SettingKey.HOURS_PER_DAY, on) or HOURS_PER_DAY)

    @property
    def has_said_when_live(self) -> bool:
        """Whether somebody has set the day, rather than left it to when things were loaded."""
        return bool(self.value(SettingKey.WENT_LIVE_ON, date.max) or settings.WENT_LIVE_ON)

    def counts_only_confirmed(self, on: date) -> bool:
        """Whether a record of `on` counts from its confirmation rather than from submission."""
        return self.value(SettingKey.COUNTS_FROM, on) == CountsFrom.CONFIRMED

    def shows_hints(self, on: date) -> bool:
        """Whether reviewers are shown hints about records held on `on`; off unless switched on."""
        return self.value(SettingKey.HINTS, on) == "on"

    def asks_files_for(self, rule: str, on: date) -> bool:
        """Whether the county asks for a file with records that serve `rule`: no, unless it says."""
        return self.value(f"{SettingKey.ATTACHMENT}:{rule}", on) == "on"

    def went_live_on(self) -> date | None:
        """The day from which deadlines are reminded of: as set, or the portal's, or when loaded."""
        chosen = self.value(SettingKey.WENT_LIVE_ON, date.max) or settings.WENT_LIVE_ON
        return date.fromisoformat(chosen) if chosen else self.loaded_on


def settings_of(county_codes: Iterable[str]) -> dict[str, CountySettings]:
    """The settings of these counties, by code: one query, whatever their number."""
    steps: dict[str, list[tuple[str, date, str]]] = {}
    loaded: dict[str, datetime] = {}
    rows = (
        Unit.objects.filter(code__in=set(county_codes), parent__isnull=True)
        .order_by("county_settings__applies_from", "county_settings__pk")
        .values_list(
            "code",
            "created_at",
            "county_settings__key",
            "county_settings__applies_from",
            "county_settings__value",
        )
    )
    for code, created_at, key, applies_from, value in rows:
        loaded[code] = created_at
        if key is not None:
            steps.setdefault(code, []).append((key, applies_from, value))
    return {
        code: CountySettings(code, tuple(steps.get(code, ())), timezone.localdate(created_at))
        for code, created_at in loaded.items()
    }


def settings_for(unit: Unit) -> CountySettings:
    """The settings of the county that `unit` belongs to."""
    return settings_of([unit.county_code])[unit.county_code]


def why_not(key: str, value: str) -> str | None:
    """Why `key` can't be set to `value`, in words; None when it can."""
    name, _colon, subject = key.partition(":")
    if name not in ACCEPTS or (name in OF_SOMETHING) != bool(subject):
        return _("There is no setting “%(key)s”.") % {"key": key}
    if not ACCEPTS[name](value):
        return _("“%(value)s” is not a value for “%(setting)s”.") % {
            "value": value,
            "setting": SettingKey(name).label,
        }
    return None


def _is_hours(value: str) -> bool:
    return _is_decimal(value, above=Decimal(0), at_most=Decimal(24))


def _is_share(value: str) -> bool:
    return _is_decimal(value, above=Decimal(0), at_most=Decimal(1))


def _is_decimal(value: str, *, above: Decimal, at_most: Decimal) -> bool:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return False
    return number.is_finite() and above < number <= at_most


def _is_days(value: str) -> bool:
    return value.isascii() and value.isdigit() and int(value) <= 366


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_switch(value: str) -> bool:
    return value in {"on", "off"}


def _is_number(value: str) -> bool:
    """A number, or the word that goes back to the document's."""
    return value == OF_THE_DOCUMENT or _is_decimal(value, above=Decimal(0), at_most=Decimal(9999))


OF_SOMETHING = {
    SettingKey.SHARE,
    SettingKey.LEAD_DAYS,
    SettingKey.RULEBOOK,
    SettingKey.RULE,
    SettingKey.THRESHOLD,
    SettingKey.ATTACHMENT,
}
ACCEPTS: dict[str, Callable[[str], bool]] = {
    SettingKey.COUNTS_FROM: lambda value: value in CountsFrom,
    SettingKey.HOURS_PER_DAY: _is_hours,
    SettingKey.ROTATION_CYCLE: lambda value: value in RotationCycle,
    SettingKey.WENT_LIVE_ON: _is_day,
    SettingKey.SHARE: _is_share,
    SettingKey.LEAD_DAYS: _is_days,
    SettingKey.RULEBOOK: _is_switch,
    SettingKey.RULE: _is_switch,
    SettingKey.THRESHOLD: _is_number,
    SettingKey.ATTACHMENT: _is_switch,
    SettingKey.HINTS: _is_switch,
}
