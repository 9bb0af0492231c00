"""Posts and pledges (clause 11), and cases of unfit members (clause 10)."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, FormView
from django.views.generic.detail import SingleObjectMixin

from accounts.models import User
from members import services
from members.choices import CaseOutcome
from members.forms import DayForm
from members.ledger_forms import (
    CaseFilterForm,
    CaseForm,
    CaseSettleForm,
    HoldForm,
    PledgeFilterForm,
    PledgeForm,
    PledgeReportForm,
    PostFilterForm,
    PostForm,
)
from members.ledgers import Column
from members.models import DutyPost, Person, Pledge, PostHolding, UnfitCase
from members.views.ledgers import LedgerView
from members.views.mixins import ChangeView, EnrolMixin, SavingMixin
from organizations.actions import Action
from organizations.mixins import ScopedMixin
from organizations.wording import listed


def duties_of(person: Person, user: User, *, is_own: bool) -> dict[str, list[Any]]:
    """For the person's page: posts and pledges, of others than one's own people those of units
    within reach; cases as their ledger has them, for those alone who keep the unit's records.
    """
    holdings = person.post_holdings.select_related("post__unit")
    pledges = person.pledges.select_related("unit")
    if not is_own:
        holdings, pledges = holdings.visible_to(user), pledges.visible_to(user)
    cases = person.unfit_cases.visible_to(user, action=Action.RECORD).select_related("unit")
    return {"holdings": list(holdings), "pledges": list(pledges), "cases": list(cases)}


def _holders(post: Any) -> str:
    return listed(holding.person.name for holding in post.open_holdings)


class PostListView(LedgerView):
    """The posts of the units within reach and who holds them; its sheet is the public list."""

    queryset = DutyPost.objects.select_related("unit")
    form_class = PostFilterForm
    title = _("Posts and duties")
    hint = _("The sheet to print is the list to be made public.")
    nothing = _("No such post")
    file_name = "posts"
    add_url_name = "members:post_create"
    add_label = _("New post")
    columns = (
        Column(_("Post"), lambda row: row.name),
        Column(_("Unit"), lambda row: row.unit.name),
        Column(_("Duties"), lambda row: row.duties),
        Column(_("Held by"), _holders),
    )

    def named(self, rows: QuerySet, text: str) -> QuerySet:
        people = Person.objects.visible_to(self.request.user).search(text)
        held = PostHolding.objects.visible_to(self.request.user).still_open()
        return rows.filter(Exists(held.filter(post=OuterRef("pk"), person__in=people)))

    def filtered(self, rows: Any, said: dict[str, Any]) -> QuerySet:
        shown = said.get("shown", "")
        held = PostHolding.objects.visible_to(self.request.user).still_open()
        if shown != "all":
            rows = rows.still_open()
        if shown == "vacant":
            rows = rows.filter(~Exists(held.filter(post=OuterRef("pk"))))
        holders = held.select_related("person").order_by("person__pinyin", "pk")
        return rows.prefetch_related(Prefetch("holdings", holders, to_attr="open_holdings"))

    def href(self, row: Any) -> str:
        return row.get_absolute_url()


class PostCreateView(EnrolMixin, SavingMixin, FormView):
    """A unit sets up a post."""

    form_class = PostForm
    template_name = "members/post_form.html"
    extra_context = {"title": _("New post")}

    def get_form_kwargs(self) -> dict[str, Any]:
        initial = {"unit": self.request.GET.get("unit")}
        return super().get_form_kwargs() | {"user": self.request.user, "initial": initial}

    def save(self, form: PostForm) -> DutyPost:
        data = form.cleaned_data
        return services.set_up_post(data.pop("unit"), by=self.request.user, **data)


class PostDetailView(ScopedMixin, DetailView):
    """A post, who holds it and who held it."""

    queryset = DutyPost.objects.select_related("unit")
    template_name = "members/post_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        post, user = self.object, self.request.user
        mine = DutyPost.objects.visible_to(user, action=Action.RECORD).filter(pk=post.pk)
        return super().get_context_data(
            post=post,
            holdings=post.holdings.select_related("person"),
            may_record=mine.exists(),
            **kwargs,
        )


class HoldView(ScopedMixin, SavingMixin, SingleObjectMixin, FormView):
    """Somebody takes a post."""

    queryset = DutyPost.objects.filter(ended_on=None).select_related("unit")
    action = Action.RECORD
    form_class = HoldForm
    template_name = "members/post_form.html"
    extra_context = {"title": _("Who takes the post")}

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.object = self.get_object() if request.user.is_authenticated else None
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user, "post": self.object}

    def save(self, form: HoldForm) -> DutyPost:
        services.hold_post(self.object, by=self.request.user, **form.cleaned_data)
        return self.object


class HoldingEndView(ChangeView):
    queryset = PostHolding.objects.filter(ended_on=None).select_related("person", "post__unit")
    action = Action.RECORD
    form_class = DayForm
    title = _("End of holding a post")

    def change(self, data: dict[str, Any]) -> None:
        services.leave_post(self.object, on=data["on"], by=self.request.user)


class PledgeListView(LedgerView):
    """What members promised, and how it was kept; its sheet is the public list."""

    queryset = Pledge.objects.select_related("person", "unit")
    form_class = PledgeFilterForm
    title = _("Pledges")
    hint = _("A pledge is entered on the person's page. The sheet to print can be made public.")
    nothing = _("No such pledge")
    file_name = "pledges"
    columns = (
        Column(_("Name"), lambda row: row.person.name),
        Column(_("Unit"), lambda row: row.unit.name),
        Column(_("Made on"), lambda row: row.made_on),
        Column(_("Pledge"), lambda row: row.text),
        Column(_("Reported on"), lambda row: row.reported_on),
        Column(_("How it was kept"), lambda row: row.report),
    )

    def filtered(self, rows: QuerySet, said: dict[str, Any]) -> QuerySet:
        shown = said.get("shown", "")
        if shown == "open":
            return rows.filter(reported_on__isnull=True)
        if shown == "all":
            return rows
        return rows.filter(made_on__year=timezone.localdate().year)


class PledgeView(ChangeView):
    """Written at the home unit, and so by whoever keeps the record there."""

    queryset = Person.objects.all()
    form_class = PledgeForm
    title = _("New pledge")

    def get_initial(self) -> dict[str, Any]:
        return {"made_on": timezone.localdate()}

    def change(self, data: dict[str, Any]) -> None:
        services.make_pledge(self.object, by=self.request.user, **data)


class PledgeReportView(ChangeView):
    queryset = Pledge.objects.select_related("person", "unit")
    action = Action.RECORD
    form_class = PledgeReportForm
    title = _("How the pledge was kept")

    def get_initial(self) -> dict[str, Any]:
        today = timezone.localdate()
        return {"reported_on": self.object.reported_on or today, "report": self.object.report}

    def change(self, data: dict[str, Any]) -> None:
        services.report_pledge(self.object, by=self.request.user, **data)


class CaseListView(LedgerView):
    """Cases of unfit members, for those alone who keep them."""

    queryset = UnfitCase.objects.select_related("person", "unit")
    action = Action.RECORD
    form_class = CaseFilterForm
    title = _("Cases of unfit members")
    hint = _("Seen by those alone who keep the unit's records.")
    nothing = _("No such case")
    file_name = "cases"
    columns = (
        Column(_("Name"), lambda row: row.person.name),
        Column(_("Unit"), lambda row: row.unit.name),
        Column(_("Opened on"), lambda row: row.opened_on),
        Column(_("Ground"), lambda row: row.ground),
        Column(_("Measure"), lambda row: row.measure),
        Column(_("Settled on"), lambda row: row.settled_on),
        Column(_("Outcome"), lambda row: row.get_outcome_display()),
    )

    def filtered(self, rows: QuerySet, said: dict[str, Any]) -> QuerySet:
        return rows if said.get("shown") == "all" else rows.filter(settled_on__isnull=True)


class CaseOpenView(ChangeView):
    """Opened at the home unit, and so by whoever keeps the record there."""

    queryset = Person.objects.all()
    form_class = CaseForm
    title = _("Open a case of an unfit member")

    def get_initial(self) -> dict[str, Any]:
        return {"opened_on": timezone.localdate()}

    def change(self, data: dict[str, Any]) -> None:
        services.open_case(self.object, by=self.request.user, **data)


class CaseSettleView(ChangeView):
    queryset = UnfitCase.objects.filter(settled_on=None).select_related("person", "unit")
    action = Action.RECORD
    form_class = CaseSettleForm
    title = _("Settle the case")

    def get_initial(self) -> dict[str, Any]:
        return {"settled_on": timezone.localdate(), "measure": self.object.measure}

    def change(self, data: dict[str, Any]) -> None:
        outcome = CaseOutcome(data.pop("outcome"))
        services.settle_case(self.object, outcome=outcome, by=self.request.user, **data)
