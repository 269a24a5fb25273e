"""What must be true of subjects, their budgets and payments."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from jixiao.domain.quantities import format_amount
from jixiao.domain.vocabulary import Verdict
from jixiao.kit.invariants import Invariant

from .models import BudgetLine, BudgetPhase, Clearance, Hold, Payment, PaymentMatch, SubjectYear


def _budgets() -> Iterator[str]:
    sums = {phase: Coalesce(Sum("budget_lines__fen", filter=Q(budget_lines__phase=phase)), 0) for phase in BudgetPhase}
    booked = SubjectYear.objects.annotate(lined=sums[BudgetPhase.INITIAL], lined_more=sums[BudgetPhase.ADDED])
    for row in booked.exclude(lined=F("initial"), lined_more=F("added")):
        stated = f"年初 {format_amount(row.initial)} 万元、追加 {format_amount(row.added)} 万元"
        lined = f"年初 {format_amount(row.lined)} 万元、追加 {format_amount(row.lined_more)} 万元"
        yield f"{row.region} {row.year} 年 {row.code} 的预算是{stated}，预算行合计是{lined}"


def _payments() -> Iterator[str]:
    same_place = {"region": F("subject_year__region"), "year": F("subject_year__year")}
    held = Payment.objects.exclude(subject_year=None)
    # What bears another code was given to the project by somebody who said why.
    given = PaymentMatch.objects.in_force().filter(payment=OuterRef("pk"), subject_year=OuterRef("subject_year"))
    right = held.filter(Q(code=F("subject_year__code")) | Exists(given), **same_place)
    wrong = held.exclude(pk__in=right.values("pk"))
    for payment in wrong:
        where = f"{payment.region} {payment.year} 年凭证 {payment.voucher} 第 {payment.line} 行"
        yield f"{where}挂在另一区划、年度或编码的对象上，且没有对账记录"
    loose = PaymentMatch.objects.in_force().exclude(payment__subject_year=F("subject_year"))
    for match in loose.select_related("payment"):
        yield f"{match.region} 凭证 {match.payment.place}不在它的对账所说的项目上"


def _identities() -> Iterator[str]:
    for row in SubjectYear.objects.exclude(region=F("subject__region"), kind=F("subject__kind")):
        yield f"{row.region} {row.year} 年 {row.code} 的区划或对象类型与其对象不符"


def _lines() -> Iterator[str]:
    for line in BudgetLine.objects.exclude(region=F("subject_year__region"), year=F("subject_year__year")):
        yield f"预算行 {line.pk} 的区划或年度与其对象年度不符"


def _clearances() -> Iterator[str]:
    for clearance in Clearance.objects.filter(Q(covered__lt=0) | Q(verdict=Verdict.REFUSED, covered__gt=0)):
        covered = format_amount(clearance.covered)
        yield f"{clearance.region} 的放行“{clearance.source}”是“{clearance.verdict.label}”，放行金额却是 {covered} 万元"


def _holds() -> Iterator[str]:
    for hold in Hold.objects.filter(released_on__lt=F("since")):
        yield f"{hold.region} 的暂停 {hold.pk} 在开始之前就已解除"


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("subjects.budget", "年初预算和追加调整等于各自预算行的合计", _budgets),
    Invariant("subjects.budget_line", "预算行与其对象年度同区划、同年度", _lines),
    Invariant("subjects.payment", "已对上项目的支付与项目同区划、同年度，且同编码或有对账记录", _payments),
    Invariant("subjects.identity", "对象年度与其对象同区划、同类型", _identities),
    Invariant("subjects.clearance", "不予支持的不放行金额，放行金额不为负", _clearances),
    Invariant("subjects.hold", "暂停的解除不早于开始", _holds),
)
