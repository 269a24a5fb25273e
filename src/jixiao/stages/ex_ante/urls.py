"""PLACEHOLDER: the room's owner replaces this whole file."""

from django.http import HttpResponse
from django.urls import path

urlpatterns = [
    path("ex-ante/", lambda request, **kw: HttpResponse("not yet"), name="ex-ante"),
    path("ex-ante/<int:pk>/", lambda request, **kw: HttpResponse("not yet"), name="ex-ante-sheet"),
    path("ex-ante/<int:pk>/move/", lambda request, **kw: HttpResponse("not yet"), name="ex-ante-move"),
]
