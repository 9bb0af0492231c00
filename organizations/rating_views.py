"""Residents' ratings: the unit's own page, the poster to hang out, and the public page."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from organizations import services
from organizations.access import may
from organizations.actions import Action
from organizations.callers import client_address
from organizations.choices import RatingAnswer
from organizations.mixins import UnitMixin
from organizations.models import Rating, RatingPage
from organizations.services.ratings import Outcome

COOKIE = "rating_device"
SALT = "organizations.rating.device"
KEPT_FOR = 400 * 24 * 60 * 60
"""Seconds that a device keeps its random number: a year and a month."""
FEWEST = 10
"""Ratings of a year below which nothing is shown: so few might be known by name."""
STATUS = {Outcome.CLOSED: 410, Outcome.TOO_MANY: 429}


@dataclass(frozen=True, slots=True)
class Year:
    """The ratings of one year; `answers` is empty where they are too few to show."""

    year: int
    number: int
    answers: list[tuple[Any, int]]


def years_of(sums: dict[int, dict[int, int]]) -> list[Year]:
    """Sums by year as a page shows them, newest first."""
    years = []
    for year, found in sorted(sums.items(), reverse=True):
        number = sum(found.values())
        shown = [(answer.label, found.get(answer.value, 0)) for answer in RatingAnswer]
        years.append(Year(year, number, shown if number >= FEWEST else []))
    return years


class RatingsView(UnitMixin, TemplateView):
    """Whether residents may rate the unit, and what they said, year by year."""

    template_name = "organizations/ratings.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        ratings = Rating.objects.visible_to(user).filter(unit=self.unit)
        return super().get_context_data(
            page=RatingPage.objects.visible_to(user).filter(unit=self.unit).first(),
            years=years_of(ratings.sums()),
            fewest=FEWEST,
            may_record=may(user, Action.RECORD, self.unit) and self.unit.is_open,
            **kwargs,
        )


class RatingsSwitchView(UnitMixin, View):
    """Open the page, close it, or give it another code: `to` says which."""

    action = Action.RECORD
    http_method_names = ["post"]

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        unit, to = self.unit, request.POST.get("to", "open")
        if not unit.is_open:
            raise Http404
        page = RatingPage.objects.visible_to(request.user, action=self.action).filter(unit=unit)
        if to == "close":
            services.close_ratings(get_object_or_404(page), by=request.user)
            messages.success(request, _("Residents can no longer rate. What they said is kept."))
        elif to == "renew":
            services.renew_rating_code(get_object_or_404(page), by=request.user)
            messages.success(request, _("There is a new code. Please print the poster again."))
        else:
            services.open_ratings(unit, by=request.user)
            messages.success(
                request, _("Residents can rate now. Print the poster and hang it out.")
            )
        return redirect("standing:ratings", unit.code)


class PosterView(UnitMixin, TemplateView):
    """A sheet with the code, to print and hang out; there only while residents may rate."""

    template_name = "organizations/rating_poster.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pages = RatingPage.objects.visible_to(self.request.user)
        page = get_object_or_404(pages, unit=self.unit, is_open=True)
        address = f"{settings.SITE_URL}{page.get_absolute_url()}"
        return super().get_context_data(
            address=address,
            picture=drawn(address, _("QR code: %(address)s") % {"address": address}),
            year=timezone.localdate().year,
            **kwargs,
        )


def drawn(text: str, title: str) -> SafeString:
    """A QR code as a picture within the page."""
    picture = segno.make(text, micro=False, error="m")
    return mark_safe(  # noqa: S308  (drawn by segno from numbers; it escapes the title)
        picture.svg_inline(border=4, omitsize=True, title=title, svgclass="qr")
    )


@method_decorator(never_cache, name="dispatch")
class RateView(View):
    """The public page: one question, no account, no script, nothing kept of who answers.

    A device that asks for the page gets a random number in a signed cookie; whoever answers without
    one is asked to let the cookie in. Nothing is written by merely looking.
    """

    http_method_names = ["get", "post"]

    @cached_property
    def page(self) -> RatingPage:
        """The secret in the address is the gate here, as nobody is signed in."""
        pages = RatingPage._default_manager.select_related("unit__parent")
        return get_object_or_404(pages, token=self.kwargs["token"])

    @cached_property
    def device(self) -> str:
        """The device's number as its cookie tells it; empty where it has none of ours."""
        try:
            return TimestampSigner(salt=SALT).unsign(
                self.request.COOKIES.get(COOKIE, ""), max_age=KEPT_FOR
            )
        except BadSignature:
            return ""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        is_open = self.page.is_open and self.page.unit.is_open
        return self.show("" if is_open else Outcome.CLOSED)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if not self.device:
            return self.show("no_cookie", status=422)
        answer = request.POST.get("answer", "")
        if answer not in {str(value) for value in RatingAnswer.values}:
            return self.show("empty", status=422)
        outcome = services.rate(
            self.page,
            device=self.device,
            answer=RatingAnswer(int(answer)),
            address=client_address(request),
            today=timezone.localdate(),
        )
        return self.show(outcome)

    def show(self, outcome: str, *, status: int | None = None) -> HttpResponse:
        context = {
            "unit": self.page.unit,
            "outcome": str(outcome),
            "answers": RatingAnswer.choices,
            "year": timezone.localdate().year,
        }
        status = status or STATUS.get(outcome, 200)  # type: ignore[call-overload]
        response = render(self.request, "organizations/rate.html", context, status=status)
        response.set_cookie(
            COOKIE,
            TimestampSigner(salt=SALT).sign(self.device or secrets.token_urlsafe(18)),
            max_age=KEPT_FOR,
            path="/rate/",
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )
        return response
