"""Addresses of 运行监控."""

from __future__ import annotations

from django.urls import path

from .views import analysis, batch, filling, key, leaves, live, recoveries, rounds, sheets

urlpatterns = [
    path("monitoring/", rounds.rounds, name="monitoring"),
    path("monitoring/live/", live.live, name="monitoring-live"),
    path("monitoring/open/", rounds.open_round, name="round-open"),
    path("monitoring/<int:pk>/", rounds.monitoring_round, name="monitoring-round"),
    path("monitoring/<int:pk>/analysis/", analysis.analysis, name="round-analysis"),
    path("monitoring/<int:pk>/analysis.docx", analysis.analysis_docx, name="round-analysis-docx"),
    path("monitoring/<int:pk>/move/", rounds.move_round, name="round-move"),
    path("monitoring/<int:pk>/take-in/", rounds.take_in, name="round-take-in"),
    path("monitoring/<int:pk>/workbook.xlsx", filling.workbook, name="round-workbook"),
    path("monitoring/<int:pk>/filling/", filling.filling, name="round-filling"),
    path("monitoring/filling/<int:pk>/confirm/", filling.confirm, name="filling-confirm"),
    path("monitoring/filling/<int:pk>/marked.xlsx", filling.marked, name="filling-marked"),
    path("monitoring/<int:pk>/batch/", batch.batch, name="round-batch"),
    path("monitoring/<int:pk>/leaves/", leaves.leaves, name="round-leaves"),
    path("monitoring/<int:pk>/key/", key.key, name="round-key"),
    path("monitoring/sheets/<int:pk>/visit/", key.visit, name="reading-visit"),
    *sheets.FILES.paths("monitoring/sheets/<int:pk>", "monitoring/attachments"),
    path("monitoring/sheets/<int:pk>/", sheets.sheet, name="reading-sheet"),
    path("monitoring/sheets/<int:pk>/form.xlsx", filling.form, name="reading-form"),
    path("monitoring/sheets/<int:pk>/move/", sheets.move, name="reading-move"),
    path("monitoring/sheets/<int:pk>/fill/", sheets.fill, name="reading-fill"),
    path("monitoring/sheets/<int:pk>/handle/", sheets.handle, name="reading-handle"),
    path("recoveries/", recoveries.recoveries, name="recoveries"),
    path("holds/<int:pk>/release/", recoveries.release, name="hold-release"),
]
