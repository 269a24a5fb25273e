"""The map of addresses: each room brings its own."""

from __future__ import annotations

from django.urls import include, path

ROOMS = (
    "jixiao.api",
    "jixiao.overview",
    "jixiao.registers.organizations",
    "jixiao.registers.subjects",
    "jixiao.registers.indicators",
    "jixiao.registers.institutions",
    "jixiao.registers.documents",
    "jixiao.registers.parameters",
    "jixiao.stages.ex_ante",
    "jixiao.stages.targets",
    "jixiao.stages.monitoring",
    "jixiao.stages.evaluation.self_evaluation",
    "jixiao.stages.evaluation.findings",
    "jixiao.stages.evaluation",
    "jixiao.stages.evaluation.choosing",
    "jixiao.stages.follow_up.rectification",
    "jixiao.stages.follow_up.clearing",
    "jixiao.stages.follow_up.disclosure",
    "jixiao.stages.follow_up.submission",
)
urlpatterns = [path("", include(f"{room}.urls")) for room in ROOMS]
