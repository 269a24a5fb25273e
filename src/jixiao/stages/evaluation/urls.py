"""Addresses of 绩效评价."""

from __future__ import annotations

from django.urls import path

from .views import classifying, frameworks, judging, lists, panel, papers, returned, sheets, working

urlpatterns = [
    path("evaluations/", lists.evaluations, name="evaluations"),
    path("evaluations/opening/", lists.opening, name="evaluation-opening"),
    path("evaluations/<int:pk>/", sheets.evaluation, name="evaluation"),
    path("evaluations/<int:pk>/move/", sheets.move, name="evaluation-move"),
    path("evaluations/<int:pk>/again/", lists.again, name="evaluation-again"),
    path("evaluations/<int:pk>/framework/", working.framework, name="evaluation-framework"),
    path("evaluations/<int:pk>/items/", working.items, name="evaluation-items"),
    path("evaluations/<int:pk>/papers/", working.papers, name="evaluation-papers"),
    path("evaluations/<int:pk>/describe/", working.describe, name="evaluation-describe"),
    path("evaluations/<int:pk>/judge/", judging.judge, name="evaluation-judge"),
    path("evaluations/<int:pk>/problems/", classifying.classify, name="evaluation-problems"),
    path("evaluations/<int:pk>/step/", working.step, name="evaluation-step"),
    path("evaluations/<int:pk>/defects/", working.defects, name="evaluation-defects"),
    path("evaluations/<int:pk>/reply/", working.reply, name="evaluation-reply"),
    path("evaluations/<int:pk>/settle/", working.settle, name="evaluation-settle"),
    path("evaluations/<int:pk>/entrust/", panel.entrust, name="evaluation-entrust"),
    path("evaluations/<int:pk>/dismiss/", panel.dismiss, name="evaluation-dismiss"),
    path("evaluations/<int:pk>/invite/", panel.invite, name="evaluation-invite"),
    path("evaluations/<int:pk>/close-panel/", panel.close, name="evaluation-close-panel"),
    path("evaluations/marking/<int:pk>/", panel.marking, name="evaluation-marking"),
    path("evaluations/<int:pk>/papers.xlsx", returned.papers_xlsx, name="evaluation-papers-xlsx"),
    path("evaluations/<int:pk>/papers/returned/", returned.papers_returned, name="evaluation-papers-returned"),
    path("evaluations/returned/<int:pk>/confirm/", returned.papers_confirm, name="evaluation-papers-confirm"),
    path("evaluations/returned/<int:pk>/marked/", returned.papers_marked, name="evaluation-papers-marked"),
    path("evaluations/marking/<int:pk>/marks.xlsx", returned.marking_xlsx, name="evaluation-marking-xlsx"),
    path("evaluations/marking/<int:pk>/returned/", returned.marking_returned, name="evaluation-marking-returned"),
    path("evaluations/marking/<int:pk>/move/", panel.panel_move, name="evaluation-marking-move"),
    path("evaluations/marking/<int:pk>/drop/", panel.drop, name="evaluation-panel-drop"),
    *sheets.FILES.paths("evaluations/<int:pk>", "evaluations/attachments"),
    path("evaluations/<int:pk>/report/", papers.report_page, name="evaluation-report"),
    path("evaluations/<int:pk>/report.docx", papers.report_docx, name="evaluation-report-docx"),
    path("evaluations/<int:pk>/notice/", papers.notice_page, name="evaluation-notice"),
    path("evaluations/<int:pk>/notice.docx", papers.notice_docx, name="evaluation-notice-docx"),
    path("evaluation-frameworks/", frameworks.frameworks, name="evaluation-frameworks"),
    path("evaluation-frameworks/draft/", frameworks.draft, name="evaluation-framework-draft"),
    path("evaluation-frameworks/<int:pk>/", frameworks.framework, name="evaluation-framework-sheet"),
    path("evaluation-frameworks/<int:pk>/edit/", frameworks.edit, name="evaluation-framework-edit"),
    path("evaluation-frameworks/<int:pk>/move/", frameworks.move, name="evaluation-framework-move"),
]
