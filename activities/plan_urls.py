"""Addresses of plans, the calendar and the sign-in; part of `activities.urls`."""

from __future__ import annotations

from django.urls import path

from activities.views import calendar, phone, plans, sign_in

urlpatterns = [
    path("calendar/", calendar.CalendarView.as_view(), name="calendar"),
    path("calendar/days/", calendar.HolidayListView.as_view(), name="holidays"),
    path(
        "calendar/days/<int:pk>/forget/",
        calendar.HolidayForgetView.as_view(),
        name="holiday_forget",
    ),
    path("calendar/units/<str:code>/", calendar.UnitCalendarView.as_view(), name="unit_calendar"),
    path("calendar/units/<str:code>/offer/", calendar.OfferView.as_view(), name="sign_in_offer"),
    path("calendar/units/<str:code>/open/", calendar.FeedOpenView.as_view(), name="feed_open"),
    path(
        "calendar/units/<str:code>/revoke/", calendar.FeedRevokeView.as_view(), name="feed_revoke"
    ),
    path("plans.ics", calendar.FeedView.as_view(), name="feed"),
    path("plans/new/", plans.PlanCreateView.as_view(), name="plan_new"),
    path("plans/<uuid:pk>/", plans.PlanDetailView.as_view(), name="plan"),
    path("plans/<uuid:pk>/edit/", plans.PlanEditView.as_view(), name="plan_edit"),
    path("plans/<uuid:pk>/drop/", plans.PlanDropView.as_view(), name="plan_drop"),
    path("plans/<uuid:pk>/take-up/", plans.PlanTakeUpView.as_view(), name="plan_take_up"),
    path(
        "plans/<uuid:pk>/sign-in/",
        sign_in.PlanSignInView.as_view(),
        name="plan_sign_in",
    ),
    path(
        "<uuid:pk>/sign-in/",
        sign_in.RecordSignInView.as_view(),
        name="record_sign_in",
    ),
    path(
        "plans/invitations/<int:pk>/answer/",
        plans.InvitationAnswerView.as_view(),
        name="invitation_answer",
    ),
    path("sign-in/<uuid:pk>/", sign_in.SignInView.as_view(), name="sign_in"),
    path("sign-in/<uuid:pk>/close/", sign_in.SignInCloseView.as_view(), name="sign_in_close"),
    path("sign-in/<uuid:pk>/add/", sign_in.SignInAddView.as_view(), name="sign_in_add"),
    path(
        "sign-in/signatures/<int:pk>/undo/",
        sign_in.SignatureUndoView.as_view(),
        name="signature_undo",
    ),
    path("sign/<uuid:pk>/", phone.PhoneView.as_view(), name="phone"),
]
