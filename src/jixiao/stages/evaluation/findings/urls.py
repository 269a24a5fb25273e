"""Addresses of 自评审核."""

from __future__ import annotations

from django.urls import path

from .views import findings, sheets

urlpatterns = [
    path("findings/", findings.findings, name="findings"),
    path("findings/table.xlsx", findings.table, name="findings-table"),
    path("findings/examine/", findings.examine, name="findings-examine"),
    path("findings/risks/", sheets.risky, name="findings-risks"),
    path("findings/rules/", sheets.rules, name="findings-rules"),
    path("findings/sheets/<int:pk>/", sheets.sheet, name="sheet-findings"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("findings/<int:pk>/reply/", findings.reply, name="finding-reply"),
    path("findings/<int:pk>/move/", findings.move, name="finding-move"),
    *findings.FILES.paths("findings/<int:pk>", "findings/attachments"),
]
