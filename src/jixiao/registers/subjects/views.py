"""项目库: the subjects of a year, quick on a hundred thousand of them."""

from __future__ import annotations

from django.core.cache import cache
from django.db.models import F, Min, Q, Sum
from django.http import HttpResponse
from django.urls import reverse
from markupsafe import Markup

from jixiao.domain.frameworks import framework_of
from jixiao.domain.quantities import share
from jixiao.domain.vocabulary import FundBook, SubjectKind
from jixiao.kit.web import asking
from jixiao.kit.web.acts import SignedIn
from jixiao.kit.web.listing import Shown
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import COUNTED_UP_TO, Order, Page, page_of
from jixiao.registers.organizations.marks import ORIGIN, origin_mark

from .models import Payment, SubjectYear, SubjectYearQuerySet

PAGE_SIZE = 20
REMEMBERED_SECONDS = 60
# Above every digit, letter and ideograph in use, whichever collation the database compares by.
BEHIND_ALL = "\u9fff"
SHORTEST_CODE = 6
ORDERS = (
    Order("code", "编码", "code"),
    Order("name", "名称", "name"),
    Order("initial", "年初预算", "initial"),
    Order("budget", "全年预算", "whole"),
)
COLUMNS = (
    Shown("code", "编码", order="code"),
    Shown("name", "名称", link="address", order="name"),
    Shown("unit_name", "单位"),
    Shown("kind_name", "类型"),
    Shown("initial", "年初预算", "amount", order="initial"),
    Shown("whole", "全年预算", "amount", order="budget", note_key="whole_word"),
    Shown("spent", "已执行", "amount", note_key="carried_word"),
    Shown("rate", "执行率", "percent", note_key="rate_word"),
)
FILTERS = ("q", "kind", "field", "book", "unit")
# One line each, however narrow the column.
KINDS = {kind: Markup('<span class="text-nowrap">{}</span>').format(kind.label) for kind in SubjectKind}
READ = ("id", "code", "name", "unit_name", "kind", "book", "extension", "initial", "origin")


def subjects(request: SignedIn) -> HttpResponse:
    """A page of the subjects that the actor may see, by default of the working year."""
    region, asked = request.actor.region, request.GET
    year = asking.number(asked, "year", request.shell.year)
    rows = SubjectYear.objects.visible_to(request.actor).filter(year=year)
    rows = asking.narrowed(rows, asked, ("kind", "field", "book"), ("unit_name",), name="unit")
    rows = _matching(rows, asking.text(asked, "q"))
    listed = page_of(rows.annotate(whole=F("initial") + F("added")).values(*READ, "whole"), asked, ORDERS, PAGE_SIZE)
    _complete(listed, region, year)
    context = {
        "list": listed,
        "columns": (*COLUMNS, ORIGIN) if request.shell.demo else COLUMNS,
        "count": f"{listed.count:,}" if listed.count <= COUNTED_UP_TO else f"超过 {COUNTED_UP_TO:,}",
        "years": [(known, f"{known} 年") for known in object_years(region)],
        "kinds": SubjectKind.choices(),
        "books": FundBook.choices(),
        "fields": [(name, name) for name in _fields(region, year)],
        "asked": {"year": year} | {name: asking.text(asked, name) for name in FILTERS},
    }
    return render(request, "subjects/list.html", context)


def _matching(rows: SubjectYearQuerySet, words: str) -> SubjectYearQuerySet:
    """By the beginning of the code, or a part of the name; a long number is a code and is found by its index."""
    if not words:
        return rows
    code = Q(code__gte=words, code__lt=words + BEHIND_ALL)
    if words.isascii() and words.isdigit() and len(words) >= SHORTEST_CODE:
        return rows.filter(code)
    # The codes apart, so that counting reads the index of names alone and not every row.
    return rows.filter(Q(name__icontains=words) | Q(pk__in=rows.filter(code).values("pk")))


def _complete(listed: Page, region: str, year: int) -> None:
    """Adds to the shown rows alone their address, payments and rate."""
    ids = [row["id"] for row in listed.rows]
    paid = Payment.objects.filter(region=region, year=year, subject_year__in=ids).order_by()
    spent = dict(paid.values_list("subject_year").annotate(Sum("fen")))
    # One address resolved for all rows: resolving each would cost as much as reading them.
    before, behind = reverse("subject", args=[0]).rsplit("0", 1)
    for row in listed.rows:
        row["address"] = f"{before}{row['id']}{behind}"
        row["spent"] = spent.get(row["id"], 0)
        row["kind_name"] = KINDS[row["kind"]]
        row.update(framework_of(row["kind"], row["book"], row["extension"]).money.notes)
        row["rate"] = share(row["spent"], row["whole"])
        row["origin_mark"] = origin_mark(row["origin"])


def object_years(region: str) -> list[int]:
    """The years that have subjects, newest first, by stepping through the index; kept for a minute."""
    return cache.get_or_set(f"object-years:{region}", lambda: _years(region), REMEMBERED_SECONDS) or []


def _years(region: str) -> list[int]:
    years: list[int] = []
    while True:
        rows = SubjectYear.objects.filter(region=region, year__gt=years[-1] if years else 0)
        following = rows.aggregate(Min("year"))["year__min"]
        if following is None:
            return years[::-1]
        years.append(following)


def _fields(region: str, year: int) -> list[str]:
    """The 领域 in use in a year, kept for a minute, since telling them reads every row."""
    rows = SubjectYear.objects.filter(region=region, year=year).exclude(field="").order_by("field")
    found = cache.get_or_set(
        f"fields:{region}:{year}", lambda: list(rows.values_list("field", flat=True).distinct()), REMEMBERED_SECONDS
    )
    return found or []
