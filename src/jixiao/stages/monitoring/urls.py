"""PLACEHOLDER: the room's owner replaces this whole file."""

from django.http import HttpResponse
from django.urls import path

urlpatterns = [
    path("monitoring/", lambda request, **kw: HttpResponse("not yet"), name="monitoring"),
    path("monitoring/<int:pk>/", lambda request, **kw: HttpResponse("not yet"), name="monitoring-round"),
    path("monitoring/sheets/<int:pk>/", lambda request, **kw: HttpResponse("not yet"), name="reading-sheet"),
    path("monitoring/sheets/<int:pk>/move/", lambda request, **kw: HttpResponse("not yet"), name="reading-move"),
    path("recoveries/", lambda request, **kw: HttpResponse("not yet"), name="recoveries"),
]
