"""Pages as the browser gets them: components, forms, headers, lists by key, vendored files."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test import RequestFactory
from jinja2 import UndefinedError
from markupsafe import Markup
from tests.kit import gallery

import jixiao
from jixiao.kit.web import filters, htmx, middleware, pages, paging
from jixiao.kit.web.forms import control

pytestmark = pytest.mark.urls("tests.kit.gallery")
PACKAGE = Path(jixiao.__file__).parent
STATIC = PACKAGE / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = [*PACKAGE.rglob("templates/**/*.html"), *gallery.HERE.glob("templates/*.html")]
ORDERS = (paging.Order("name", "名称", "name"), paging.Order("id", "序号", "id"))


class Outline(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def request(shell: pages.Shell | None = None, path: str = "/todo/") -> HttpRequest:
    made = RequestFactory().get(path)
    made.shell = shell
    return made


def drawn(template: str = "gallery.html", shell: pages.Shell | None = None, **more: object) -> str:
    listed = paging.Page([1], 234, 51, ORDERS[0], False, "f=1", "b=1", None, QueryDict("sort=name"), ORDERS)
    context = {**gallery.context(), "list": listed, **more}
    return gallery.ENGINE.get_template(template).render(context, request(shell))


@pytest.fixture
def page() -> str:
    return drawn(shell=gallery.shell())


def test_no_page_carries_a_script_or_a_style_of_its_own(page: str) -> None:
    outline = Outline(page)
    assert outline.all("style") == []
    assert all(script.get("src") for script in outline.all("script"))
    own = [name for _, attrs in outline.tags for name in attrs if name == "style" or name.startswith("on")]
    assert own == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_says_style_or_handler(path: Path) -> None:
    assert not re.search(r"\s(style|on\w+|hx-on\S*)=", path.read_text("utf-8"))


def test_every_link_inside_the_page_and_every_description_meets_its_target(page: str) -> None:
    tags = [attrs for _, attrs in Outline(page).tags]
    ids = [attrs["id"] for attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    wanted = [word for attrs in tags for word in (attrs.get("aria-describedby") or "").split()]
    wanted += [attrs["for"] for attrs in tags if attrs.get("for")]
    assert set(wanted) <= set(ids)


def test_every_control_has_a_name_to_be_read_out(page: str) -> None:
    outline = Outline(page)
    labelled = {attrs["for"] for attrs in outline.all("label")}
    controls = outline.all("input") + outline.all("select") + outline.all("textarea")
    seen = [attrs for attrs in controls if attrs.get("type") != "hidden"]
    assert [attrs for attrs in seen if attrs["id"] not in labelled and not attrs.get("aria-label")] == []


def test_an_error_stands_in_the_summary_with_a_link_and_again_at_its_field(page: str) -> None:
    summary = page[page.index('id="errors"') : page.index('class="fields"')]
    assert '<a href="#id_due">完成期限</a>' in summary
    assert "整改通知已撤回，不必再回复。" in summary
    message = control(gallery.refused_form()["due"]).errors[0]
    assert message in summary
    assert f'<div class="field-error" id="id_due-error">{message}</div>' in page


def test_what_was_typed_comes_back_escaped_and_secrets_do_not(page: str) -> None:
    assert "项目档案&lt;不规范&gt;" in page
    assert 'value="hidden"' not in page
    assert control(gallery.refused_form()["due"]).kind == "text"
    good = control(gallery.ReplyForm(initial={"due": dt.date(2022, 8, 31)})["due"])
    assert (good.kind, good.value) == ("date", "2022-08-31")


def test_a_refused_button_is_grey_and_says_why(page: str) -> None:
    assert (
        'disabled title="请先上传佐证；截止时间已过">报送</button> <span class="why">请先上传佐证；截止时间已过</span>'
        in page
    )


def test_the_shell_shows_where_one_is_and_that_the_rows_are_made_up(page: str) -> None:
    current = [attrs for attrs in Outline(page).all("a") if attrs.get("aria-current") == "page"]
    assert [attrs["href"] for attrs in current] == ["/todo/"]
    assert "演示数据：合计与公开材料一致，除标“公开”的行外明细均为合成。" in page
    assert "演示数据" not in drawn(shell=gallery.shell(demo=False))
    assert page.count('name="next" value="/todo/"') == 3


def test_every_form_that_changes_something_carries_the_check_code(page: str) -> None:
    forms = re.findall(r'<form[^>]*method="post".*?</form>', page, re.S)
    assert len(forms) == 5
    assert all('name="csrfmiddlewaretoken"' in form for form in forms)


def test_before_sign_in_there_is_only_the_plain_bar() -> None:
    page = drawn("login.html", next="/todo/")
    assert 'class="menu' not in page
    assert "退出登录" not in page


@pytest.mark.parametrize("name", ["404.html", "403.html", "403_csrf.html"])
def test_error_pages_need_nothing_but_the_request(name: str) -> None:
    assert "回到首页" in gallery.ENGINE.get_template(name).render({}, request(gallery.shell()))


def test_the_page_for_broken_things_needs_nothing_at_all() -> None:
    page = gallery.ENGINE.get_template("500.html").render()
    assert "系统出错" in page
    assert 'data-answer="refused"' in page


@pytest.mark.parametrize("name", ["404", "403", "403_csrf", "409", "login"])
def test_pages_that_took_nothing_say_so_and_keep_what_was_typed(name: str) -> None:
    at = dt.datetime(2022, 8, 25, tzinfo=dt.UTC)
    assert 'data-answer="refused"' in drawn(f"{name}.html", who="张三", at=at, differences=[], reload="/", next="/")


def test_a_stale_save_shows_who_and_both_texts() -> None:
    at = dt.datetime(2022, 8, 25, 2, 42, tzinfo=dt.UTC)
    page = drawn("409.html", who="张三", at=at, differences=[("分值", "10", "<15>")], reload="/sheet/")
    assert "张三 于 2022-08-25 10:42" in page
    assert "&lt;15&gt;" in page


def test_a_name_the_view_forgot_is_an_error_not_a_gap() -> None:
    with pytest.raises(UndefinedError):
        gallery.ENGINE.env.from_string("{{ forgotten }}").render()


def test_amounts_keep_every_digit_in_either_unit() -> None:
    assert filters.money(3_758_060_000, "万元") == "3,758.06"
    assert filters.money(3_758_060_000, "元") == "37,580,600"
    assert filters.money_cell(86_500_001, "万元") == "86.500001"
    assert filters.money_cell(-62_000_000, "万元") == "-62.00"
    assert filters.money_cell(None) == filters.money(None) == "—"


def test_filters_speak_chinese_and_shanghai_time() -> None:
    late = dt.datetime(2022, 7, 31, 16, 30, tzinfo=dt.UTC)
    assert (filters.date(late), filters.day(late), filters.datetime(late)) == (
        "2022-08-01",
        "2022年8月1日",
        "2022-08-01 00:30",
    )
    assert filters.percent(Decimal("53.50")) == "53.5%"
    assert [filters.label(value) for value in (gallery.Tier.PART, True, False, None, "", 0)] == [
        "部分达成",
        "是",
        "否",
        "—",
        "—",
        "0",
    ]
    assert filters.label(Markup("<b>1</b>")).__html__() == "<b>1</b>"


def test_the_menu_marks_the_nearest_item() -> None:
    menu = (pages.Section("环节", (pages.Item("首页", "/"), pages.Item("监控", "/m/"), pages.Item("整改", "/m/r/"))),)
    chosen = {path: gallery.shell(menu=menu).at(path) for path in ("/", "/m/3/", "/m/r/3/", "/x/")}
    named = {path: [i.label for i in shell.menu[0].items if i.current] for path, shell in chosen.items()}
    assert named == {"/": ["首页"], "/m/3/": ["监控"], "/m/r/3/": ["整改"], "/x/": []}


@pytest.mark.parametrize(
    ("wanted", "got"),
    [("/m/?a=1", "/m/?a=1"), ("https://elsewhere.example/", "/"), ("//elsewhere.example", "/"), ("", "/")],
)
def test_a_switch_leads_back_but_never_out(wanted: str, got: str) -> None:
    assert pages.back(RequestFactory().post("/switch-unit/", {"next": wanted}))["Location"] == got


def test_every_answer_forbids_inline_script_and_tells_caches_of_fragments() -> None:
    answer = middleware.SecurityHeaders(lambda _: HttpResponse("x"))(request())
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert answer["Vary"] == "HX-Request"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_htmx_is_sent_elsewhere_by_its_own_header() -> None:
    plain, partial = RequestFactory().get("/"), RequestFactory().get("/", headers={"HX-Request": "true"})
    assert (htmx.redirect(plain, "/a/").status_code, htmx.redirect(plain, "/a/")["Location"]) == (303, "/a/")
    assert htmx.redirect(partial, "/a/")["HX-Redirect"] == "/a/"


@pytest.fixture
def groups(db: None) -> list[str]:
    names = [f"组{n:03d}" for n in range(23)]
    Group.objects.bulk_create(Group(name=name) for name in reversed(names))
    return names


def follow(query: str | None, step: str) -> tuple[list[str], paging.Page]:
    names: list[str] = []
    while True:
        page = paging.page_of(Group.objects.all(), QueryDict(query or ""), ORDERS, size=5)
        found = [group.name for group in page.rows]
        names = names + found if step == "next_query" else found + names
        query = getattr(page, step)
        if query is None:
            return names, page


@pytest.mark.parametrize("sort", ["name", "-name"])
def test_going_forward_and_back_meets_every_row_once(groups: list[str], sort: str) -> None:
    wanted = sorted(groups, reverse=sort.startswith("-"))
    forward, last = follow(f"sort={sort}", "next_query")
    assert forward == wanted
    assert last.words == "第 21–23 条，共 23 条"
    back, first = follow(last.previous_query, "previous_query")
    assert back == wanted[:20]
    assert first.words.startswith("第 1–5 条")


def test_filters_stay_while_the_place_in_the_list_does_not(groups: list[str]) -> None:
    page = paging.page_of(Group.objects.all(), QueryDict("q=组&after=nonsense&at=7"), ORDERS, size=5)
    assert page.at == 1
    assert page.previous_query is None
    assert QueryDict(page.next_query or "")["q"] == "组"
    heading = page.sort_of("name")
    assert heading is not None
    assert QueryDict(heading.query).dict() == {"q": "组", "sort": "-name"}
    assert page.sort_of("password") is None


@pytest.mark.parametrize(
    "query", ["sort=password", "after=W10", "after=WzEsMl0&sort=id", "after=W251bGwsMV0", "at=x&before=%00"]
)
def test_a_made_up_query_never_breaks_the_list(groups: list[str], query: str) -> None:
    page = paging.page_of(Group.objects.all(), QueryDict(query), ORDERS, size=5)
    assert len(page.rows) == 5


def test_counting_stops_at_the_cap(groups: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNTED_UP_TO", 10)
    page = paging.page_of(Group.objects.all(), QueryDict(""), ORDERS, size=5)
    assert page.count == 11
    assert page.words == "第 1–5 条，超过 10 条"


def test_vendored_files_are_the_ones_of_the_manifest() -> None:
    entries = json.loads((VENDOR / "manifest.json").read_text("utf-8"))
    found = {path.name for path in VENDOR.iterdir() if path.suffix in (".css", ".js")}
    assert {entry["file"] for entry in entries} == found
    for entry in entries:
        content = (VENDOR / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], entry["file"]
        assert b"sourceMappingURL" not in content[-200:]
        assert (VENDOR / "licences" / f"{entry['name']}.LICENSE.txt").stat().st_size > 100
    assert sum(path.stat().st_size for path in VENDOR.glob("*.*")) <= 2_000_000


def test_a_first_visit_loads_at_most_150_kilobytes(page: str) -> None:
    loaded = [tag["href"] for tag in Outline(page).all("link")] + [tag["src"] for tag in Outline(page).all("script")]
    files = [STATIC / str(address).split("/static/", 1)[1] for address in loaded]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) + len(gzip.compress(page.encode())) <= 150_000


def test_our_styles_keep_to_what_a_browser_of_2022_reads() -> None:
    for sheet in (STATIC / "css").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.S)
        assert not re.search(r":has\(|color-mix|@layer|@container|&", text), sheet.name
        assert text.count("{") == text.count("}")
