"""One match of a payment with a project, and taking it back as long as no frozen round counts it."""

from __future__ import annotations

from itertools import accumulate

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from jixiao.domain.decisions import Refused
from jixiao.domain.vocabulary import SubjectKind
from jixiao.kit.acting import Repeated, TokenReused
from jixiao.kit.web import htmx
from jixiao.kit.web.acts import SignedIn, find, token
from jixiao.kit.web.asking import text
from jixiao.kit.web.pages import render
from jixiao.registers.subjects.matching import take_back
from jixiao.registers.subjects.models import PaymentMatch
from jixiao.stages.monitoring.models import ReadingSheet, Round


def frozen_rounds(match: PaymentMatch) -> list[str]:
    """The rounds whose frozen figures count the payment for the project, or for the 部门整体 of a unit above it.

    Asked inside the act: a round that is being closed meanwhile waits for it, or it for the round.
    """
    paid = match.payment
    rounds = Round.objects.select_for_update().filter(region=match.region, year=paid.year, cutoff__gte=paid.paid_on)
    closed = [one.pk for one in rounds if one.known_until and one.known_until >= paid.recorded_at]
    units = list(accumulate(f"{step}/" for step in match.subject_year.unit_path.rstrip("/").split("/")))
    above = Q(subject_year__kind=SubjectKind.DEPARTMENT_OVERALL, subject_year__unit_path__in=units)
    counting = ReadingSheet.objects.filter(above | Q(subject_year=match.subject_year), round__in=closed)
    return [f"第 {no} 轮监控" for no in counting.order_by("round__no").values_list("round__no", flat=True).distinct()]


def match(request: SignedIn, pk: int) -> HttpResponse:
    """How the payment came to the project, and a form to take that back."""
    return _page(request, find(PaymentMatch.objects, request, pk))


def _page(request: SignedIn, found: PaymentMatch, reason: str = "", refused: tuple[str, ...] = ()) -> HttpResponse:
    context = {"match": found, "payment": found.payment, "reason": reason, "refused": refused, "token": token()}
    return render(request, "overview/match.html", context, status=422 if refused else 200)


@require_POST
def unmatch(request: SignedIn, pk: int) -> HttpResponse:
    """Take the match back; what is refused comes back as it was typed."""
    reason = text(request.POST, "reason")
    try:
        held = take_back(request.actor, pk, reason, frozen_rounds, token=request.POST.get("token", ""))
        messages.success(request, f"凭证 {held.payment.place}的对账已撤回，这笔支付回到未对上的支付")
    except PaymentMatch.DoesNotExist as missing:
        raise Http404 from missing
    except Repeated:
        messages.info(request, "这一步已经办理过，没有重复办理")
    except TokenReused as reused:
        messages.error(request, str(reused))
    except Refused as refused:
        return _page(request, find(PaymentMatch.objects, request, pk), reason, refused.reasons)
    return htmx.redirect(request, reverse("unmatched"))
