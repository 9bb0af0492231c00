"""The portal's addresses and one more: the floor of benchmarks/dashboards.py.

Both stand in one table, so that going from one to the other costs neither a new one.
"""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context
from django.urls import include, path

from benchmarks.dashboards import Floor


def floor(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        for statement in Floor.statements:
            cursor.execute(statement)
            if cursor.description:
                cursor.fetchall()
    return HttpResponse(Floor.page.render(Context()))


urlpatterns = [path("floor/", floor), path("", include("config.urls"))]
