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
    """For pages that begin something new: there for those alone who keep some roster."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and Action.ENROL not in actions_of(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class ChangeView(ScopedMixin, SingleObjectMixin, FormView):
    """A form that changes one thing about a person and goes back to the person's page.

    `change` calls the service; a MemberError's words are shown at the top of the form.
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

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(person=self.person, title=self.title, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.change(form.cleaned_data)
        except MemberError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return redirect(self.person)
