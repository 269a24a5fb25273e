"""Addresses of 规则参数."""

from django.urls import path

from . import views

urlpatterns = [path("policy/", views.rules, name="policy")]
