"""The host's screen: the code, the list that fills up, and what the host does by hand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import segno
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from activities import services
from activities.codes import code_at, seconds_left
from activities.entries import ActivityError
from activities.expected import expected_count, expected_people, hosts_of
from activities.models import Activity, Plan, Signature, SignIn
from members.models import Person
from organizations.access import paths_for
from organizations.actions import Action
from organizations.mixins import ScopedMixin

FOUND_AT_MOST = 10
ON_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


class SignInOpenView(LoginRequiredMixin, View):
    """Open the sign-in of a plan or a draft, then show it."""

    http_method_names = ["post"]
    model: type[Plan] | type[Activity]

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        rows = self.model.objects.hosted_under(*paths_for(request.user, Action.RECORD))
        held = get_object_or_404(rows.select_related("unit"), pk=pk)
        try:
            sign_in = services.open_sign_in(held, by=request.user)  # type: ignore[arg-type]
        except ActivityError as error:
            messages.error(request, str(error))
            return redirect(held)
        return redirect(sign_in)


class PlanSignInView(SignInOpenView):
    model = Plan


class RecordSignInView(SignInOpenView):
    model = Activity


class KeptSignInView(LoginRequiredMixin):
    """A sign-in that the person keeps; for others it does not exist."""

    @cached_property
    def sign_in(self) -> SignIn:
        user = self.request.user  # type: ignore[attr-defined]
        rows = SignIn.objects.visible_to(user, action=Action.RECORD)
        rows = rows.select_related("plan__unit", "plan__activity", "activity__unit")
        return get_object_or_404(rows, pk=self.kwargs["pk"])  # type: ignore[attr-defined]


class SignInView(KeptSignInView, TemplateView):
    """The screen that the hall sees. `?part=code` and `?part=list` are what changes on it."""

    template_name = "activities/sign_in.html"
    PARTS = ("code", "list")

    def get_template_names(self) -> list[str]:
        part = self.request.GET.get("part", "")
        return [f"activities/sign_in_{part}.html"] if part in self.PARTS else [self.template_name]

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        sign_in, now = self.sign_in, timezone.now()
        part = self.request.GET.get("part", "")
        context = super().get_context_data(
            sign_in=sign_in, held=sign_in.held, is_open=sign_in.is_open(now), part=part, **more
        )
        if part != "list" and context["is_open"]:
            context |= self._code(now)
        if part != "code":
            signatures = list(sign_in.signatures.select_related("person"))
            context |= {
                "signatures": signatures,
                "late_count": sum(row.is_late for row in signatures),
                "expected": expected_count(sign_in),
            }
        if part == "":
            context |= {"hosts": hosts_of(sign_in), "found": self._found()}
        return context

    def _code(self, now: Any) -> dict[str, Any]:
        path = reverse("activities:phone", args=[self.sign_in.pk])
        code = code_at(bytes(self.sign_in.secret), now)
        address = self.request.build_absolute_uri(f"{path}?code={code}")
        picture = segno.make(address, micro=False, error="m").svg_inline(border=2, omitsize=True)
        return {
            "picture": mark_safe(picture),  # noqa: S308  (drawn by segno from numbers)
            "seconds": seconds_left(now),
            "is_local": urlsplit(address).hostname in ON_THIS_MACHINE,
        }

    def _found(self) -> list[Person]:
        """Whom the host may add by hand: expected, visible, and not there yet."""
        text = self.request.GET.get("find", "").strip()
        if not text:
            return []
        people = Person.objects.visible_to(self.request.user).filter(expected_people(self.sign_in))
        here = self.sign_in.signatures.values("person")
        return list(people.search(text).exclude(pk__in=here)[:FOUND_AT_MOST])


class SignInCloseView(KeptSignInView, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        services.close_sign_in(self.sign_in, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The sign-in is closed."))
        return redirect(self.sign_in)


class SignInAddView(KeptSignInView, View):
    """Add somebody who has no phone at hand."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        sign_in, user = self.sign_in, request.user
        people = Person.objects.visible_to(user).filter(expected_people(sign_in))
        person = people.filter(pk=_key(request.POST.get("person", ""))).first()
        if person is None:
            messages.error(request, _("Look the person up first: nobody was added."))
        elif not services.add_by_hand(sign_in, person, by=user):  # type: ignore[arg-type]
            messages.info(request, _("%(name)s had signed in before.") % {"name": person.name})
        return redirect(sign_in)


class SignatureUndoView(ScopedMixin, View):
    """Take a signature back."""

    action = Action.RECORD
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        rows = Signature.objects.visible_to(request.user, action=Action.RECORD)
        rows = rows.select_related("sign_in__plan__unit", "sign_in__activity__unit")
        signature = get_object_or_404(rows, pk=pk)
        services.undo_signature(signature, by=request.user)  # type: ignore[arg-type]
        return redirect(signature.sign_in)


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
