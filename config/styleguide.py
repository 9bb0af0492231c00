"""All components of the pages at a glance, for those who build them: `/styleguide/` under DEBUG."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic import TemplateView

STATUSES = "met missed due behind on_track not_applicable unknown shown".split()
SPRITE = Path(settings.BASE_DIR) / "static" / "icons.svg"
CHOICES = [("a", "主题党日"), ("b", "党课")]


class ExampleForm(forms.Form):
    """One field of each sort, among them one that is wrong."""

    topic = forms.CharField(label="主题", help_text="简短写明")
    day = forms.DateField(label="日期")
    kind = forms.ChoiceField(label="类型", choices=CHOICES)
    kinds = forms.MultipleChoiceField(
        label="多选", choices=CHOICES, widget=forms.CheckboxSelectMultiple
    )
    minutes = forms.CharField(label="内容", widget=forms.Textarea({"rows": 3}), required=False)
    agreed = forms.BooleanField(label="确认", required=False)


class StyleguideView(LoginRequiredMixin, TemplateView):
    """Every file of templates/components/, drawn with an example; elsewhere it does not exist."""

    template_name = "styleguide.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEBUG:
            raise Http404
        for level in ("success", "info", "warning", "error"):
            getattr(messages, level)(request, f"messages.{level}")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        icons = SPRITE.read_text("utf-8").split('<symbol id="')[1:]
        return super().get_context_data(
            statuses=STATUSES,
            form=ExampleForm({"topic": "", "day": "2026-03-02", "kind": "a", "kinds": ["a"]}),
            page_obj=Paginator(range(120), 50).page(2),
            icons=[icon.split('"', 1)[0] for icon in icons],
            names=["张三", "李四", "王五"],
            **kwargs,
        )
