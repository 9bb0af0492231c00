"""Every address of the portal."""

from __future__ import annotations

from django.urls import include, path

from accounts.views import SignInView, SignOutView
from assessment.home_views import HomeView
from config import health
from config.manual import ManualView
from config.styleguide import StyleguideView
from organizations.rating_views import RateView

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("healthz/live", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
    path("help/", ManualView.as_view(), name="manual"),
    path("help/<slug:page>/", ManualView.as_view(), name="manual_page"),
    path("styleguide/", StyleguideView.as_view(), name="styleguide"),
    path("sign-in/", SignInView.as_view(), name="login"),
    path("sign-out/", SignOutView.as_view(), name="logout"),
    path("", include("accounts.urls")),
    path("", include("assessment.urls")),
    path("reports/", include("assessment.reports.urls")),
    path("units/", include("organizations.urls")),
    path("standing/", include("organizations.standing_urls")),
    path("rate/<str:token>/", RateView.as_view(), name="rate"),
    path("users/", include("organizations.grant_urls")),
    path("members/", include("members.urls")),
    path("activities/", include("activities.urls")),
]
