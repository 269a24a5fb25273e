"""Addresses of 运行监控."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("monitoring/", views.rounds, name="monitoring"),
    path("monitoring/<int:pk>/", views.monitoring_round, name="monitoring-round"),
    path("monitoring/sheets/<int:pk>/", views.sheet, name="reading-sheet"),
    path("monitoring/sheets/<int:pk>/move/", views.move, name="reading-move"),
    path("recoveries/", views.recoveries, name="recoveries"),
]
