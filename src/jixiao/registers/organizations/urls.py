"""Addresses of 预算单位."""

from django.urls import path

from . import views

urlpatterns = [path("units/", views.units, name="units")]
