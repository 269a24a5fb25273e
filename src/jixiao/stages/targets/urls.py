"""Addresses of 绩效目标."""

from django.urls import path

from .views import batch, comparing, dates, lists, papers, pilots, returned, sheets, tasks

urlpatterns = [
    path("targets/", lists.sheets, name="targets"),
    path("targets/open/", lists.opening, name="target-opening"),
    path("targets/batch/", batch.batch, name="target-batch"),
    path("targets/congress/", lists.congress, name="target-congress"),
    path("targets/dates/", dates.dates, name="target-dates"),
    path("targets/department/<int:pk>/approval.docx", dates.department_approval, name="target-department-approval"),
    path("targets/<int:pk>/", sheets.sheet, name="target-sheet"),
    path("targets/<int:pk>/move/", sheets.move, name="target-move"),
    path("targets/<int:pk>/fill/", sheets.fill, name="target-fill"),
    path("targets/<int:pk>/tasks/", tasks.tasks, name="target-tasks"),
    path("targets/<int:pk>/review/", sheets.review, name="target-review"),
    path("targets/<int:pk>/adjust/", sheets.adjust, name="target-adjust"),
    path("targets/<int:pk>/number/", sheets.number_approval, name="target-number"),
    path("targets/<int:pk>/disclosed/", sheets.disclosed, name="target-disclosed"),
    path("targets/<int:pk>/compare/", comparing.comparing, name="target-compare"),
    path("targets/<int:pk>/form.xlsx", papers.form_xlsx, name="target-form"),
    path("targets/<int:pk>/form.docx", papers.form_docx, name="target-form-docx"),
    path("targets/<int:pk>/approval.docx", papers.approval, name="target-approval"),
    path("targets/<int:pk>/returned/", returned.returned, name="target-returned"),
    path("targets/returned/<int:pk>/confirm/", returned.confirm, name="target-returned-confirm"),
    path("targets/departments/<int:pk>/number/", dates.number_department, name="target-department-number"),
    path("targets/approvals/", dates.approvals, name="target-approvals"),
    path("targets/approvals/<int:pk>/approval.docx", dates.numbered_approval, name="target-approval-docx"),
    path("overall-targets/pilots/", pilots.pilots, name="target-pilots"),
    path("overall-targets/pilots/<int:pk>/", pilots.pilot, name="target-pilot"),
    path("overall-targets/", lists.overall, name="overall-targets"),
]
