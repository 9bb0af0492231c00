"""Whatever happens to a record, its attendances repeat it exactly."""

import contextlib
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from activities import services
from activities.choices import ATTENDED, COUNTING_STATES, Presence
from activities.entries import ActivityError
from activities.kinds import all_kinds
from activities.models import Activity
from tests.activities.entries import at, entry
from tests.factories import CommunityFactory, PersonFactory, UserFactory

PEOPLE = 4
presences = st.dictionaries(st.integers(0, PEOPLE - 1), st.sampled_from(Presence))
steps = st.lists(
    st.tuples(
        st.sampled_from(["change", "attend", "submit", "confirm", "return", "cancel"]),
        presences,
        st.sets(st.sampled_from(sorted(all_kinds())), min_size=1, max_size=3),
        st.integers(0, 200),
        st.integers(1, 40),
    ),
    max_size=8,
)


class Mirrors(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(steps)
    def test_attendances_repeat_their_activity_after_any_sequence_of_changes(self, steps):
        user, unit = UserFactory(), CommunityFactory()
        people = [PersonFactory() for _ in range(PEOPLE)]
        activity = services.log_activity(entry(unit), by=user)

        for step in steps:
            self._do(activity, step, unit, people, user)

            self._check(Activity.objects.get())

    def _do(self, activity, step, unit, people, user):
        verb, here, kinds, days, hours = step
        here = {people[number].pk: presence for number, presence in here.items()}
        starts = at("2026-01-10 09:00") + timedelta(days=days)
        wished = entry(
            unit,
            kinds=frozenset(kinds),
            starts_at=starts,
            ends_at=starts + timedelta(hours=hours),
            presences=here,
        )
        acts = {
            "change": lambda: services.change_activity(activity, wished, by=user),
            "attend": lambda: services.set_attendance(activity, here, by=user),
            "submit": lambda: services.submit(activity, by=user),
            "confirm": lambda: services.confirm(activity, by=user),
            "return": lambda: services.return_activity(activity, "原因", by=user),
            "cancel": lambda: services.cancel(activity, by=user),
        }
        with contextlib.suppress(ActivityError):  # where the state forbids it, nothing changes
            acts[verb]()

    def _check(self, activity):
        for row in activity.attendances.all():
            counts = activity.state in COUNTING_STATES and row.presence in ATTENDED
            assert (row.day, row.credit, row.kind_mask, row.counts) == (
                activity.first_day,
                activity.credit,
                activity.kind_mask,
                counts,
            )
