"""Addresses of 存量资金清理."""

from __future__ import annotations

from django.urls import path

from .views import candidates, runs

urlpatterns = [
    path("clearing/", runs.runs, name="clearing"),
    path("clearing/prepare/", runs.prepare, name="clearing-prepare"),
    path("clearing/<int:pk>/", runs.run, name="clearing-run"),
    path("clearing/<int:pk>/move/", runs.move, name="clearing-run-move"),
    path("clearing/<int:pk>/decide/", runs.decide, name="clearing-decide-many"),
    path("clearing/<int:pk>/table.xlsx", runs.table, name="clearing-table"),
    path("clearing/<int:pk>/report/", runs.report_page, name="clearing-report"),
    path("clearing/<int:pk>/report.docx", runs.report_docx, name="clearing-report-docx"),
    path("clearing/candidates/", candidates.candidates, name="clearing-candidates"),
    path("clearing/candidates/<int:pk>/", candidates.candidate, name="clearing-candidate"),
    path("clearing/candidates/<int:pk>/reply/", candidates.reply, name="clearing-reply"),
    path("clearing/candidates/<int:pk>/decide/", candidates.decide, name="clearing-decide"),
    *candidates.FILES.paths("clearing/candidates/<int:pk>", "clearing/attachments"),
]
