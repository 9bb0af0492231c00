"""What a county sets for itself."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from organizations.choices import UnitKind
from organizations.errors import OrganizationError
from organizations.models import CountySetting, Unit
from organizations.services.touches import touch_subtree
from organizations.settings import why_not


@transaction.atomic
def set_county_setting(
    county: Unit, *, key: str, value: str, applies_from: date, by: User | None, reason: str = ""
) -> CountySetting:
    """From `applies_from` on, `key` is `value`; what was set for that very day is replaced.

    `key` is a `SettingKey`; `share`, `lead_days` and `rulebook` carry `:` and what they are of.
    All verdicts of the county are to be computed again (clause settings: point 11).
    """
    if county.kind != UnitKind.COUNTY_COMMITTEE:
        raise OrganizationError(_("Only a county has settings of its own."))
    if refusal := why_not(key, value):
        raise OrganizationError(refusal)
    before = county.county_settings.filter(key=key, applies_from=applies_from).first()
    setting, _created = CountySetting.objects.update_or_create(
        unit=county,
        key=key,
        applies_from=applies_from,
        defaults={"value": value, "reason": reason, "set_by": by},
    )
    record(
        by=by,
        verb="set_county_setting",
        target=setting,
        unit_path=county.path,
        key=key,
        before=before.value if before else None,
        after=value,
        applies_from=applies_from.isoformat(),
        reason=reason,
    )
    touch_subtree(county.path)
    return setting
