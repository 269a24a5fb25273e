"""Addresses of 指标库."""

from django.urls import path

from .views import entries, finding, listing

urlpatterns = [
    path("indicators/", listing.entries, name="indicators"),
    path("indicators/export/", listing.export, name="indicators-export"),
    path("indicators/starter/", listing.take_starter, name="indicators-starter"),
    path("indicators/proposals/", finding.proposals, name="indicator-proposals"),
    path("indicators/new/", entries.propose, name="indicator-propose"),
    path("indicators/for/<int:pk>/", finding.for_subject, name="indicators-for"),
    path("indicators/<int:pk>/", entries.entry, name="indicator"),
    path("indicators/<int:pk>/edit/", entries.edit, name="indicator-edit"),
    path("indicators/<int:pk>/gather/", finding.gather, name="indicator-gather"),
    path("indicators/<int:pk>/move/", entries.move, name="indicator-move"),
]
