"""Pages of clearing, for the office, the unit, and strangers; empty and full."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from tests.browsing import signed_in, text, title
from tests.factories import YEAR, actor, region
from tests.stages.follow_up.clearing.year import CUTOFF, WAN, candidate, imported, opened, rule, subject, unit_of

from jixiao.domain.actors import Role
from jixiao.kit import moving
from jixiao.kit.figures import Scope, answers
from jixiao.kit.models import Attachment
from jixiao.overview.todo import todos
from jixiao.registers.subjects.models import Hold
from jixiao.stages.follow_up.clearing import actions
from jixiao.stages.follow_up.clearing.documents import report
from jixiao.stages.follow_up.clearing.figures import FIGURES
from jixiao.stages.follow_up.clearing.models import Candidate, ClearingRun
from jixiao.stages.follow_up.clearing.rules import Measure
from jixiao.stages.follow_up.clearing.views import runs
from jixiao.stages.follow_up.clearing.workflow import RunState, State
from jixiao.stages.monitoring.models import Recovery

pytestmark = pytest.mark.django_db
PREPARED = {"cutoff": CUTOFF.isoformat(), "token": "p" * 32}


@pytest.fixture(autouse=True)
def year():
    cache.clear()
    imported()


@pytest.fixture
def office():
    return signed_in()


def page_of(code):
    return reverse("clearing-candidate", args=[candidate(code).pk])


def run_page(run):
    return reverse("clearing-run", args=[run.pk])


def accountant(code):
    return signed_in(Role.UNIT, subject(code).unit)


def test_before_the_first_run_the_page_says_what_will_stand_there(office):
    assert title(office, reverse("clearing")) == "2022 年度还没有清理存量资金"
    assert "开展一次清理" in text(office, reverse("clearing"))
    assert title(office, reverse("clearing-candidates")) == "没有列入清理的项目"
    assert "开展一次清理" not in text(accountant("P2"), reverse("clearing"))


def test_the_office_sees_the_criteria_then_who_would_be_listed_then_opens(office):
    assert "预算可以使用后满 6 个月没有支出" in text(office, reverse("clearing-prepare"))
    answered = office.post(reverse("clearing-prepare"), PREPARED)
    run = ClearingRun.objects.get()
    assert answered.headers["Location"] == run_page(run)
    assert office.post(reverse("clearing-prepare"), PREPARED).headers["Location"] == run_page(run)
    assert title(office, run_page(run)) == "筹备中，启动后列入 2 个项目"
    assert "助学金项目" in text(office, run_page(run))
    assert "助学金项目" not in text(accountant("P2"), run_page(run))
    form = {"move": "open", "version": run.version, "token": "o" * 32}
    office.post(reverse("clearing-run-move", args=[run.pk]), form)
    assert title(office, run_page(run)) == "列入 2 个项目，2 个还没有处理"
    assert title(office, reverse("clearing")) == "2022 年度清理 1 次，列入 2 个项目，闲置 550 万元"


@pytest.mark.parametrize("cutoff", ["", "九月底", "2021-09-30", "2022-09-30"])
def test_a_cutoff_that_cannot_be_comes_back_with_its_text(office, cutoff):
    opened()
    answered = office.post(reverse("clearing-prepare"), {"cutoff": cutoff, "token": "q" * 32})
    assert answered.status_code == 422
    assert cutoff in answered.content.decode()
    assert ClearingRun.objects.count() == 1


def test_a_unit_sees_its_own_candidates_and_no_others():
    run, client = opened(), accountant("P2")
    assert title(client, run_page(run)) == "列入 1 个项目，1 个还没有处理"
    assert "镇村道路政策" not in text(client, run_page(run))
    assert client.get(page_of("P2")).status_code == 200
    assert client.get(page_of("Z1")).status_code == 404
    assert client.post(reverse("clearing-reply", args=[candidate("Z1").pk]), {"view": "好"}).status_code == 404
    assert client.get(reverse("clearing-report", args=[run.pk])).status_code == 404
    assert client.post(reverse("clearing-decide", args=[candidate("P2").pk]), {}).status_code == 404


def test_another_region_finds_nothing():
    run = opened()
    region("888888", "乙县")
    stranger = signed_in(code="888888")
    for address in (run_page(run), page_of("P2"), reverse("clearing-table", args=[run.pk])):
        assert stranger.get(address).status_code == 404
    assert stranger.post(reverse("clearing-decide", args=[candidate("P2").pk]), {}).status_code == 404


def test_the_unit_states_its_view_and_what_comes_too_late_keeps_its_text():
    opened()
    client, address = accountant("P2"), reverse("clearing-reply", args=[candidate("P2").pk])
    assert "情况说明" in text(client, page_of("P2"))
    stale = {"view": "十月支付", "version": candidate("P2").version, "token": "a" * 32}
    assert client.post(address, stale | {"view": " "}).status_code == 422
    assert client.post(address, stale).status_code == 303
    assert client.post(address, stale).status_code == 303
    assert candidate("P2").view == "十月支付"
    again = client.post(address, stale | {"view": "别的话", "token": "b" * 32})
    assert again.status_code == 409
    assert "别的话" in again.content.decode()
    late = stale | {"view": "太晚", "token": "c" * 32}
    rule("P2", Measure.KEEP)
    refused = client.post(address, late | {"version": candidate("P2").version})
    assert refused.status_code == 422
    assert "不能再改" in refused.content.decode()


def test_the_unit_brings_proof_until_it_is_decided():
    opened()
    client, one = accountant("P2"), candidate("P2")
    address = reverse("clearing-attach", args=[one.pk])
    proof = {"file": SimpleUploadedFile("合同.pdf", b"%PDF-1.7 x"), "token": "f" * 32}
    assert client.post(address, proof).status_code == 303
    assert "合同.pdf" in text(client, page_of("P2"))
    kept = Attachment.objects.get()
    file = reverse("clearing-attachment", args=[kept.pk])
    assert signed_in().get(file).content == b"%PDF-1.7 x"
    assert accountant("Z1").get(file).status_code == 404
    rule("P2", Measure.KEEP)
    client.post(reverse("clearing-withdraw", args=[kept.pk]), {"token": "g" * 32})
    assert Attachment.objects.get().withdrawn_at is None
    client.post(address, {"file": SimpleUploadedFile("太晚.pdf", b"%PDF-1.7 y"), "token": "h" * 32})
    assert Attachment.objects.count() == 1


def test_the_office_decides_with_an_amount_as_people_write_it(office):
    opened()
    address = reverse("clearing-decide", args=[candidate("P2").pk])
    form = {"measure": "recover", "fen": "９．５万元", "doc_no": "文1", "opinion": "不再需要", "token": "d" * 32}
    form["version"] = candidate("P2").version
    assert "最多 150 万元" in text(office, page_of("P2"))
    for wrong, said in (
        ({"fen": "许多"}, "许多"),
        ({"fen": "150.0000001"}, "不是整分"),
        ({"fen": "150.01"}, "超过可以清理的 150 万元"),
        ({"doc_no": ""}, "请填写收回的文号"),
        ({"measure": ""}, "清理措施"),
        ({"opinion": ""}, "处理理由"),
    ):
        answered = office.post(address, form | wrong | {"token": "x" + said[:4]})
        assert answered.status_code == 422
        assert said in answered.content.decode()
    assert office.post(address, form).status_code == 303
    assert office.post(address, form).status_code == 303
    assert Recovery.objects.get().fen == 95_000 * 100
    stale = office.post(address, form | {"token": "e" * 32, "opinion": "再收一次"})
    assert stale.status_code == 409
    assert "再收一次" in stale.content.decode()
    page = text(office, page_of("P2"))
    assert "处理结果" in page
    assert 'name="measure"' not in page


def test_several_are_decided_at_once_under_one_number(office):
    run = opened()
    address = reverse("clearing-decide-many", args=[run.pk])
    chosen = {"candidate": [one.pk for one in Candidate.objects.all()]}
    chosen |= {f"version-{one.pk}": one.version for one in Candidate.objects.all()}
    form = {"measure": "recover", "doc_no": "西财〔2022〕11号", "opinion": "长期沉淀", "token": "m" * 32}
    assert office.post(address, form).status_code == 422
    missing = office.post(address, {**form, **chosen, "doc_no": "", "token": "n" * 32})
    assert missing.status_code == 422
    assert "请填写收回的文号" in missing.content.decode()
    assert " checked" in missing.content.decode()
    assert office.post(address, {**form, **chosen, "opinion": ""}).status_code == 422
    assert office.post(address, {**form, **chosen}).status_code == 303
    assert office.post(address, {**form, **chosen}).status_code == 303
    assert Recovery.objects.count() == 2
    assert office.post(address, {**form, **chosen, "token": "r" * 32}).status_code == 409
    assert title(office, run_page(run)) == "列入 2 个项目，已全部处理"
    assert "2022年第1次存量资金清理" in text(office, reverse("subject", args=[subject("Z1").pk]))
    assert "收回 2 笔，共 450 万元" in text(office, reverse("recoveries"))


def test_a_long_batch_names_how_many_it_leaves_out(office, monkeypatch):
    run = opened()
    monkeypatch.setattr(runs, "SHOWN", 1)
    page = text(office, run_page(run))
    assert "一并处理，还有 2 个" in page
    assert "另有 1 个金额较小的没有列出" in page
    assert page.count('name="candidate"') == 1


def test_every_total_opens_the_rows_that_it_adds_up(office):
    run = opened()
    rule("Z1", Measure.RECOVER, 100 * WAN, "文1")
    page = text(office, reverse("clearing"))
    assert f"{reverse('clearing-candidates')}?year=2022&amp;stock=idle&amp;measure=recover" in page
    rows = f"{reverse('clearing-candidates')}?year=2022&stock=idle"
    assert title(office, rows) == "2 个项目，闲置 550 万元"
    assert title(office, f"{rows}&measure=recover") == "1 个项目，闲置 300 万元"
    assert "收回 100，调减 0，保留 200，尚未处理 0" in text(office, f"{rows}&measure=recover")
    assert title(office, f"{rows}&state=open") == "1 个项目，闲置 250 万元"
    assert title(office, f"{rows}&state=decided&q=道路") == "1 个项目，闲置 300 万元"
    assert title(office, f"{reverse('clearing-candidates')}?run={run.pk}&stock=void") == "没有列入清理的项目"
    assert "助学金项目" not in text(office, f"{run_page(run)}?q=道路")
    assert "没有已处理的项目" in text(office, f"{run_page(run)}?q=没有这样的")
    assert "没有符合条件的项目" in text(signed_in(Role.LEADER), f"{run_page(run)}?q=没有这样的")
    for odd in ("stock=许多", "state=%00", "run=x", "year=99999999999", "measure='"):
        assert office.get(f"{reverse('clearing-candidates')}?{odd}").status_code == 200


def test_figures_count_the_rows_that_the_pages_show():
    reader = actor()
    empty = {key: found.value for key, found in answers(FIGURES, Scope(reader.region, YEAR, reader)).items()}
    assert (empty["clearing.candidates"], empty["clearing.idle"], empty["clearing.kept"]) == ("0", "0", "0")
    opened()
    rule("Z1", Measure.RECOVER, 100 * WAN, "文1")
    rule("P2", Measure.REDUCE, 50 * WAN, "文2")
    found = answers(FIGURES, Scope(reader.region, YEAR, reader))
    assert {key: one.value for key, one in found.items()} == {
        "clearing.candidates": "2",
        "clearing.candidates_by_class": {"无效": "0", "闲置": "2", "低效": "0"},
        "clearing.idle": "550",
        "clearing.idle_by_class": {"无效": "0", "闲置": "550", "低效": "0"},
        "clearing.recovered": "100",
        "clearing.reduced": "50",
        "clearing.kept": "400",
    }
    assert [one.subject_year.code for one in found["clearing.recovered"].rows] == ["Z1"]
    assert all(
        column.read(row) is not None for one in found.values() for row in one.rows for column in one.figure.columns
    )


def test_the_table_carries_every_row_that_its_reader_sees(office):
    run = opened()
    rule("Z1", Measure.RECOVER, 100 * WAN, "文1")
    sheet = openpyxl.load_workbook(BytesIO(office.get(reverse("clearing-table", args=[run.pk])).content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:2] == ("项目编码", "项目名称")
    assert [row[0] for row in rows[1:]] == ["P2", "Z1"]
    assert rows[2][3] == "闲置"
    assert rows[2][6] == 300
    assert (rows[2][9], rows[2][10], rows[2][11]) == ("收回", 100, "文1")
    mine = openpyxl.load_workbook(BytesIO(accountant("P2").get(reverse("clearing-table", args=[run.pk])).content))
    assert [row[0] for row in mine.active.iter_rows(min_row=2, values_only=True)] == ["P2"]


def test_the_report_says_what_the_rows_say(office):
    run = opened()
    rule("Z1", Measure.RECOVER, 100 * WAN, "西财〔2022〕9号")
    one = candidate("P2")
    actions.reply(one, unit_of("P2"), version=one.version, view="十月支付")
    file = office.get(reverse("clearing-report-docx", args=[run.pk]))
    document = Document(BytesIO(file.getvalue()))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for said in (
        "甲县2022年第1次存量资金清理情况报告",
        "截至2022年9月30日，共检查项目3个，列入清理2个，闲置资金550万元。其中：闲置2个、550万元。",
        "已处理1个：收回1个、100万元；保留0个，连同未全部收回、调减的，留给项目200万元。",
        "尚未处理1个、250万元。",
        "单位已说明情况的1个，没有说明的1个。",
    ):
        assert said in words
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert {"西财〔2022〕9号", "镇村道路政策", "550", "已说明"} <= set(cells)
    assert "列入清理2个" in text(office, reverse("clearing-report", args=[run.pk]))


def test_a_run_that_lists_nothing_reports_that_and_closes(office):
    Hold.objects.all().delete()
    imported_run = opened()
    Candidate.objects.all().delete()
    paper = report(imported_run, actor(), CUTOFF)
    words = "".join(block.text for block in paper.blocks if hasattr(block, "text"))
    assert "共检查项目3个，列入清理0个。" in words
    assert "本次没有要处理的项目" in words
    assert "没有列入项目" in title(office, run_page(imported_run))
    closed = moving.move(imported_run, "close", actor(), version=imported_run.version, effect=actions.after_run_step)
    assert closed.state == RunState.CLOSED
    assert office.get(reverse("clearing-table", args=[closed.pk])).status_code == 200


def test_who_has_something_to_do_is_told():
    opened()
    assert [(one.stage, one.name) for one in todos(unit_of("P2"))] == [("存量资金清理", "助学金项目")]
    one = candidate("P2")
    actions.reply(one, unit_of("P2"), version=one.version, view="十月支付")
    assert todos(unit_of("P2")) == []
    mine = [one for one in todos(actor()) if one.stage == "存量资金清理"]
    assert [(one.name, one.mark.words) for one in mine] == [
        ("助学金项目", State.REPLIED.label),
        ("镇村道路政策", State.LISTED.label),
    ]


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR])
def test_who_reads_only_reads_everything_and_is_offered_nothing(role):
    run, client = opened(), signed_in(role)
    for address in (reverse("clearing"), run_page(run), page_of("P2"), reverse("clearing-report", args=[run.pk])):
        assert 'name="opinion"' not in text(client, address)
    assert client.get(reverse("clearing-prepare")).status_code == 404
