"""Forms of one's own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SignInForm(AuthenticationForm):
    """User name and password; unknown, wrong and inactive all get the same answer."""

    error_messages = {
        "invalid_login": _("The user name and the password don't match. Please try again."),
        "inactive": _("The user name and the password don't match. Please try again."),
        "one_time_is_over": _(
            "This one-time password was not used in time. Ask your county's administrator for "
            "another."
        ),
    }

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        """Only whoever has the right password is told that it is no longer good."""
        super().confirm_login_allowed(user)
        if isinstance(user, User) and user.one_time_is_over:
            raise ValidationError(self.error_messages["one_time_is_over"], "one_time_is_over")


class OwnPasswordForm(PasswordChangeForm):
    """Another password. The present one is guessed no more often than at sign-in: both count."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        password = self.cleaned_data["old_password"]
        known = authenticate(self.request, username=self.user.username, password=password)
        if known != self.user:
            wrong = self.error_messages["password_incorrect"]
            raise ValidationError(wrong, code="password_incorrect")
        return password


class FirstPasswordForm(SetPasswordForm):
    """One's own password in place of the one-time one, which is not asked for a second time."""

    def clean_new_password1(self) -> str:
        password = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise ValidationError(_("This is the one-time password. Choose one of your own."))
        return password


class ProfileForm(forms.ModelForm):
    """What people may change about themselves."""

    class Meta:
        model = User
        fields = ["language", "theme", "type_size", "email"]
        widgets = dict.fromkeys(("language", "theme", "type_size"), forms.RadioSelect)
        help_texts = {"email": _("Reminders of what is due are sent here as well.")}


class LookForm(forms.ModelForm):
    """One wish about the look of the portal, from a switch in the menu; the rest stays."""

    class Meta:
        model = User
        fields = ["theme", "type_size"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    def clean(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class LanguageForm(forms.Form):
    """The language wished for, from the switch at the top of each page."""

    language = forms.ChoiceField(choices=settings.LANGUAGES)
