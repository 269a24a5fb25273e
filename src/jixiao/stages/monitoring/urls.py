"""Addresses of 运行监控."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("monitoring/", views.rounds, name="monitoring"),
    path("monitoring/open/", views.open_round, name="round-open"),
    path("monitoring/<int:pk>/", views.monitoring_round, name="monitoring-round"),
    path("monitoring/<int:pk>/move/", views.move_round, name="round-move"),
    path("monitoring/<int:pk>/take-in/", views.take_in, name="round-take-in"),
    path("monitoring/sheets/<int:pk>/", views.sheet, name="reading-sheet"),
    path("monitoring/sheets/<int:pk>/move/", views.move, name="reading-move"),
    path("monitoring/sheets/<int:pk>/fill/", views.fill, name="reading-fill"),
    path("monitoring/sheets/<int:pk>/handle/", views.handle, name="reading-handle"),
    path("recoveries/", views.recoveries, name="recoveries"),
]
