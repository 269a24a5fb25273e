"""Addresses of 运行监控."""

from __future__ import annotations

from django.urls import path

from .views import analysis, live, recoveries, rounds, sheets

urlpatterns = [
    path("monitoring/", rounds.rounds, name="monitoring"),
    path("monitoring/live/", live.live, name="monitoring-live"),
    path("monitoring/open/", rounds.open_round, name="round-open"),
    path("monitoring/<int:pk>/", rounds.monitoring_round, name="monitoring-round"),
    path("monitoring/<int:pk>/analysis/", analysis.analysis, name="round-analysis"),
    path("monitoring/<int:pk>/analysis.docx", analysis.analysis_docx, name="round-analysis-docx"),
    path("monitoring/<int:pk>/move/", rounds.move_round, name="round-move"),
    path("monitoring/<int:pk>/take-in/", rounds.take_in, name="round-take-in"),
    path("monitoring/sheets/<int:pk>/", sheets.sheet, name="reading-sheet"),
    path("monitoring/sheets/<int:pk>/move/", sheets.move, name="reading-move"),
    path("monitoring/sheets/<int:pk>/fill/", sheets.fill, name="reading-fill"),
    path("monitoring/sheets/<int:pk>/handle/", sheets.handle, name="reading-handle"),
    path("recoveries/", recoveries.recoveries, name="recoveries"),
]
