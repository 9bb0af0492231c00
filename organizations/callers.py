"""Who asks, where nobody is signed in: for the limits of public pages."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Where a request comes from; behind the proxy that a county has, what the proxy says."""
    told = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return told.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")
