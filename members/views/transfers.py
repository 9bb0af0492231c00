"""The transfer of the Party relation: its ledger, the letter, and the answers to it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import DetailView
from django.views.generic.detail import SingleObjectMixin

from members import services
from members.choices import Office
from members.errors import MemberError
from members.ledger_forms import ArrivalForm, NewcomerForm, TransferFilterForm, TransferForm
from members.ledgers import Column
from members.models import Person, Transfer
from members.views.ledgers import LedgerView
from members.views.mixins import ChangeView
from members.views.people import PersonCreateView
from organizations.actions import Action
from organizations.mixins import ScopedMixin

LETTER_DAYS = 30
"""The term that a new letter is offered with."""


def _mark(transfer: Transfer) -> str:
    if transfer.is_overdue(timezone.localdate()):
        return _("Overdue")
    return transfer.get_state_display()


class TransferListView(LedgerView):
    """Letters sent and to be received; those on the way come first, unless asked otherwise."""

    queryset = Transfer.objects.select_related("person", "from_unit", "to_unit")
    form_class = TransferFilterForm
    title = gettext_lazy("Transfers of the Party relation")
    hint = gettext_lazy(
        "For the units' own overview: it does not replace the transfer in the national system."
    )
    nothing = gettext_lazy("No such transfer")
    file_name = "transfers"
    add_url_name = "members:arrive"
    add_label = gettext_lazy("Received from outside")
    columns = (
        Column(gettext_lazy("Name"), lambda row: row.person.name),
        Column(gettext_lazy("From"), lambda row: row.origin),
        Column(gettext_lazy("To"), lambda row: row.destination),
        Column(gettext_lazy("Letter number"), lambda row: row.letter_number),
        Column(gettext_lazy("Issued on"), lambda row: row.issued_on),
        Column(gettext_lazy("Valid until"), lambda row: row.valid_until),
        Column(gettext_lazy("State"), _mark, is_mark=True),
        Column(gettext_lazy("There from"), lambda row: row.arrived_on),
    )

    def filtered(self, rows: QuerySet, said: dict[str, Any]) -> QuerySet:
        shown = said.get("shown", "")
        if shown == "all":
            return rows
        if shown == "mine":
            return rows.for_answer_by(self.request.user)  # type: ignore[attr-defined]
        if shown == "overdue":
            return rows.overdue(timezone.localdate())  # type: ignore[attr-defined]
        return rows.on_the_way()  # type: ignore[attr-defined]

    def named(self, rows: QuerySet, text: str) -> QuerySet:
        """By the name on the letter: the person may be within the other side's reach alone."""
        return rows.filter(person__name__icontains=text)

    def href(self, row: Any) -> str:
        return row.get_absolute_url()


class TransferRequestView(ChangeView):
    """Write the letter: the relation is on the way until the receiver answers."""

    queryset = Person.objects.all()
    form_class = TransferForm
    title = gettext_lazy("Transfer of the Party relation by letter")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        today = timezone.localdate()
        return {"issued_on": today, "valid_until": today + timedelta(days=LETTER_DAYS)}

    def save(self, form: TransferForm) -> Transfer:
        data = form.cleaned_data
        wanted = ("to_name", "to_code", "letter_number", "issued_on", "valid_until", "reason")
        return services.request_transfer(
            self.object,
            to_unit=data["unit"],
            by=self.request.user,
            **{name: data[name] for name in wanted},
        )


class TransferDetailView(ScopedMixin, DetailView):
    """One transfer, for both sides; who answers does it here."""

    queryset = Transfer.objects.select_related(
        "person__membership", "from_unit", "to_unit", "requested_by", "decided_by"
    )
    template_name = "members/transfer_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        transfer, user = self.object, self.request.user
        today = timezone.localdate()
        this = Transfer.objects.visible_to(user).filter(pk=transfer.pk)
        return super().get_context_data(
            transfer=transfer,
            is_overdue=transfer.is_overdue(today),
            may_answer=this.for_answer_by(user).exists(),
            may_withdraw=this.on_the_way().sent_by(user).exists(),
            sees_person=Person.objects.visible_to(user).filter(pk=transfer.person_id).exists(),
            form=ArrivalForm(initial={"on": today}),
            **kwargs,
        )


class TransferLetterView(ScopedMixin, DetailView):
    """The letter with its stub and the slip to send back, to print and stamp.

    The ID number is left to be written by hand: it is never shown but on request.
    """

    queryset = Transfer.objects.filter(from_unit__isnull=False).select_related(
        "person__membership", "from_unit", "to_unit"
    )
    template_name = "members/transfer_letter.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        transfer = self.object
        until = transfer.valid_until
        return super().get_context_data(
            transfer=transfer,
            person=transfer.person,
            title=_("Letter on the Party relation"),
            back_url=transfer.get_absolute_url(),
            age=_age(transfer.person.birth_date, transfer.issued_on),
            days=(until - transfer.issued_on).days if until else None,
            **kwargs,
        )


def _age(born: date | None, on: date) -> int | None:
    if born is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


class TransferAnswerView(ScopedMixin, SingleObjectMixin, View):
    """Received or returned, by those who keep the receiving unit's roster."""

    queryset = Transfer.objects.select_related("person", "from_unit", "to_unit")
    action = Action.ENROL
    http_method_names = ["post"]

    def get_queryset(self) -> QuerySet[Transfer]:
        return super().get_queryset().for_answer_by(self.request.user)  # type: ignore[attr-defined]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        transfer = self.get_object()
        form = ArrivalForm(request.POST)
        wish = request.POST.get("decision")
        if wish not in {"accept", "return"}:
            raise Http404
        try:
            if not form.is_valid():
                raise MemberError(" ".join(told for row in form.errors.values() for told in row))
            if wish == "accept" and not form.cleaned_data["on"]:
                raise MemberError(_("Say from which day."))
            answer = form.cleaned_data["answer"]
            if wish == "accept":
                on = form.cleaned_data["on"]
                services.accept_transfer(transfer, on=on, by=request.user, answer=answer)
            else:
                services.return_transfer(transfer, answer=answer, by=request.user)
        except MemberError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Saved."))
        return redirect(transfer)


class TransferWithdrawView(ScopedMixin, SingleObjectMixin, View):
    """The sender takes the letter back."""

    queryset = Transfer.objects.all()
    action = Action.ENROL
    http_method_names = ["post"]

    def get_queryset(self) -> QuerySet[Transfer]:
        return super().get_queryset().sent_by(self.request.user)  # type: ignore[attr-defined]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        transfer = self.get_object()
        try:
            services.withdraw_transfer(transfer, by=request.user)
        except MemberError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Saved."))
        return redirect(transfer)


class ArriveView(PersonCreateView):
    """A member who comes with a letter from outside the portal."""

    form_class = NewcomerForm
    extra_context = {"heading": gettext_lazy("A member received from outside")}

    def save(self, form: NewcomerForm) -> Person:
        data = form.cleaned_data
        return services.receive_from_outside(
            data["unit"],
            from_name=data["from_name"],
            arrived_on=data["begun_on"],
            letter_number=data["letter_number"],
            issued_on=data["issued_on"],
            by=self.request.user,
            details=form.details,
            membership=form.membership,
            id_number=data["id_number"],
            phone=data["phone"],
            office=Office(data["office"]) if data["office"] else None,
        ).person
