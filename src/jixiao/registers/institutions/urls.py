"""Addresses of 第三方机构 and 专家."""

from django.urls import path

from .views import engaging, registers

urlpatterns = [
    path("agencies/", registers.agencies, name="agencies"),
    path("agencies/new/", registers.agency_new, name="agency-new"),
    path("agencies/<int:pk>/", registers.agency, name="agency"),
    path("agencies/<int:pk>/edit/", registers.agency_edit, name="agency-edit"),
    path("agencies/<int:pk>/recusal/", registers.agency_recusal, name="agency-recusal"),
    *registers.FILES.paths("agencies/<int:pk>", "agencies/attachments"),
    path("experts/", registers.experts, name="experts"),
    path("experts/new/", registers.expert_new, name="expert-new"),
    path("experts/<int:pk>/", registers.expert, name="expert"),
    path("experts/<int:pk>/edit/", registers.expert_edit, name="expert-edit"),
    path("experts/<int:pk>/recusal/", registers.expert_recusal, name="expert-recusal"),
    path("selections/", engaging.selections, name="selections"),
    path("selections/new/", engaging.select, name="selection-new"),
    path("selections/<int:pk>/", engaging.selection, name="selection"),
    path("engagements/<int:pk>/", engaging.engagement, name="engagement"),
    path("engagements/<int:pk>/term/", engaging.term, name="engagement-term"),
    path("engagements/<int:pk>/deliverables/", engaging.deliverables, name="engagement-deliverables"),
    path("engagements/<int:pk>/judge/", engaging.judge, name="engagement-judge"),
]
