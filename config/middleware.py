"""Compressed pages, language per user, a password of one's own first, and no cache of pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django_htmx.http import HttpResponseClientRedirect

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
