"""Addresses of 指标库."""

from django.urls import path

from . import views

urlpatterns = [path("indicators/", views.entries, name="indicators")]
