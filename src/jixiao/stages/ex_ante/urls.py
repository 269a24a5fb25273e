"""Addresses of 事前绩效评估."""

from django.urls import path

from .views import experts, lists, opening, review, sheets

urlpatterns = [
    path("ex-ante/", lists.sheets, name="ex-ante"),
    path("ex-ante/amounts/", lists.amounts, name="ex-ante-amounts"),
    path("ex-ante/table/", lists.table, name="ex-ante-table"),
    path("ex-ante/open/<int:pk>/", opening.open_assessment, name="ex-ante-open"),
    path("ex-ante/exempt/<int:pk>/", opening.exempt, name="ex-ante-exempt"),
    path("ex-ante/<int:pk>/", sheets.sheet, name="ex-ante-sheet"),
    path("ex-ante/<int:pk>/move/", sheets.move, name="ex-ante-move"),
    path("ex-ante/<int:pk>/describe/", sheets.describe, name="ex-ante-describe"),
    path("ex-ante/<int:pk>/judge/", sheets.judge, name="ex-ante-judge"),
    *sheets.FILES.paths("ex-ante/<int:pk>", "ex-ante/attachments"),
    path("ex-ante/<int:pk>/experts/", experts.add, name="ex-ante-expert-add"),
    path("ex-ante/<int:pk>/experts/invite/", experts.invite, name="ex-ante-expert-invite"),
    path("ex-ante/experts/<int:pk>/", experts.edit, name="ex-ante-expert"),
    path("ex-ante/experts/<int:pk>/drop/", experts.drop, name="ex-ante-expert-drop"),
    path("ex-ante/<int:pk>/send/", review.send, name="ex-ante-send"),
    path("ex-ante/<int:pk>/receive/", review.receive, name="ex-ante-receive"),
    path("ex-ante/<int:pk>/report/", review.report_page, name="ex-ante-report"),
    path("ex-ante/<int:pk>/report/docx/", review.report_docx, name="ex-ante-report-docx"),
]
