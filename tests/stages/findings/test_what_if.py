"""What-if: who would get another grade under another policy; nothing is stored."""

from __future__ import annotations

import json
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.browsing import signed_in, text
from tests.factories import REGION, YEAR, actor
from tests.stages.findings import test_findings as year

from jixiao.cli import main as jixiao
from jixiao.domain.actors import Role
from jixiao.domain.grades import Grade
from jixiao.domain.indicators import Comparison, LineFacts
from jixiao.domain.policy import Layer, lineage, resolve
from jixiao.domain.scoring import SheetFacts
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.policies import layer, load
from jixiao.stages.evaluation.findings.reports.recomputing import outcome, recompute, reweighed
from jixiao.stages.evaluation.models import Evaluation
from jixiao.stages.evaluation.self_evaluation.models import SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.workflow import State
from jixiao.stages.evaluation.workflow import State as EvaluationState

pytestmark = pytest.mark.django_db
filed = year.filed


@pytest.fixture(autouse=True)
def concluded(filed):
    cache.clear()
    SelfEvaluation.objects.filter(subject_year__code="P1").update(state=State.CONCLUDED)
    return SelfEvaluation.objects.filter(region=REGION, year=YEAR)


def stricter():
    """The national rules with 优 from 99.5 分."""
    own = Layer.parse(
        "own/2022",
        {
            "title": "试算",
            "extends": "national/2020",
            "region": "",
            "year": 2022,
            "grades": {"source": "试算", "excellent": "99.5"},
        },
    )
    return resolve((*lineage("national/2020", layer), own))


def rows():
    return list(SelfEvaluation.objects.order_by("pk").values())


def test_the_same_policy_changes_nothing(concluded):
    found = outcome(recompute(concluded, load("national/2020")))
    assert (found.sheets, found.regraded, found.repointed, found.before) == (1, (), 0, found.after)


def test_a_higher_border_names_who_falls_with_both_sentences_and_stores_nothing(concluded):
    before = rows()
    found = outcome(recompute(concluded, stricter()))
    assert [(one.before[1], one.after[1]) for one in found.regraded] == [(Grade.EXCELLENT, Grade.GOOD)]
    one = found.regraded[0]
    assert (one.before[0], one.after[0]) == (99, 99)
    assert (one.sheet.because[-3:], one.because[-3:]) == ("等级优", "等级良")
    assert rows() == before


def test_drafts_are_left_out(concluded):
    assert outcome(recompute(concluded, stricter())).sheets == 1 < SelfEvaluation.objects.count()


