"""Addresses of the ledgers of members; part of `members.urls`."""

from __future__ import annotations

from django.urls import path

from members.views import development, floating, transfers

urlpatterns = [
    path("development/", development.DevelopmentListView.as_view(), name="development"),
    path("<uuid:pk>/step/", development.StepView.as_view(), name="step"),
    path("<uuid:pk>/advance/", development.AdvanceView.as_view(), name="advance"),
    path("<uuid:pk>/probation/extend/", development.ExtendView.as_view(), name="extend"),
    path(
        "<uuid:pk>/probation/cancel/",
        development.CancelProbationView.as_view(),
        name="cancel_probation",
    ),
    path("floating/", floating.FloatingListView.as_view(), name="floating_list"),
    path("floating/<int:pk>/edit/", floating.FloatingEditView.as_view(), name="floating_edit"),
    path(
        "floating/<int:pk>/certificate/",
        floating.FloatingCertificateView.as_view(),
        name="floating_certificate",
    ),
    path("transfers/", transfers.TransferListView.as_view(), name="transfers"),
    path("transfers/arrive/", transfers.ArriveView.as_view(), name="arrive"),
    path("transfers/<int:pk>/", transfers.TransferDetailView.as_view(), name="transfer_detail"),
    path(
        "transfers/<int:pk>/letter/",
        transfers.TransferLetterView.as_view(),
        name="transfer_letter",
    ),
    path(
        "transfers/<int:pk>/answer/",
        transfers.TransferAnswerView.as_view(),
        name="transfer_answer",
    ),
    path(
        "transfers/<int:pk>/withdraw/",
        transfers.TransferWithdrawView.as_view(),
        name="transfer_withdraw",
    ),
    path(
        "<uuid:pk>/transfer/letter/",
        transfers.TransferRequestView.as_view(),
        name="transfer_request",
    ),
]
