"""Addresses of 单位自评."""

from __future__ import annotations

from django.urls import path

from .views import batch, evidence, exemptions, filling, problems, report, returned, sheets

urlpatterns = [
    path("self-evaluations/", sheets.sheets, name="self-evaluations"),
    path("self-evaluations/<int:pk>/", sheets.sheet, name="self-evaluation"),
    path("self-evaluations/coverage/", filling.coverage, name="self-evaluation-coverage"),
    path("self-evaluations/open/", filling.open_sheets, name="self-evaluations-open"),
    path("self-evaluations/exempt/<int:pk>/", exemptions.exempt, name="self-evaluation-exempt"),
    path("self-evaluations/exemptions/<int:pk>/", exemptions.application, name="exemption-request"),
    path("self-evaluations/exemptions/<int:pk>/move/", exemptions.move, name="exemption-request-move"),
    *exemptions.FILES.paths("self-evaluations/exemptions/<int:pk>", "self-evaluations/exemptions/attachments"),
    path("self-evaluations/workbook/", returned.workbook, name="self-evaluations-workbook"),
    path("self-evaluations/returned/", returned.returned, name="self-evaluations-returned"),
    path("self-evaluations/returned/<int:pk>/confirm/", returned.confirm, name="self-evaluations-confirm"),
    path("self-evaluations/returned/<int:pk>/marked/", returned.marked, name="self-evaluations-marked"),
    path("self-evaluations/batch/", batch.batch, name="self-evaluations-batch"),
    path("self-evaluations/report/", report.report, name="self-evaluations-report"),
    path("self-evaluations/report.docx", report.report_docx, name="self-evaluations-report-docx"),
    path("self-evaluations/<int:pk>/fill/", sheets.fill, name="self-evaluation-fill"),
    path("self-evaluations/<int:pk>/problems/", problems.classify, name="self-evaluation-problems"),
    path("self-evaluations/<int:pk>/move/", sheets.move, name="self-evaluation-move"),
    path("self-evaluations/<int:pk>/form.xlsx", returned.form_xlsx, name="self-evaluation-form"),
    path("self-evaluations/<int:pk>/form.docx", returned.form_docx, name="self-evaluation-form-docx"),
    *evidence.FILES.paths("self-evaluations/<int:pk>", "self-evaluations/attachments"),
]
