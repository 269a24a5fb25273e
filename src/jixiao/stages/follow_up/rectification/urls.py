"""Addresses of 整改."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("rectifications/", views.rectifications, name="rectifications"),
    path("rectifications/<int:pk>/", views.rectification, name="rectification"),
    path("rectifications/<int:pk>/move/", views.move, name="rectification-move"),
]
