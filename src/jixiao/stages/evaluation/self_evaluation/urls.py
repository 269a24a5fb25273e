"""Addresses of 单位自评."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("self-evaluations/", views.sheets, name="self-evaluations"),
    path("self-evaluations/<int:pk>/", views.sheet, name="self-evaluation"),
    path("self-evaluations/<int:pk>/move/", views.move, name="self-evaluation-move"),
]
