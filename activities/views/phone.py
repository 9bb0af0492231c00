"""The member's phone: two fields and a word back. No account, no script, nothing kept on it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from activities import services
from activities.codes import is_current, is_good, ticket_at
from activities.models import SignIn
from activities.plan_forms import SignForm
from activities.services.signing import Outcome
from organizations.callers import client_address

STATUS = {Outcome.UNKNOWN: 422, Outcome.TOO_MANY: 429, Outcome.CLOSED: 410}


@method_decorator([never_cache, sensitive_post_parameters("name", "last")], name="dispatch")
class PhoneView(View):
    """`?code=` is what the host's screen shows. Whoever opens it in time gets a ticket with the
    form; an unknown sign-in and a stale code look alike.
    """

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        sign_in, now = SignIn.opened(pk), timezone.now()
        secret = bytes(sign_in.secret) if sign_in else b""
        if not sign_in or not is_current(secret, request.GET.get("code", ""), now):
            return self.show(None, status=410, outcome="stale")
        if not sign_in.is_open(now):
            return self.show(sign_in, status=410, outcome=Outcome.CLOSED)
        return self.show(sign_in, ticket=ticket_at(secret, now))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        sign_in, now = SignIn.opened(pk), timezone.now()
        ticket = request.POST.get("ticket", "")
        if not sign_in or not is_good(bytes(sign_in.secret), ticket, now):
            return self.show(None, status=410, outcome="stale")
        form = SignForm(request.POST)
        if not form.is_valid():
            return self.show(sign_in, ticket=ticket, status=422, outcome="empty")
        data = form.cleaned_data
        address = client_address(request)
        answer = services.sign(
            sign_in, name=data["name"], last=data["last"], address=address, now=now
        )
        return self.show(
            sign_in,
            ticket=ticket,
            status=STATUS.get(answer.outcome, 200),
            outcome=answer.outcome,
            signature=answer.signature,
        )

    def show(
        self, sign_in: SignIn | None, *, status: int = 200, outcome: str = "", **more: object
    ) -> HttpResponse:
        context = {"held": sign_in.held if sign_in else None, "outcome": str(outcome), **more}
        return render(self.request, "activities/phone.html", context, status=status)
