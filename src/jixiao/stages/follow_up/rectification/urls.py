"""PLACEHOLDER: the room's owner replaces this whole file."""

from django.http import HttpResponse
from django.urls import path

urlpatterns = [
    path("rectifications/", lambda request, **kw: HttpResponse("not yet"), name="rectifications"),
    path("rectifications/<int:pk>/", lambda request, **kw: HttpResponse("not yet"), name="rectification"),
    path("rectifications/<int:pk>/move/", lambda request, **kw: HttpResponse("not yet"), name="rectification-move"),
]
