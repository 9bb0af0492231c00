"""What one person owes this year: a page, and a fragment of the person's own page."""

from __future__ import annotations

from typing import Any

from django.views.generic import DetailView

from assessment.person_year import owed_by
from assessment.views import day_asked
from members.models import Person
from organizations.mixins import PartialMixin, ScopedMixin


class PersonYearView(ScopedMixin, PartialMixin, DetailView):
    """Each rule that asks the person: done, owed, and how that stands on the day asked about."""

    queryset = Person.objects.all()
    template_name = "assessment/person_year.html"
    partial_name = "owed"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        on, _form = day_asked(self.request)
        owed = owed_by(self.object, seen_by=self.request.user, on=on)
        return super().get_context_data(person=self.object, owed=owed, on=on, **kwargs)
