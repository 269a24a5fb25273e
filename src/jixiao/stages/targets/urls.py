"""PLACEHOLDER: the room's owner replaces this whole file."""

from django.http import HttpResponse
from django.urls import path

urlpatterns = [
    path("targets/", lambda request, **kw: HttpResponse("not yet"), name="targets"),
    path("targets/<int:pk>/", lambda request, **kw: HttpResponse("not yet"), name="target-sheet"),
    path("targets/<int:pk>/move/", lambda request, **kw: HttpResponse("not yet"), name="target-move"),
    path("targets/overall/", lambda request, **kw: HttpResponse("not yet"), name="overall-targets"),
]
