"""Review runs: opened, filled in step by step, closed, printed."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.generic import DetailView, FormView, ListView

from activities import services
from activities.choices import Grade, Stand
from activities.entries import ActivityError
from activities.memory import LAST, memories_of
from activities.models import ReviewRun
from activities.reopenings import reopened
from activities.run_forms import (
    STEP_FORMS,
    STEPS,
    CloseForm,
    OpenForm,
    ReopenForm,
    entries_for,
    lines_of,
)
from activities.votes import GRADES, VOTERS
from organizations.access import actions_of, may
from organizations.actions import Action
from organizations.mixins import ScopedMixin
from organizations.models import Unit

PER_PAGE = 50


class RunListView(ScopedMixin, ListView):
    """The runs within reach, and a form to open one."""

    queryset = ReviewRun.objects.select_related("unit").annotate(
        members=Count("entries", filter=~Q(entries__stand=Stand.MOVED)),
        graded=Count("entries", filter=~Q(entries__grade="")),
    )
    paginate_by = PER_PAGE
    template_name = "activities/run_list.html"

    def get_queryset(self) -> QuerySet:
        runs = super().get_queryset()
        if self.request.GET.get("open"):
            runs = runs.still_open()  # type: ignore[attr-defined]
        return runs.order_by("-year", "unit__path", "kind")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        may_open = Action.RECORD in actions_of(self.request.user)
        return super().get_context_data(may_open=may_open, **more)


class RunOpenView(LoginRequiredMixin, FormView):
    """A new run of a unit that the person keeps; `?unit=CODE&kind=…` fill it in beforehand."""

    template_name = "activities/run_open.html"
    form_class = OpenForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            units = Unit.objects.visible_to(request.user, action=Action.RECORD)
            self.units = units.on(timezone.localdate()).order_by("path")
            if not self.units.exists():
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"units": self.units}

    def get_initial(self) -> dict[str, Any]:
        first = self.units.first()
        return {
            "unit": self.request.GET.get("unit") or (first and first.code),
            "kind": self.request.GET.get("kind"),
            "year": self.request.GET.get("year") or timezone.localdate().year,
        }

    def form_valid(self, form: OpenForm) -> HttpResponse:
        user: Any = self.request.user
        try:
            run = services.open_run(**form.cleaned_data, by=user)
        except ActivityError as error:
            # Whoever asks for it again means to go on with it.
            messages.info(self.request, str(error))
            return redirect(ReviewRun.objects.visible_to(user).get(**form.cleaned_data))
        return redirect("activities:run_step", run.pk, "people")


class RunView(ScopedMixin, DetailView):
    """Where a run stands: what is done, what is left, the grades so far."""

    queryset = ReviewRun.objects.select_related("unit", "activity", "opened_by", "closed_by")
    template_name = "activities/run_detail.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        run, user = self.object, self.request.user
        entries = list(entries_for("people", run))
        return super().get_context_data(
            entries=entries,
            counts=grade_counts(entries),
            stands=[
                (Stand(stand).label, number)
                for stand, number in sorted(Counter(entry.stand for entry in entries).items())
            ],
            steps=progress_of(entries),
            keeps=may(user, Action.RECORD, run.unit),
            reopened=reopened(run.reopenings.select_related("by", "closed_by"), entries),
            reopen_form=ReopenForm()
            if not run.is_open and may(user, Action.REVIEW, run.unit)
            else None,
            left=services.left_open(run) if run.is_open else [],
            ungraded=services.owed_without_grade(run),
            **more,
        )


class RunPrintView(RunView):
    """The summary as a sheet to sign and file."""

    template_name = "activities/run_print.html"


class RunFormsView(ScopedMixin, DetailView):
    """One form a member, each on a sheet of its own; `?person=` prints a single one."""

    action = Action.RECORD
    queryset = ReviewRun.objects.select_related("unit", "activity")
    template_name = "activities/run_forms.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        entries = self.object.entries.exclude(stand=Stand.MOVED).select_related("person")
        if (line := self.request.GET.get("line", "")).isdecimal():
            entries = entries.filter(pk=int(line[:18]))
        sheets = [
            {
                "entry": entry,
                "votes": [
                    [entry.votes.get(voter, {}).get(grade, "") for grade in GRADES]
                    for voter in VOTERS
                ],
            }
            for entry in entries.order_by("person__pinyin", "person_id")
        ]
        grades = [Grade(grade).label for grade in GRADES]
        return super().get_context_data(sheets=sheets, grades=grades, **more)


class RunKeptView(LoginRequiredMixin, View):
    """What only whoever keeps the unit's records may do with a run."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            mine = ReviewRun.objects.visible_to(request.user, action=Action.RECORD)
            self.run = get_object_or_404(mine.select_related("unit"), pk=kwargs["pk"])

    def refused(self, error: ActivityError) -> HttpResponse:
        messages.error(self.request, str(error))
        return redirect(self.run)


