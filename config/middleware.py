"""What happens to every request: its address, language, password, session, packing, no cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.views import SEEN

Handler = Callable[[HttpRequest], HttpResponse]


class CompressPagesMiddleware(GZipMiddleware):
    """Pages and tables go over the wire compressed, also where no proxy stands before the portal.

    Files that are packed already (workbooks, PDF, photos) and what is sent piece by piece are left
    alone. Django adds bytes of a random number, so that a length tells nothing (0027).
    """

    TEXTS = ("text/", "application/json", "image/svg+xml")

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_text = response.headers.get("Content-Type", "").startswith(self.TEXTS)
        if response.streaming or not is_text:
            return response
        return super().process_response(request, response)


class UserLanguageMiddleware:
    """The signed-in person's own language; else the cookie's; else Chinese.

    The browser's wish is not asked: Chinese is the portal's default.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self._language(request)
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    def _language(self, request: HttpRequest) -> str:
        if request.user.is_authenticated:
            return request.user.language
        wished = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        return wished if wished in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class PlainAddressMiddleware:
    """No address holds the sign NUL, which PostgreSQL can't even look for: what is searched for
    goes without it, and no page has it in its name.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise Http404
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "")
        return self.get_response(request)


class PasswordFirstMiddleware:
    """Whoever has a one-time password chooses one of their own before anything else."""

    ANSWERED = frozenset({"accounts:password", "accounts:language", "logout"})

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated or not user.must_change_password:
            return None
        match = request.resolver_match
        if match and match.view_name in self.ANSWERED:
            return None
        if request.headers.get("HX-Request"):  # a redirect would end up inside the page
            return HttpResponseClientRedirect(reverse("accounts:password"))
        return redirect("accounts:password")


class IdleMiddleware:
    """Whoever has not asked for a page for SESSION_IDLE_MINUTES signs in again.

    When somebody last did is noted in the session, now and then: a page is no write. A part of a
    page that would have become the sign-in page leads the whole browser there.
    """

    NOTED_EVERY = 5 * 60

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._look_at_the_clock(request)
        response = self.get_response(request)
        sign_in = reverse("login")
        if request.headers.get("HX-Request") and response.headers.get("Location", "").startswith(
            f"{sign_in}?"
        ):
            # Without what stood behind it: somebody's number may have been searched for.
            page = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
            return HttpResponseClientRedirect(f"{sign_in}?{urlencode({'next': page})}")
        return response

    def _look_at_the_clock(self, request: HttpRequest) -> None:
        now = timezone.now().timestamp()
        since = request.user.last_login
        seen = request.session.get(SEEN, since.timestamp() if since else now)
        if now - seen > settings.SESSION_IDLE_MINUTES * 60:
            logout(request)
            messages.info(
                request, _("You were signed out, as you had not used the portal for a while.")
            )
        elif now - seen > self.NOTED_EVERY:
            request.session[SEEN] = now


class PrivatePagesMiddleware:
    """What a signed-in person is shown is kept by no cache, on disk or on the way."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True, private=True)
        return response
