"""整改通知书: which units of a round are due one, a new one, and one as a page and in Word."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.kit.acting import Repeated, TokenReused
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn, find, token
from jixiao.kit.web.asking import number, text
from jixiao.kit.web.listing import Shown
from jixiao.kit.web.pages import render
from jixiao.kit.web.papers import download
from jixiao.policies import for_region
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.monitoring.models import Round

from .. import actions
from ..documents import paper
from ..forms import NoticeForm
from ..models import Notice
from ..reports import COLUMNS, finding_of, rows_of, to_be_noticed
from ..rules import RectificationRules

NOTICES = (
    Shown("number", "文号", link="url"),
    Shown("unit_name", "单位"),
    Shown("items", "事项", "integer"),
    Shown("open", "未销号", "integer"),
    Shown("issued_on", "下达", "date"),
    Shown("due_on", "期限", "date"),
)


def notices(request: SignedIn) -> HttpResponse:
    """The notices of the year, and the units whose sheets ask for one."""
    year, actor = request.shell.year, request.actor
    issued = Notice.objects.visible_to(actor).filter(year=year).prefetch_related("items").order_by("-id")
    rows = [
        {
            "number": notice.number,
            "url": reverse("notice", args=[notice.pk]),
            "unit_name": notice.unit_name,
            "items": len(notice.items.all()),
            "open": sum(item.state != "closed" for item in notice.items.all()),
            "issued_on": notice.issued_on,
            "due_on": notice.due_on,
        }
        for notice in issued
    ]
    context = {"rows": rows, "columns": NOTICES, "due": _due(request), "year": year}
    return render(request, "rectification/notices.html", context)


def _due(request: SignedIn) -> list[dict[str, Any]]:
    """For who issues notices: units with concluded sheets that ask for 整改 and stand in none yet, round by round."""
    if request.actor.role is not Role.PERFORMANCE_OFFICE:
        return []
    rounds = Round.objects.visible_to(request.actor).filter(year=request.shell.year).select_related("snapshot")
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for held in rounds.order_by("-no"):
        for sheet in to_be_noticed(held).visible_to(request.actor):
            subject = sheet.subject_year
            row = {"round": held, "path": subject.unit_path, "unit": subject.unit_name, "names": []}
            found.setdefault((held.pk, subject.unit_path), row)["names"].append(subject.name)
    return list(found.values())


def issue(request: SignedIn) -> HttpResponse:
    """A new notice for one unit of a round; the words of its items come from what the round found."""
    if "round" not in request.GET:
        return notices(request)
    held: Round = find(Round.objects.select_related("snapshot"), request, number(request.GET, "round", 0))
    path = text(request.GET, "unit")
    unit = UnitYear.objects.filter(region=held.region, year=held.year, path=path).first()
    if unit is None:
        raise Http404
    sheets = list(to_be_noticed(held).filter(subject_year__unit_path__startswith=unit.path))
    rules = for_region(held.region, held.year).section(RectificationRules)
    initial = {
        "due_on": timezone.localdate() + dt.timedelta(days=rules.reply_days),
        "basis": "《项目支出绩效运行监控管理办法》（财预〔2019〕136号）",
        "materials": "整改情况回执、佐证材料",
    }
    form = NoticeForm(sheets, request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        words = actions.Wording(**{name: form.cleaned_data[name] for name in NoticeForm.base_fields})
        try:
            spent = request.POST.get("token", "")
            made = actions.issue_notice(held, unit, request.actor, words, form.requirements(), token=spent)
            messages.success(request, f"已下达 {made.number}，可以下载 Word")
            return htmx.redirect(request, reverse("notice", args=[made.pk]))
        except Repeated as repeated:
            return htmx.redirect(request, reverse("notice", args=[repeated.answer["pk"]]))
        except IntegrityError:
            form.add_error("number", "这个文号已经用过，请核对")
        except (Refused, TokenReused) as refused:
            form.add_error(None, str(refused))
    findings = [(sheet.subject_year, finding_of(sheet)) for sheet in sheets]
    context = {"round": held, "unit_year": unit, "form": form, "findings": findings, "token": token()}
    return render(request, "rectification/issue.html", context, status=422 if form.errors else 200)


def notice(request: SignedIn, pk: int) -> HttpResponse:
    """One notice: its text as it is sent, and how far its items are."""
    found: Notice = find(Notice.objects.select_related("round"), request, pk)
    items = found.items.select_related("subject_year").order_by("pk")
    context = {
        "notice": found,
        "paper": paper(found),
        "rows": rows_of(items, request.actor, timezone.localdate()),
        "columns": COLUMNS,
    }
    return render(request, "rectification/notice.html", context)


def notice_docx(request: SignedIn, pk: int) -> HttpResponseBase:
    """The notice with its 回执 as a Word file."""
    found: Notice = find(Notice.objects.select_related("round"), request, pk)
    return download(request, paper(found), "docx", reverse("notice", args=[pk]))
