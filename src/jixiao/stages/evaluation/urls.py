"""Addresses of 绩效评价."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("evaluations/", views.evaluations, name="evaluations"),
    path("evaluations/<int:pk>/", views.evaluation, name="evaluation"),
    path("evaluations/<int:pk>/move/", views.move, name="evaluation-move"),
]
