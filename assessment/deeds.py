"""What counts of what people did in the year, as rows that anybody may be picked from.

One definition for each: read person by person (person_facts.py), or added up for a whole province
at once (census.py).
"""

from __future__ import annotations

from django.db.models import Case, Count, DateField, F, Max, Q, QuerySet, Sum, Value, When

from activities.choices import COUNTING_STATES
from activities.kinds import mask_of
from activities.models import Appraisal, Attendance
from assessment.question import Question
from assessment.terms import Who
from members.models import Pledge, PostHolding

PERSONS = tuple(who for who in Who if who.is_person)
SUMMED = ("person_id", "kind_mask", "total", "last", "number")


def attended(question: Question) -> QuerySet[Attendance] | None:
    """The year's attendances that count; None where no kind of activity is asked for."""
    year, kinds = question.year_so_far, question.kinds(*PERSONS, back=False)
    if not kinds:
        return None
    days = (year.first, year.last)
    return Attendance.objects.filter(counts=True, day__range=days).of_kinds(kinds).order_by()


def states_of(question: Question) -> tuple[str, ...]:
    """What else tells attendances apart: whether they are confirmed, where anybody asks."""
    return ("activity__state",) if question.by_state else ()


def summed(attended: QuerySet[Attendance], question: Question) -> QuerySet:
    """Attendances of the same kinds (and state) as one row for each person."""
    state = states_of(question)
    sums = attended.values("person_id", "kind_mask", *state)
    sums = sums.annotate(total=Sum("credit"), last=Max("day"), number=Count("*"))
    return sums.values_list(*SUMMED, *state)


def graded(question: Question) -> QuerySet[Appraisal] | None:
    """The grades of the year's member reviews, whoever held the review."""
    if not question.counts("review:"):
        return None
    year, review = question.year_so_far, mask_of(["member_review"])
    return Appraisal.objects.alias(kinds_hit=F("activity__kind_mask").bitand(review)).filter(
        kinds_hit__gt=0,
        activity__state__in=sorted(COUNTING_STATES),
        activity__first_day__range=(year.first, year.last),
    )


def posts_held(question: Question) -> QuerySet[PostHolding] | None:
    """Posts held on some day of the year, each from then on (`since`)."""
    if not question.counts("duty:"):
        return None
    year = question.year_so_far
    holdings = PostHolding.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=year.first),
        Q(begun_on__isnull=True) | Q(begun_on__lte=year.last),
    )
    later = When(begun_on__gt=year.first, then="begun_on")
    since = Case(later, default=Value(year.first), output_field=DateField())
    return holdings.annotate(since=since)


def pledges_kept(question: Question) -> QuerySet[Pledge] | None:
    """Pledges that were reported on in the year."""
    if not question.counts("duty:"):
        return None
    year = question.year_so_far
    return Pledge.objects.filter(reported_on__range=(year.first, year.last))
