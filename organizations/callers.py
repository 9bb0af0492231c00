"""Who asks, where nobody is signed in: for the limits of public pages and of signing in."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Where a request comes from; behind the proxy that a county has, what the proxy says."""
    told = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    last = told.rsplit(",", 1)[-1].strip()
    try:
        return str(ip_address(last))
    except ValueError:  # none, or none that could be kept
        return request.META.get("REMOTE_ADDR", "")
