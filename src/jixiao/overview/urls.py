"""Addresses of the overview, of one's own account and of the upload page."""

from __future__ import annotations

from django.urls import path

from . import (
    account_views,
    figure_views,
    health,
    mapping_views,
    match_views,
    problem_views,
    reconciliation_views,
    report_views,
    upload_views,
    views,
)

urlpatterns = [
    path("", views.home, name="home"),
    path("login/", account_views.sign_in, name="login"),
    path("logout/", account_views.sign_out, name="logout"),
    path("password/", account_views.change_password, name="password"),
    path("switch/year/", account_views.switch_year, name="switch-year"),
    path("switch/region/", account_views.switch_region, name="switch-region"),
    path("switch/unit/", account_views.switch_unit, name="switch-unit"),
    path("subjects/<int:pk>/", views.subject, name="subject"),
    path("money/", reconciliation_views.money, name="money"),
    path("money/subjects/", reconciliation_views.subjects, name="money-subjects"),
    path("money/conflicts/<str:key>/", reconciliation_views.conflict, name="money-conflict"),
    path("money/matches/<int:pk>/", match_views.match, name="payment-match"),
    path("money/matches/<int:pk>/take-back/", match_views.unmatch, name="payment-unmatch"),
    path("problems/", problem_views.problems, name="problems"),
    path("figures/", figure_views.figures, name="figures"),
    path("figures/<str:key>/", figure_views.figure, name="figure"),
    path("report/", report_views.page, name="report"),
    path("report/report.docx", report_views.docx, name="report-docx"),
    path("report/report.pdf", report_views.pdf, name="report-pdf"),
    path("uploads/", upload_views.uploads, name="uploads"),
    path("uploads/<int:pk>/", upload_views.upload, name="upload"),
    path("uploads/<int:pk>/mapping/", mapping_views.mapping, name="upload-mapping"),
    path("uploads/<int:pk>/confirm/", upload_views.confirm, name="upload-confirm"),
    path("uploads/<int:pk>/marked/", upload_views.marked, name="upload-marked"),
    path("uploads/<int:pk>/file/", upload_views.original, name="upload-file"),
    path("templates/<str:key>/", upload_views.template, name="template"),
    path("trail/", views.trail, name="trail"),
    path("health/alive", health.alive, name="alive"),
    path("health/ready", health.ready, name="ready"),
]
