"""Addresses of 项目库."""

from django.urls import path

from . import link_views, payment_views, views

urlpatterns = [
    path("subjects/", views.subjects, name="subjects"),
    path("subjects/<int:pk>/payments/", payment_views.of_subject, name="subject-payments"),
    path("subjects/<int:pk>/link/", link_views.link, name="subject-link"),
    path("subjects/<int:pk>/unlink/", link_views.unlink, name="subject-unlink"),
    path("money/unmatched/", payment_views.unmatched, name="unmatched"),
    path("money/unmatched/match/", payment_views.match_payments, name="payments-match"),
]
