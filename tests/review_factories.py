"""Factories of review runs and of issues found."""

from __future__ import annotations

from datetime import date

import factory

from activities.choices import RunKind
from activities.models import Issue, ReviewEntry, ReviewRun
from tests.factories import ActivityFactory, CommunityFactory, MemberFactory, ModelFactory


class ReviewRunFactory(ModelFactory):
    """An open member review of 2026, with nobody on the list yet."""

    class Meta:
        model = ReviewRun

    unit = factory.SubFactory(CommunityFactory)
    kind = RunKind.MEMBER_REVIEW
    year = 2026


class ReviewEntryFactory(ModelFactory):
    """A member of the unit who takes part in its run."""

    class Meta:
        model = ReviewEntry

    run = factory.SubFactory(ReviewRunFactory)
    person = factory.LazyAttribute(lambda entry: MemberFactory(unit=entry.run.unit))


class IssueFactory(ModelFactory):
    """Found at an organisational life meeting and not set right yet."""

    class Meta:
        model = Issue

    activity = factory.SubFactory(
        ActivityFactory, submitted=True, kinds=("organisational_life_meeting",)
    )
    what = "学习不够系统"
    due_on = date(2026, 6, 30)
