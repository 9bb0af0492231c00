"""Addresses of accounts; sign-in and sign-out stand in config/urls.py without a namespace."""

from __future__ import annotations

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("account/", views.ProfileView.as_view(), name="profile"),
    path("account/password/", views.PasswordView.as_view(), name="password"),
    path("look/", views.LookView.as_view(), name="look"),
    path("language/", views.LanguageView.as_view(), name="language"),
]
