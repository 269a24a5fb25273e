"""Addresses of 制度库."""

from django.urls import path

from . import views

urlpatterns = [path("documents/", views.documents, name="documents")]
