"""What the pages of people share."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView
from django.views.generic.detail import SingleObjectMixin

from members.errors import MemberError
from members.models import Person
from organizations.access import actions_of
from organizations.actions import Action
from organizations.mixins import ScopedMixin


class EnrolMixin(LoginRequiredMixin):
    """For pages that begin something new: there for those alone who may do `needs` somewhere."""

    needs = Action.ENROL

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and self.needs not in actions_of(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class SavingMixin:
    """A form that is a service's: what that refuses is said at the top of the form.

    `save` calls the service and returns where to go then.
    """

    def save(self, form: Any) -> Any:
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            there = self.save(form)
        except MemberError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)  # type: ignore[attr-defined]
        messages.success(self.request, _("Saved."))  # type: ignore[attr-defined]
        return redirect(there)


class ChangeView(ScopedMixin, SavingMixin, SingleObjectMixin, FormView):
    """A form that changes one thing about a person and goes back to the person's page.

    `change` calls the service.
    """

    action = Action.ENROL
    template_name = "members/person_change.html"
    title: Any = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)

    @property
    def person(self) -> Person:
        return self.object if isinstance(self.object, Person) else self.object.person

    def change(self, data: dict[str, Any]) -> None:
        raise NotImplementedError

    def save(self, form: Any) -> Any:
        self.change(form.cleaned_data)
        return self.there

    @property
    def there(self) -> Any:
        """Where to go when it is done."""
        return self.person

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(person=self.person, title=self.title, **kwargs)
