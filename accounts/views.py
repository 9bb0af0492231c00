"""Signing in, and one's own account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash, views
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse, reverse_lazy
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import FormView

from accounts.forms import (
    FirstPasswordForm,
    LanguageForm,
    LookForm,
    OwnPasswordForm,
    ProfileForm,
    SignInForm,
)
from accounts.models import User
from accounts.services import change_language, change_look, change_password, change_profile

SEEN = "seen"
"""In the session: when its owner last asked for a page, in seconds of the clock."""


class SignInView(views.LoginView):
    """The way in; whoever is signed in already goes on to the home page."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: SignInForm) -> HttpResponse:
        """A session ends at a time that is set when it begins: use does not put it off."""
        answer = super().form_valid(form)
        now, session = timezone.now(), self.request.session
        session.set_expiry(now + timedelta(seconds=settings.SESSION_COOKIE_AGE))
        session[SEEN] = now.timestamp()
        return answer

    def get_redirect_url(self) -> str:
        """Where one wanted to go; home after a step that was sent when the session had ended."""
        url = super().get_redirect_url()
        return url if is_page(url) else ""


class SignOutView(views.LogoutView):
    """The way out: the browser forgets the pages that it kept, for whoever sits there next.

    What a colleague has typed and not sent yet stays; one's own goes with the form (portal.js).
    """

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().post(request, *args, **kwargs)
        answer.headers["Clear-Site-Data"] = '"cache"'
        return answer


def is_page(url: str) -> bool:
    """Whether `url` answers to a browser that just goes there."""
    try:
        view = getattr(resolve(urlsplit(url).path).func, "view_class", View)
    except Resolver404:
        return False
    return hasattr(view, "get") and "get" in view.http_method_names


class ProfileView(LoginRequiredMixin, FormView):
    """Language and address for mail."""

    template_name = "accounts/profile.html"
    form_class = ProfileForm
    success_url = reverse_lazy("accounts:profile")

    def get_form_kwargs(self):
        # Read anew, so that a refused form leaves the signed-in user as it was.
        owner = User.objects.get(pk=self.request.user.pk)
        return super().get_form_kwargs() | {"instance": owner}

    def form_valid(self, form):
        change_profile(self.request.user, **form.cleaned_data)
        with translation.override(form.cleaned_data["language"]):
            messages.success(self.request, _("Saved."))
        return super().form_valid(form)


class PasswordView(LoginRequiredMixin, FormView):
    """One's own password; the session at hand goes on, all others end.

    Whoever still has a one-time password comes here first, and then goes on to the home page.
    """

    template_name = "accounts/password.html"

    def get_form_class(self):
        return FirstPasswordForm if self._is_first else OwnPasswordForm

    def get_success_url(self):
        return reverse("home" if self._is_first else "accounts:profile")

    @cached_property
    def _is_first(self) -> bool:
        return self.request.user.must_change_password

    def get_form_kwargs(self):
        asks = {} if self._is_first else {"request": self.request}
        return super().get_form_kwargs() | {"user": self.request.user} | asks

    def form_valid(self, form):
        change_password(self.request.user, form.cleaned_data["new_password1"])
        update_session_auth_hash(self.request, self.request.user)
        messages.success(self.request, _("Your password is changed."))
        return super().form_valid(form)


class LookView(LoginRequiredMixin, View):
    """Change colours or the size of the type from the menu, and go back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LookForm(request.POST, instance=User.objects.get(pk=request.user.pk))
        if form.is_valid():
            change_look(request.user, **form.cleaned_data)
        return HttpResponseRedirect(_way_back(request))


class LanguageView(View):
    """Change the language and go back: kept with the account, or in a cookie before sign-in."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LanguageForm(request.POST)
        response = HttpResponseRedirect(_way_back(request))
        if not form.is_valid():
            return response
        language = form.cleaned_data["language"]
        if request.user.is_authenticated:
            change_language(request.user, language)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 60 * 60,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response


def _way_back(request: HttpRequest) -> str:
    """The page that was left, if it is one of this portal; else its first page."""
    wished = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wished, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wished if safe and is_page(wished) else "/"
