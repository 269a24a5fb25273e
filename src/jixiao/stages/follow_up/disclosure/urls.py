"""PLACEHOLDER: the room's owner replaces this whole file."""

from django.http import HttpResponse
from django.urls import path

urlpatterns = [
    path("disclosures/", lambda request, **kw: HttpResponse("not yet"), name="disclosures"),
]
