"""Addresses of 整改."""

from __future__ import annotations

from django.urls import path

from .views import item, items, notices

urlpatterns = [
    path("rectifications/", items.rectifications, name="rectifications"),
    path("rectifications/<int:pk>/", item.rectification, name="rectification"),
    path("rectifications/<int:pk>/move/", item.move, name="rectification-move"),
    path("rectifications/<int:pk>/answer/", item.answer, name="rectification-answer"),
    *item.FILES.paths("rectifications/<int:pk>", "rectifications/attachments"),
    path("notices/", notices.notices, name="notices"),
    path("notices/issue/", notices.issue, name="notice-issue"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("notices/<int:pk>/notice.docx", notices.notice_docx, name="notice-docx"),
]