def test_the_page_and_the_command_say_the_same(capsys):
    client = signed_in(Role.PERFORMANCE_OFFICE)
    assert "换一套规则" in text(client, reverse("what-if"))
    assert "1 项评价中 0 项等级会变" in text(client, reverse("what-if") + "?policy=national/2020")
    assert client.get(reverse("what-if"), {"policy": "nowhere/1"}).status_code == 422
    asked = ["what-if", "--region", REGION, "--year", str(YEAR), "--policy"]
    assert jixiao([*asked, "national/2020", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["regraded"] == []
    assert jixiao([*asked, "national/2020"]) == 0
    assert "1 份已审定的自评" in capsys.readouterr().out
    assert jixiao([*asked, "nowhere/1"]) == 2


def test_a_unit_has_no_such_page():
    assert signed_in(Role.DEPARTMENT).get(reverse("what-if")).status_code == 404
    assert actor().region == REGION


def tried(client, **said):
    """The page that answers a trial, and its status."""
    answered = client.post(reverse("what-if"), {"policy": "national/2020", **said})
    return answered.content.decode(), answered.status_code


def test_single_values_are_changed_on_the_page_and_nothing_is_stored():
    client, before = signed_in(Role.PERFORMANCE_OFFICE), rows()
    page, status = tried(client, excellent="99.5")
    assert status == 200
    assert "1 项评价中 1 项等级会变" in page
    assert rows() == before


def test_a_cap_on_execution_and_the_weight_of_execution_are_tried_too():
    client = signed_in(Role.PERFORMANCE_OFFICE)
    assert "1 项评价中 1 项等级会变" in tried(client, caps="95%:89")[0]
    assert "1 份自评中 1 份得分改变" in tried(client, execution_weight="50")[0]
    assert "1 项评价中 0 项等级会变" in tried(client, caps="无", over_deduction="0")[0]


def test_a_pasted_text_or_a_file_is_laid_over_the_rules():
    client = signed_in(Role.PERFORMANCE_OFFICE)
    assert "1 项评价中 1 项等级会变" in tried(client, variant="[grades]\r\nexcellent = 99.5\r\n")[0]
    file = SimpleUploadedFile("variant.toml", "\ufeff[grades]\nexcellent = 99.5\n".encode())
    assert "1 项评价中 1 项等级会变" in tried(client, file=file)[0]
    assert "改动不影响重算" in tried(client, variant="[sampling]\nleast_each = 2")[0]
    sheet = client.post(reverse("what-if"), {"policy": "national/2020", "excellent": "99.5", "out": "xlsx"})
    book = openpyxl.load_workbook(BytesIO(sheet.content)).active
    assert [row[4:8] for row in book.iter_rows(min_row=2, values_only=True)] == [(99, "优", 99, "良")]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"variant": "[grades\nexcellent = 95"}, "第 1 行"),
        ({"variant": "[grades]\nexcellent = 九十五"}, "第 2 行"),
        ({"variant": "[grade]\nexcellent = 95"}, "不认识的节 [grade]"),
        ({"variant": "[grades]\nexcelent = 95"}, "不认识的键 excelent"),
        ({"variant": '[grades]\nexcellent = "高"'}, "[grades] excellent"),
        ({"variant": '[scoring]\nover_threshold = "30"'}, "比例要带百分号"),
        ({"variant": 'extends = "nowhere/1"'}, "没有政策文件 nowhere/1"),
        ({"variant": "grades = 3"}, "不认识的项 grades"),
        ({"good": "95"}, "应从高到低"),
        ({"good": "一百零一"}, "良的下限"),
        ({"caps": "低了就封顶"}, "写法应如"),
        ({"variant": "[grades]", "file": SimpleUploadedFile("a.toml", b"[grades]")}, "只用一种"),
        ({"file": SimpleUploadedFile("a.toml", b"\xff\xfe\x00")}, "UTF-8"),
        ({"policy": "nowhere/1"}, "nowhere/1"),
    ],
)
def test_rules_that_cannot_be_tried_come_back_with_their_place(said, words):
    page, status = tried(signed_in(Role.PERFORMANCE_OFFICE), **said)
    assert status == 422
    assert words in page.replace("&#x27;", "'")


def test_what_people_marked_keeps_its_points_and_takes_the_grade_of_the_rules():
    subject = SelfEvaluation.objects.get(subject_year__code="P1").subject_year
    facts = {"year": YEAR, "total": "88", "grade": Grade.GOOD, "state": EvaluationState.CONCLUDED}
    opened = Evaluation.objects.create(
        region=REGION,
        number="ZD1",
        method=EvaluationMethod.KEY,
        subject_year=subject,
        opened_on=f"{YEAR}-03-01",
        initial=0,
        arranged=0,
        used=0,
        snapshot=SelfEvaluation.objects.first().snapshot,
        **facts,
    )
    page, _ = tried(signed_in(Role.PERFORMANCE_OFFICE), excellent="85", good="70")
    assert "2 项评价中 1 项等级会变" in page
    assert reverse("evaluation", args=[opened.pk]) in page
    opened.refresh_from_db()
    assert (opened.total, opened.grade) == (88, Grade.GOOD)


def test_the_command_lays_a_file_over_the_rules_in_force(tmp_path, capsys):
    path = tmp_path / "variant.toml"
    path.write_text("[grades]\nexcellent = 99.5\n", encoding="utf-8")
    asked = ["what-if", "--region", REGION, "--year", str(YEAR), "--variant"]
    assert jixiao([*asked, str(path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [(one["method"], one["after"]["grade"]) for one in said["regraded"]] == [("单位自评", "良")]
    path.write_text("[grades\n", encoding="utf-8")
    assert jixiao([*asked, str(path)]) == 2
    assert "第 1 行" in capsys.readouterr().err
    assert jixiao([*asked, str(tmp_path / "nowhere.toml")]) == 2


@given(st.integers(0, 60), st.lists(st.integers(1, 900), min_size=1, max_size=9))
def test_a_sheet_with_another_weight_of_execution_is_still_whole(execution, parts):
    whole = Decimal(sum(parts)) / 10
    lines = tuple(
        LineFacts(f"L{n}", "产出指标", "", Comparison.EQUAL, "1", "1", Decimal(p) / 10) for n, p in enumerate(parts)
    )
    facts = SheetFacts(1, 1, Decimal(10), lines)
    changed = reweighed(facts, Decimal(execution))
    total = changed.execution_weight + sum(line.weight for line in changed.lines)
    assert total == whole + 10 or execution >= whole + 10
