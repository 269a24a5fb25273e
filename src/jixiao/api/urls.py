"""Addresses of the API and of its description."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from . import views
from .endpoints import ENDPOINTS

urlpatterns = [
    path("help/api/", views.described, name="help-api"),
    path("api/v1/openapi.json", views.openapi, name="api-openapi"),
    # Exempt, because no cookie is read there: see door.py.
    *(path(f"api/v1/{one.route}", csrf_exempt(one.open), name=one.name) for one in ENDPOINTS),
]
