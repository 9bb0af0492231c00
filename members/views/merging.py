"""The end of a unit, by merger or without: here, as people belong to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.utils.translation import gettext_lazy, ngettext

from members import services
from organizations.change_views import UnitChangeView
from organizations.forms import DissolveForm, MergeForm
from organizations.models import Unit


class UnitMergeView(UnitChangeView):
    """One unit ends, and its units, its community and its people belong to the other."""

    form_class = MergeForm
    title = verb = gettext_lazy("Merge into another unit")
    hint = gettext_lazy(
        "This unit ends; what stands below it and who belongs to it go over. Offices and posts end "
        "with it. Its records stay."
    )

    def perform(self, data: dict[str, Any]) -> Unit:
        handed = services.merge_units(self.unit, **data, by=self.request.user)
        words = ngettext(
            "%(count)s person now belongs to %(unit)s.",
            "%(count)s people now belong to %(unit)s.",
            handed.affiliations,
        )
        messages.info(self.request, words % {"count": handed.affiliations, "unit": data["into"]})
        return data["into"]


class UnitDissolveView(UnitChangeView):
    """One unit ends, once nobody belongs to it any more."""

    form_class = DissolveForm
    title = verb = gettext_lazy("Dissolve")
    hint = gettext_lazy("Its records stay, and can be read as before.")

    def perform(self, data: dict[str, Any]) -> Unit:
        services.dissolve_unit(self.unit, **data, by=self.request.user)
        return self.unit
