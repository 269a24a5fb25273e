"""支付: what has no project yet and is given one, and the vouchers of a subject with their corrections."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, Sum
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.domain.decisions import Refused
from jixiao.kit.acting import Repeated, TokenReused
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn, find, token
from jixiao.kit.web.asking import narrowed, text
from jixiao.kit.web.listing import Shown
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import Order, page_of

from .finding import suggested
from .matching import match
from .models import Payment, PaymentMatch, SubjectYear
from .money import subjects_of
from .rules import MATCHING

ORDERS = (Order("paid_on", "支付日期", "paid_on"), Order("fen", "金额", "fen"), Order("code", "项目编码", "code"))
SEARCHED = ("code", "name", "voucher", "summary", "unit_code")
CANDIDATES = 20
COLUMNS = (
    Shown("place", "凭证", link="url", note_key="note"),
    Shown("paid_on", "支付日期", "date", order="paid_on"),
    Shown("fen", "金额", "amount", order="fen"),
    Shown("unit_code", "单位编码"),
    Shown("summary", "摘要"),
)


def unmatched(request: SignedIn) -> HttpResponse:
    """The payments of the year whose project is in no register; those who may give them one."""
    return _page(request)


def _page(request: SignedIn, typed: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    year, asked = request.shell.year, request.GET
    rows = Payment.objects.unmatched_for(request.actor).filter(year=year)
    history = Prefetch("matches", PaymentMatch.objects.select_related("subject_year").order_by("pk"))
    listed = page_of(narrowed(rows, asked, within=SEARCHED).prefetch_related(history), asked, ORDERS, size=50)
    near = suggested(listed.rows)
    candidates = {subject.pk: subject for subject in near.values()}
    visible = subjects_of(request.actor, year)
    if words := text(asked, "project"):
        found = narrowed(visible, asked, within=("code", "name"), name="project").order_by("code")
        candidates |= {row.pk: row for row in found[:CANDIDATES]}
    if typed and typed["subject"]:
        candidates[typed["subject"].pk] = typed["subject"]
    allowed = set(visible.filter(pk__in=candidates).values_list("pk", flat=True))
    context = {
        "year": year,
        "list": listed,
        "sum": rows.aggregate(sum=Sum("fen"))["sum"] or 0,
        "near": {key: subject for key, subject in near.items() if subject.pk in allowed},
        "candidates": sorted((row for row in candidates.values() if row.pk in allowed), key=lambda row: row.code),
        "asked": {"q": text(asked, "q"), "project": words},
        "typed": typed or {"payments": set(), "subject": None, "reason": "", "refused": ()},
        "again": f"{reverse('payments-match')}?{asked.urlencode()}",
        "may_match": request.actor.role in MATCHING,
        "token": token(),
    }
    return render(request, "subjects/unmatched.html", context, status=status)


@require_POST
def match_payments(request: SignedIn) -> HttpResponse:
    """Give the ticked payments to the chosen project; what is refused comes back as it was typed."""
    chosen = {int(key) for key in request.POST.getlist("payments") if _is_key(key)}
    wanted, reason = request.POST.get("subject", ""), text(request.POST, "reason")
    subjects = subjects_of(request.actor, request.shell.year)
    subject = subjects.filter(pk=int(wanted)).first() if _is_key(wanted) else None
    try:
        if subject is None:
            raise Refused("请选择一个项目；候选里没有的，先按编码或名称查找")
        done = match(request.actor, list(chosen), subject, reason, token=request.POST.get("token", ""))
        messages.success(request, f"{done} 笔支付已对到“{subject.name}”")
    except Repeated:
        messages.info(request, "这一步已经办理过，没有重复办理")
    except TokenReused as reused:
        messages.error(request, str(reused))
    except Refused as refused:
        typed = {"payments": chosen, "subject": subject, "reason": reason, "refused": refused.reasons}
        return _page(request, typed, status=422)
    return htmx.redirect(request, f"{reverse('unmatched')}?{request.GET.urlencode()}")


def _is_key(written: str) -> bool:
    return written.isascii() and written.isdigit() and len(written) < 19


def of_subject(request: SignedIn, pk: int) -> HttpResponse:
    """The vouchers of one subject, a correction beside what it corrects, and how each came to the subject."""
    subject: SubjectYear = find(SubjectYear.objects, request, pk)
    paid = Payment.objects.visible_to(request.actor).filter(subject_year=subject)
    given = Prefetch("matches", PaymentMatch.objects.in_force(), to_attr="given")
    listed = page_of(paid.select_related("corrects").prefetch_related(given), request.GET, ORDERS)
    following = _corrections(request, [row.pk for row in listed.rows])
    context = {
        "subject": subject,
        "list": listed,
        "rows": [_row(row, following.get(row.pk, []), request.actor.role in MATCHING) for row in listed.rows],
        "columns": COLUMNS,
        "sum": paid.aggregate(sum=Sum("fen"))["sum"] or 0,
        "corrections": paid.corrections().count(),
    }
    return render(request, "subjects/payments.html", context)


def _corrections(request: SignedIn, keys: list[int]) -> dict[int | None, list[Payment]]:
    found: dict[int | None, list[Payment]] = {}
    for row in Payment.objects.visible_to(request.actor).filter(corrects__in=keys).order_by("paid_on", "pk"):
        found.setdefault(row.corrects_id, []).append(row)
    return found


def _row(row: Any, corrected_by: list[Payment], may_undo: bool) -> dict[str, Any]:
    notes = []
    if row.corrects:
        notes.append(f"更正凭证 {_named(row.corrects)}")
    elif row.corrects_voucher:
        notes.append(f"更正凭证 {row.corrects_voucher} 第 {row.corrects_line} 行，原凭证未入库")
    elif row.fen < 0:
        notes.append("红字，未注明更正哪张凭证")
    notes += [f"已由凭证 {_named(other)} 更正" for other in corrected_by]
    url = ""
    for given in row.given:
        undo = "（点开可撤回）" if may_undo else ""
        notes.append(f"原编码 {row.shown_code}，{given.actor}对账：{given.reason}{undo}")
        url = reverse("payment-match", args=[given.pk]) if may_undo else ""
    return {column.key: getattr(row, column.key) for column in COLUMNS} | {"url": url, "note": "；".join(notes)}


def _named(row: Payment) -> str:
    return f"{row.place}（{row.paid_on}）"
