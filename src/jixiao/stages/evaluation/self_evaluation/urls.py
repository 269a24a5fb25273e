"""Addresses of 单位自评."""

from __future__ import annotations

from django.urls import path

from .views import filling, sheets

urlpatterns = [
    path("self-evaluations/", sheets.sheets, name="self-evaluations"),
    path("self-evaluations/<int:pk>/", sheets.sheet, name="self-evaluation"),
    path("self-evaluations/coverage/", filling.coverage, name="self-evaluation-coverage"),
    path("self-evaluations/open/", filling.open_sheets, name="self-evaluations-open"),
    path("self-evaluations/exempt/<int:pk>/", filling.exempt, name="self-evaluation-exempt"),
    path("self-evaluations/<int:pk>/fill/", sheets.fill, name="self-evaluation-fill"),
    path("self-evaluations/<int:pk>/move/", sheets.move, name="self-evaluation-move"),
]
