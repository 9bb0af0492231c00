"""Addresses of the floor of benchmarks/dashboards.py: the page's statements and its bare text."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path

from benchmarks.dashboards import Floor


def floor(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        for statement in Floor.statements:
            cursor.execute(statement)
            if cursor.description:
                cursor.fetchall()
    return HttpResponse(Template(Floor.page).render(Context()))


urlpatterns = [path("floor/", floor)]
