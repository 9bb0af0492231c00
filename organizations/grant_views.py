"""Users and their roles: for administrators, and for organisers within their county."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import FormView, ListView, TemplateView

from accounts.models import User
from organizations import grant_services as services
from organizations.access import actions_of
from organizations.actions import Action
from organizations.authority import (
    BySound,
    administers,
    may_give,
    search_users,
    users_visible_to,
)
from organizations.errors import OrganizationError
from organizations.grant_forms import AccountForm, GiveForm, NewAccountForm, UserFilterForm
from organizations.mixins import PartialMixin
from organizations.models import Grant


class KeeperMixin(LoginRequiredMixin):
    """For those who keep users and roles; to anyone else these pages don't exist."""

    actions = frozenset({Action.ADMINISTER, Action.MANAGE})

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not self.actions & actions_of(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class AdministratorMixin(KeeperMixin):
    """For what administrators alone do."""

    actions = frozenset({Action.ADMINISTER})


class AccountMixin(KeeperMixin):
    """For views of somebody else within reach: `self.account`, or a 404."""

    @cached_property
    def account(self) -> User:
        user = self.request.user  # type: ignore[attr-defined]
        others = users_visible_to(user).exclude(pk=user.pk)
        return get_object_or_404(others, pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(account=self.account, **kwargs)  # type: ignore[misc]

    def back(self) -> HttpResponse:
        return redirect("users:detail", self.account.pk)


class UserListView(KeeperMixin, PartialMixin, ListView):
    """Who can sign in, with the roles they have today or later."""

    template_name = "organizations/user_list.html"
    partial_name = "rows"
    paginate_by = 50

    def get_queryset(self) -> BySound:
        self.form = UserFilterForm(self.request.GET)
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        grants = Grant.objects.visible_to(self.request.user).not_ended(timezone.localdate())
        held = grants.select_related("unit").order_by("role", "unit__path", "pk")
        users = search_users(users_visible_to(self.request.user), grants, **asked)
        users = users.prefetch_related(Prefetch("grants", held, to_attr="held"))
        return BySound(users)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            form=self.form, administers=administers(self.request.user), **kwargs
        )


@dataclass(frozen=True, slots=True)
class Held:
    """A role on a user's page."""

    grant: Grant
    may_end: bool
    today: date

    @property
    def is_over(self) -> bool:
        return self.grant.ended_on is not None and self.grant.ended_on < self.today

    @property
    def is_to_come(self) -> bool:
        return self.grant.begun_on is not None and self.grant.begun_on > self.today


class UserDetailView(KeeperMixin, TemplateView):
    """One user: the account, and every role within the reader's reach, those at an end last."""

    template_name = "organizations/user_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reader, today = self.request.user, timezone.localdate()
        account = get_object_or_404(users_visible_to(reader), pk=self.kwargs["pk"])
        is_other = account != reader
        grants = Grant.objects.visible_to(reader).filter(user=account)
        held = [
            Held(grant, is_other and may_give(reader, grant.role, grant.unit), today)
            for grant in grants.select_related("unit__parent").order_by("role", "unit__path", "pk")
        ]
        return super().get_context_data(
            account=account,
            is_other=is_other,
            administers=administers(reader),
            held=sorted(held, key=lambda row: row.is_over),
            **kwargs,
        )


class UserCreateView(AdministratorMixin, FormView):
    """Somebody new who can sign in."""

    form_class = NewAccountForm
    template_name = "organizations/user_form.html"

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            account, password = services.create_user(**form.cleaned_data, by=self.request.user)
        except OrganizationError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        return _slip(self.request, account, password)


class UserEditView(AdministratorMixin, AccountMixin, FormView):
    """Name and address for mail."""

    form_class = AccountForm
    template_name = "organizations/user_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        # A copy, so that a refused form leaves the heading as it was.
        return super().get_form_kwargs() | {"instance": copy(self.account)}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        services.change_user(self.account, **form.cleaned_data, by=self.request.user)
        messages.success(self.request, _("Saved."))
        return self.back()


class UserActView(AdministratorMixin, AccountMixin, View):
    """Something done to an account by a button; what the service refuses is said."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            password = self.perform()
        except OrganizationError as error:
            messages.error(request, str(error))
            return self.back()
        if password:
            return _slip(request, self.account, password)
        messages.success(request, _("Saved."))
        return self.back()

    def perform(self) -> str:
        """Do it; the one-time password if one was drawn."""
        raise NotImplementedError


class UserResetView(UserActView):
    def perform(self) -> str:
        return services.reset_password(self.account, by=self.request.user)


class UserDeactivateView(UserActView):
    def perform(self) -> str:
        return services.set_active(self.account, active=False, by=self.request.user)


class UserActivateView(UserActView):
    def perform(self) -> str:
        return services.set_active(self.account, active=True, by=self.request.user)


class RoleGiveView(AccountMixin, PartialMixin, FormView):
    """A role on a unit; `?q=` finds units by name, code or pinyin."""

    form_class = GiveForm
    template_name = "organizations/grant_form.html"
    partial_name = "units"

    def get_form_kwargs(self) -> dict[str, Any]:
        own = {"giver": self.request.user, "wanted": self.request.GET.get("q", "").strip()}
        return super().get_form_kwargs() | own

    def form_valid(self, form: GiveForm) -> HttpResponse:
        try:
            services.give_role(self.account, **form.cleaned_data, by=self.request.user)
        except OrganizationError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return self.back()


class RoleEndView(AccountMixin, View):
    """End a role at once: yesterday was its last day."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, grant: int) -> HttpResponse:
        grants = Grant.objects.visible_to(request.user).filter(user=self.account)
        role = get_object_or_404(grants.select_related("user", "unit"), pk=grant)
        if not may_give(request.user, role.role, role.unit):
            raise Http404
        try:
            services.end_role(role, on=timezone.localdate() - timedelta(days=1), by=request.user)
        except OrganizationError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The role has ended."))
        if users_visible_to(request.user).filter(pk=self.account.pk).exists():
            return self.back()
        return redirect("users:list")


def _slip(request: HttpRequest, account: User, password: str) -> HttpResponse:
    """The page that shows a one-time password: in this answer alone, stored nowhere."""
    context = {
        "account": account,
        "password": password,
        "site": settings.SITE_URL,
        "days": services.ONE_TIME_DAYS,
    }
    return render(request, "organizations/user_password.html", context)