class RunStepView(RunKeptView):
    """One step, saved by itself; the next day it goes on where it was left."""

    template_name = "activities/run_step.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if kwargs["step"] not in STEP_FORMS:
            raise Http404
        self.step = kwargs["step"]

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if not self.run.is_open:
            return redirect(self.run)
        return self.show(lines_of(self.step, entries_for(self.step, self.run)))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        lines = lines_of(self.step, entries_for(self.step, self.run), request.POST)
        wrong = [line for line in lines if not line["form"].is_valid()]
        if wrong:
            return self.show(lines)
        values = {line["entry"].pk: line["form"].cleaned_data for line in lines}
        user: Any = request.user
        try:
            services.save_step(self.run, self.step, values, by=user)
        except ActivityError as error:
            return self.refused(error)
        messages.success(request, _("Saved. You may go on now or another day."))
        if request.POST.get("do") == "stay":
            return redirect("activities:run_step", self.run.pk, self.step)
        return self.go_on()

    def go_on(self) -> HttpResponse:
        names = [name for name, _label in STEPS]
        place = names.index(self.step) + 1
        if place == len(names):
            return redirect("activities:run_close", self.run.pk)
        return redirect("activities:run_step", self.run.pk, names[place])

    def show(self, lines: list[dict[str, Any]]) -> HttpResponse:
        context = {
            "run": self.run,
            "step": self.step,
            "title": dict(STEPS)[self.step],
            "lines": lines,
            "is_wrong": any(line["form"].is_bound and line["form"].errors for line in lines),
            "steps": progress_of(list(entries_for("people", self.run))),
        }
        return render(self.request, self.template_name, context)


class RunRenewView(RunKeptView):
    """Bring the list up to date with the roster."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        user: Any = request.user
        try:
            come, gone = services.renew_list(self.run, by=user)
        except ActivityError as error:
            return self.refused(error)
        words = _("The list is up to date: %(come)s came, %(gone)s left.")
        messages.success(request, words % {"come": come, "gone": gone})
        return redirect("activities:run_step", self.run.pk, "people")


class RunReopenView(LoginRequiredMixin, View):
    """The unit above opens a closed run again, and says why."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user: Any = request.user
        runs = ReviewRun.objects.visible_to(user, action=Action.REVIEW)
        run = get_object_or_404(runs.select_related("unit"), pk=pk)
        form = ReopenForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(form.errors["reason"]))
            return redirect(run)
        try:
            services.reopen_run(run, form.cleaned_data["reason"], by=user)
        except ActivityError as error:
            messages.error(request, str(error))
        else:
            told = _("The run is open again. Its record is returned and counts once it is closed.")
            messages.success(request, told)
        return redirect(run)


class RunCloseView(RunKeptView):
    """The last step: the meeting itself, whose record bears the grades."""

    template_name = "activities/run_close.html"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if not self.run.is_open:
            return redirect(self.run)
        return self.show(CloseForm(run=self.run, initial=usual_of(self.run)))

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        form = CloseForm(request.POST, run=self.run)
        if form.is_valid():
            data, user = form.cleaned_data, request.user
            away = {UUID(key) for key in data["away"]}
            try:
                activity = services.close_run(
                    self.run,
                    by=user,  # type: ignore[arg-type]
                    meeting=form.meeting(),
                    taken=data.get("record"),
                    away=away,
                )
            except ActivityError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                told = _("Closed. The record of the meeting is submitted and bears the result.")
                messages.success(request, told)
                return redirect(activity)
        return self.show(form)

    def show(self, form: CloseForm) -> HttpResponse:
        entries = list(entries_for("people", self.run))
        context = {
            "run": self.run,
            "form": form,
            "step": "close",
            "steps": progress_of(entries),
            "counts": grade_counts(entries),
            "left": services.left_open(self.run),
            "ungraded": services.owed_without_grade(self.run),
        }
        return render(self.request, self.template_name, context)


def usual_of(run: ReviewRun) -> dict[str, Any]:
    """Where the unit usually meets, and who chairs and records: as last time of the kind."""
    memories = memories_of(run.unit)
    last = memories.of([run.kind]) or memories.of(["members_meeting"]) or memories.of([LAST])
    return last.values() if last else {}


def grade_counts(entries: list[Any]) -> list[tuple[str, int]]:
    """How many have each grade, the grades from the best down."""
    counts = Counter(entry.grade for entry in entries)
    return [(str(Grade(grade).label), counts[grade]) for grade in GRADES]


def progress_of(entries: list[Any]) -> list[dict[str, Any]]:
    """The steps in order, each with how many lines of it are filled in."""
    taking = [entry for entry in entries if entry.stand == Stand.TAKES_PART]
    filled = {
        "people": len(entries),
        "self": sum(bool(entry.self_grade) for entry in taking),
        "votes": sum(bool(entry.votes) for entry in taking),
        "grades": sum(bool(entry.grade) for entry in taking),
    }
    totals = {"people": len(entries)}
    steps = []
    for name, label in STEPS:
        of = totals.get(name, len(taking))
        words = ngettext("%(filled)s of %(count)s line", "%(filled)s of %(count)s lines", of)
        words = words % {"filled": filled[name], "count": of}
        steps.append({"name": name, "label": label, "words": words})
    return steps
