"""Addresses of the ledgers of members; part of `members.urls`."""

from __future__ import annotations

from django.urls import path

from members.views import floating, transfers

urlpatterns = [
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
