"""Addresses of 第三方机构."""

from django.urls import path

from . import views

urlpatterns = [path("agencies/", views.agencies, name="agencies")]
