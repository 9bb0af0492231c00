"""The steps of a review run as forms: one small form a line, all sent together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.choices import ATTENDED, ATTENDS, Grade, RunKind, Stand
from activities.entries import Entry
from activities.models import Activity, ReviewEntry, ReviewRun
from activities.votes import GRADES, MOST, VOTERS, proposal_of
from organizations.models import Unit

NO_GRADE = [("", "—"), *Grade.choices]
VOTER_WORDS = {"peers": _("Fellow members"), "residents": _("Residents")}


class PeopleForm(forms.Form):
    stand = forms.ChoiceField(label=_("stands"), choices=Stand)
    note = forms.CharField(label=_("why"), max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.initial.get("stand") != Stand.MOVED:
            self.fields["stand"].choices = [  # type: ignore[attr-defined]
                choice for choice in Stand.choices if choice[0] != Stand.MOVED
            ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("stand") == Stand.EXEMPT and not data.get("note"):
            self.add_error("note", _("Say why the member is exempt."))
        return data


class SelfForm(forms.Form):
    self_grade = forms.ChoiceField(label=_("own rating"), choices=NO_GRADE, required=False)
    self_words = forms.CharField(
        label=_("in the member's own words"), max_length=500, required=False
    )


class VotesForm(forms.Form):
    """A count for each sort of voter and grade; empty is none."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        votes = self.initial.get("votes") or {}
        for voter in VOTERS:
            for grade in GRADES:
                field = forms.IntegerField(
                    label=f"{VOTER_WORDS[voter]} · {Grade(grade).label}",
                    required=False,
                    min_value=0,
                    max_value=MOST,
                    initial=votes.get(voter, {}).get(grade),
                )
                field.short = Grade(grade).label  # type: ignore[attr-defined]
                self.fields[f"{voter}-{grade}"] = field

    @property
    def groups(self) -> list[tuple[Any, list[Any]]]:
        return [
            (VOTER_WORDS[voter], [self[f"{voter}-{grade}"] for grade in GRADES]) for voter in VOTERS
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        counted = {
            voter: {grade: count for grade in GRADES if (count := data.get(f"{voter}-{grade}"))}
            for voter in VOTERS
        }
        return {"votes": {voter: counts for voter, counts in counted.items() if counts}}


class GradeForm(forms.Form):
    grade = forms.ChoiceField(label=_("grade"), choices=NO_GRADE, required=False)
    remark = forms.CharField(label=_("opinion of the organisation"), max_length=300, required=False)


STEP_FORMS: dict[str, type[forms.Form]] = {
    "people": PeopleForm,
    "self": SelfForm,
    "votes": VotesForm,
    "grades": GradeForm,
}
STEPS = [
    ("people", _("Who takes part")),
    ("self", _("Own rating")),
    ("votes", _("Votes")),
    ("grades", _("Grades")),
]


def lines_of(step: str, entries: Iterable[ReviewEntry], data: Any = None) -> list[dict[str, Any]]:
    """Each line of the step with its form; the grade proposed by the votes stands in it."""
    lines = []
    for entry in entries:
        values = {name: getattr(entry, name) for name in ("stand", "note", "self_grade")}
        values |= {name: getattr(entry, name) for name in ("self_words", "votes", "remark")}
        proposed = proposal_of(entry.votes)
        values["grade"] = entry.grade or proposed
        form = STEP_FORMS[step](data, prefix=str(entry.pk), initial=values)
        lines.append(
            {
                "entry": entry,
                "form": form,
                "proposed": Grade(proposed).label if proposed else "",
                "is_proposed": bool(proposed and not entry.grade),
            }
        )
    return lines


def entries_for(step: str, run: ReviewRun) -> Any:
    """The lines that a step asks about: after the first, only whoever takes part."""
    entries = run.entries.select_related("person").order_by("person__pinyin", "person_id")
    return entries if step == "people" else entries.filter(stand=Stand.TAKES_PART)


class OpenForm(forms.Form):
    """A new run."""

    unit = forms.ModelChoiceField(
        label=_("unit"), queryset=Unit.objects.none(), to_field_name="code"
    )
    kind = forms.ChoiceField(label=_("kind"), choices=RunKind)
    year = forms.IntegerField(label=_("year"), min_value=2000, max_value=2100)

    def __init__(self, *args: Any, units: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean_year(self) -> int:
        year = self.cleaned_data["year"]
        if year > timezone.localdate().year:
            raise forms.ValidationError(_("This year is still to come."))
        return year


class ReopenForm(forms.Form):
    """Why a closed run is opened again."""

    reason = forms.CharField(
        label=_("why it is opened again"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Say why the run is opened again.")},
    )


class CloseForm(forms.Form):
    """The meeting: when it was, or its record if it was logged already."""

    record = forms.ModelChoiceField(
        label=_("record of the meeting, if it was logged already"),
        queryset=Activity.objects.none(),
        required=False,
        empty_label=_("Not logged yet: as below"),
    )
    day = forms.DateField(label=_("day"), required=False)
    begins = forms.TimeField(label=pgettext_lazy("time of day", "from"), required=False)
    ends = forms.TimeField(label=pgettext_lazy("time of day", "until"), required=False)
    place = forms.CharField(label=_("place"), max_length=100, required=False)
    chair = forms.CharField(label=_("chair"), max_length=50, required=False)
    recorder = forms.CharField(label=_("recorder"), max_length=50, required=False)
    away = forms.MultipleChoiceField(
        label=_("not there"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Everybody expected counts as present. Tick who was on leave."),
    )

    def __init__(self, *args: Any, run: ReviewRun, **options: Any) -> None:
        super().__init__(*args, **options)
        self.run = run
        held = Activity.objects.filter(unit=run.unit, first_day__year=run.year).of_kinds([run.kind])
        self.fields["record"].queryset = held.filter(  # type: ignore[attr-defined]
            state__in=("draft", "returned", "submitted"), review_run__isnull=True
        )
        if run.own_record:
            for name in [name for name in self.fields if name != "away"]:
                del self.fields[name]  # the record is there and says when it was
            gone = run.own_record.attendances.exclude(presence__in=sorted(ATTENDED))
            self.initial["away"] = [str(key) for key in gone.values_list("person_id", flat=True)]
        people = run.entries.filter(stand__in=sorted(ATTENDS)).select_related("person")
        self.fields["away"].choices = [  # type: ignore[attr-defined]
            (str(entry.person_id), entry.person.name)
            for entry in people.order_by("person__pinyin", "person_id")
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.run.own_record or data.get("record"):
            return data
        for name in ("day", "begins", "ends"):
            if name not in self.errors and not data.get(name):
                self.add_error(name, _("Say when the meeting was, or choose its record."))
        day = data.get("day")
        if day and day.year != self.run.year:
            message = _("The review is of %(year)s: the meeting counts in its own year.")
            self.add_error("day", message % {"year": self.run.year})
        if not self.errors and self._moment("begins") > timezone.now():
            self.add_error("day", _("This day is still to come."))
        return data

    def meeting(self) -> Entry | None:
        """The record that is to be written; None where one is there already."""
        data = self.cleaned_data
        if self.run.own_record or data["record"]:
            return None
        starts, ends = self._moment("begins"), self._moment("ends")
        topic = _("%(year)s: %(kind)s") % {
            "year": self.run.year,
            "kind": self.run.get_kind_display(),
        }
        return Entry(
            unit=self.run.unit,
            kinds=frozenset({self.run.kind}),
            topic=str(topic),
            starts_at=starts,
            ends_at=ends if ends > starts else ends + timedelta(days=1),
            place=data["place"],
            chair=data["chair"],
            recorder=data["recorder"],
        )

    def _moment(self, name: str) -> datetime:
        zone = timezone.get_default_timezone()
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data[name], tzinfo=zone)
