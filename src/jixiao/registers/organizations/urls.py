"""Addresses of 预算单位 and of one's own access tokens."""

from django.urls import path

from . import token_views, views

urlpatterns = [
    path("units/", views.units, name="units"),
    path("tokens/", token_views.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", token_views.end, name="token-revoke"),
]
