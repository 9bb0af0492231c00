"""Addresses of the ledgers of members; part of `members.urls`."""

from __future__ import annotations

from django.urls import path

from members.views import development, floating, guests, terms, transfers

urlpatterns = [
    path("terms/", terms.TermListView.as_view(), name="terms"),
    path("in-service/", guests.InServiceListView.as_view(), name="in_service"),
    path("retirees/", guests.RetireeListView.as_view(), name="retirees"),
    path("guests/new/", guests.NewGuestView.as_view(), name="guest_new"),
    path("guests/<int:pk>/", guests.GuestDetailView.as_view(), name="guest"),
    path("guests/<int:pk>/edit/", guests.GuestEditView.as_view(), name="guest_edit"),
    path("guests/<int:pk>/note/", guests.GuestNoteView.as_view(), name="guest_note"),
    path("guests/<int:pk>/letter/", guests.GuestLetterView.as_view(), name="guest_letter"),
    path("guests/notes/<int:pk>/settle/", guests.NoteSettleView.as_view(), name="note_settle"),
    path("<uuid:pk>/guest/", guests.GuestTieView.as_view(), name="guest_add"),
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
