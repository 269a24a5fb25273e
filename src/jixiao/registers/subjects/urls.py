"""Addresses of 项目库."""

from django.urls import path

from . import views

urlpatterns = [path("subjects/", views.subjects, name="subjects")]
