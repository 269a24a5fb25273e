"""Addresses of 报送人大和政府."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [path("submissions/", views.submissions, name="submissions")]
