"""Addresses of 信息公开."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [path("disclosures/", views.disclosures, name="disclosures")]
