"""Addresses of 选评与覆盖."""

from __future__ import annotations

from django.urls import path

from .views import choosing, covering, draws, reconciling, transfers, what_if

urlpatterns = [
    path("choosing/", choosing.choosing, name="choosing"),
    path("choosing/decide/", choosing.decide, name="choosing-decide"),
    path("choosing/table.xlsx", choosing.table, name="choosing-table"),
    path("choosing/<int:pk>/", choosing.candidate, name="choosing-candidate"),
    path("choosing/<int:pk>/describe/", choosing.describe, name="choosing-describe"),
    path("choosing/draws/", draws.draws, name="draws"),
    path("choosing/draws/make/", draws.make, name="draw-make"),
    path("choosing/draws/<int:pk>/", draws.draw, name="draw"),
    path("choosing/draws/<int:pk>/table.xlsx", draws.table, name="draw-table"),
    path("choosing/draws/<int:pk>/population.csv", draws.population, name="draw-population"),
    path("coverage/", covering.coverage, name="coverage"),
    path("coverage/table.xlsx", covering.coverage_table, name="coverage-table"),
    path("coverage/projects/", covering.projects, name="coverage-projects"),
    path("coverage/cycle/", covering.cycle, name="coverage-cycle"),
    path("coverage/cycle.xlsx", covering.cycle_table, name="coverage-cycle-table"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/remind/", transfers.remind, name="transfers-remind"),
    path("transfers/table.xlsx", transfers.table, name="transfers-table"),
    path("transfers/<int:pk>/report/", transfers.open_report, name="transfer-report-open"),
    path("transfers/reports/<int:pk>/", transfers.report, name="transfer-report"),
    path("transfers/reports/<int:pk>/move/", transfers.move, name="transfer-report-move"),
    *transfers.FILES.paths("transfers/reports/<int:pk>", "transfers/attachments"),
    path("reconciliation/", reconciling.reconciliation, name="reconciliation"),
    path("reconciliation/table.xlsx", reconciling.table, name="reconciliation-table"),
    path("reconciliation/<int:pk>/", reconciling.subject, name="reconciliation-subject"),
    path("what-if/", what_if.what_if, name="what-if"),
]
