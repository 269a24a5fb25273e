"""问题归类: words propose, the organiser confirms; the table brings names; who writes the report anew keeps classes."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.browsing import signed_in, text
from tests.factories import REGION, YEAR, region, run_import, stored, subject_year, unit
from tests.stages.evaluation.online import county, describe, fresh, office, opened, person, take

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.domain.grades import Grade
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit.acting import Stale
from jixiao.kit.models import AuditEntry
from jixiao.overview.exporting import EXPORTS, span_of
from jixiao.policies import for_region
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.parameters.models import snapshot_of
from jixiao.stages.evaluation.actions.classifying import classify
from jixiao.stages.evaluation.importer import IMPORTERS, PROBLEMS
from jixiao.stages.evaluation.models import Problem
from jixiao.stages.evaluation.self_evaluation import actions
from jixiao.stages.evaluation.self_evaluation.models import ReportedProblem, SelfEvaluation
from jixiao.stages.evaluation.self_evaluation.workflow import State as SelfState
from jixiao.stages.targets.models import Horizon, TargetSheet, TargetVersion

pytestmark = pytest.mark.django_db
SAID = "1.进度滞后；2.没有装订档案"
EVALUATIONS = """评价编号,评价年度,对象年度,评价方式,对象类型,对象编码,得分
K1,2022,2022,财政重点评价,项目,P1,80
"""
LISTED = "评价编号,问题类别,问题描述,归类\nK1,资金问题,拨付不及时,{}\n"


@pytest.fixture
def sheet():
    county()
    sheet = opened()
    take(sheet, "notify", office())
    return describe(sheet, office())


def kinds():
    return Problem.objects.get().kinds


def confirm(sheet, codes, who=None, version=None):
    current = fresh(sheet)
    said = {Problem.objects.get().pk: codes}
    return classify(current, who or office(), said, version=version or current.version)


def test_a_class_is_confirmed_and_stays_when_the_report_is_written_anew(sheet):
    assert kinds() == ""
    confirm(sheet, ["slow_progress", "low_execution"])
    assert kinds() == "low_execution slow_progress"
    describe(sheet, office())
    assert kinds() == "low_execution slow_progress"


def test_a_late_confirmation_and_one_without_a_class_are_refused(sheet):
    with pytest.raises(Stale):
        confirm(sheet, ["other"], version=1)
    with pytest.raises(Refused, match="至少选一类"):
        confirm(sheet, ["gone"])
    with pytest.raises(Refused, match="由组织评价的一方或绩效股归类"):
        confirm(sheet, ["other"], person(Role.DEPARTMENT, unit_path="101/"))
    assert kinds() == ""


def test_the_page_proposes_and_the_office_confirms(sheet):
    client, address = signed_in(Role.PERFORMANCE_OFFICE), reverse("evaluation-problems", args=[sheet.pk])
    assert "执行率低（待确认）" in text(client, reverse("evaluation", args=[sheet.pk]))
    assert "已按词语勾选建议" in text(client, address)
    field = f"kinds-{Problem.objects.get().pk}"
    assert client.post(address, {"version": fresh(sheet).version}).status_code == 422
    client.post(address, {field: ["low_execution", "other"], "version": fresh(sheet).version, "token": "c" * 32})
    assert kinds() == "low_execution other"
    assert "待确认" not in text(client, reverse("evaluation", args=[sheet.pk]))


def test_a_stranger_classifies_nothing(sheet):
    stranger = signed_in(Role.DEPARTMENT, unit=UnitYear.objects.get(code="201").unit)
    assert stranger.get(reverse("evaluation-problems", args=[sheet.pk])).status_code == 404


def test_the_table_brings_names_and_keeps_what_was_confirmed():
    county()
    tables = {"evaluations": EVALUATIONS, "problems": LISTED.format("资金使用不规范、其他")}
    stored(tables, IMPORTERS)
    assert kinds() == "irregular_spending other"
    stored({"evaluations": EVALUATIONS, "problems": LISTED.format("")}, IMPORTERS)
    assert kinds() == "irregular_spending other"
    export = next(one for one in EXPORTS if one.table is PROBLEMS)
    assert [row["kinds"] for row in export.written(span_of(REGION, YEAR))] == ["资金使用不规范、其他"]
    wrong = run_import({"evaluations": EVALUATIONS, "problems": LISTED.format("乱花钱")}, IMPORTERS)
    assert "没有“乱花钱”这一类，可填：" in str(wrong.problems[0][1])


@pytest.fixture
def reported():
    """A concluded self-evaluation that names two problems."""
    region()
    unit("201")
    subject = subject_year("P1", unit("101"))
    target = TargetSheet.objects.create(region=REGION, year=YEAR, subject_year=subject, horizon=Horizon.ANNUAL)
    snapshot = snapshot_of(for_region(REGION, YEAR))
    version = TargetVersion.objects.create(
        region=REGION, year=YEAR, sheet=target, no=1, work_year=YEAR, snapshot=snapshot
    )
    return SelfEvaluation.objects.create(
        region=REGION,
        year=YEAR,
        subject_year=subject,
        target_version=version,
        snapshot=snapshot,
        budget=100,
        execution_weight=10,
        findings=SAID,
        grade=Grade.GOOD,
        state=SelfState.CONCLUDED,
    )


def test_the_problems_of_a_self_evaluation_are_told_apart_and_classified_without_touching_the_sheet(reported):
    client, address = signed_in(Role.PERFORMANCE_OFFICE), reverse("self-evaluation-problems", args=[reported.pk])
    page = text(client, reverse("self-evaluation", args=[reported.pk]))
    assert all(words in page for words in ("进度滞后", "实施进度缓慢（待确认）", "其他（待确认）"))
    client.post(address, {"kinds-0": ["slow_progress"], "kinds-1": ["other"], "version": 0, "token": "d" * 32})
    assert list(ReportedProblem.objects.order_by("no").values_list("text", "kinds")) == [
        ("进度滞后", "slow_progress"),
        ("没有装订档案", "other"),
    ]
    late = client.post(address, {"kinds-0": ["other"], "kinds-1": ["other"], "version": 0, "token": "e" * 32})
    assert late.status_code == 409
    reported.refresh_from_db()
    assert reported.version == 1
    assert AuditEntry.objects.filter(act="self_evaluation.classify").count() == 1


def test_a_passage_that_is_written_otherwise_is_proposed_anew(reported):
    said = {"进度滞后": ["other"], "没有装订档案": ["other"]}
    actions.classify(reported, office(), said, version=0)
    SelfEvaluation.objects.update(findings="1.进度滞后；2.档案散失")
    page = text(signed_in(Role.PERFORMANCE_OFFICE), reverse("self-evaluation", args=[reported.pk]))
    assert page.count("待确认") == 1


def test_a_concluded_sheet_is_classified_by_the_office_alone(reported):
    said = {"进度滞后": ["other"], "没有装订档案": ["other"]}
    department = person(Role.DEPARTMENT, unit_path="101/")
    with pytest.raises(Refused, match="审定以前由填报单位归类"):
        actions.classify(reported, department, said, version=0)
    with pytest.raises(Refused, match="已有变化"):
        actions.classify(reported, office(), {"进度滞后": ["other"]}, version=0)


def test_the_common_problems_count_subjects_over_evaluations_and_self_evaluations(reported):
    client = signed_in(Role.PERFORMANCE_OFFICE)
    page = text(client, reverse("problems") + "?class=slow_progress&method=self")
    assert "“实施进度缓慢”最常见，涉及 1 个项目" in page
    assert "进度滞后" in page
    assert "还没有指出问题" in text(client, reverse("problems") + f"?method={EvaluationMethod.KEY.value}")
    stranger = signed_in(Role.DEPARTMENT, unit=UnitYear.objects.get(code="201").unit)
    assert "进度滞后" not in text(stranger, reverse("problems") + "?class=slow_progress")
    assert stranger.get(reverse("self-evaluation-problems", args=[reported.pk])).status_code == 404
