"""Addresses of 绩效目标."""

from django.urls import path

from . import views

urlpatterns = [
    path("targets/", views.sheets, name="targets"),
    path("targets/<int:pk>/", views.sheet, name="target-sheet"),
    path("targets/<int:pk>/move/", views.move, name="target-move"),
    path("overall-targets/", views.overall, name="overall-targets"),
]
