"""PLACEHOLDER: the room's owner replaces this whole file."""

from django.http import HttpResponse
from django.urls import path

urlpatterns = [
    path("evaluations/", lambda request, **kw: HttpResponse("not yet"), name="evaluations"),
    path("evaluations/<int:pk>/", lambda request, **kw: HttpResponse("not yet"), name="evaluation"),
    path("evaluations/<int:pk>/move/", lambda request, **kw: HttpResponse("not yet"), name="evaluation-move"),
]
