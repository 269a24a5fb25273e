"""Addresses of 事前绩效评估."""

from django.urls import path

from . import views

urlpatterns = [
    path("ex-ante/", views.sheets, name="ex-ante"),
    path("ex-ante/<int:pk>/", views.sheet, name="ex-ante-sheet"),
    path("ex-ante/<int:pk>/move/", views.move, name="ex-ante-move"),
]
