"""整改、公开、报送 come in: references that nobody knows are kept or named, open items enter as open."""

from __future__ import annotations

import pytest
from tests.factories import PROJECTS, REGISTERS, UNITS, run_import, stored

from jixiao.kit.invariants import INVARIANTS
from jixiao.kit.models import AuditEntry, Transition
from jixiao.stages.evaluation.importer import IMPORTERS as EVALUATION
from jixiao.stages.follow_up.disclosure.importer import IMPORTERS as DISCLOSURE
from jixiao.stages.follow_up.disclosure.models import Disclosure, Material
from jixiao.stages.follow_up.rectification.importer import IMPORTERS as RECTIFICATION
from jixiao.stages.follow_up.rectification.models import Rectification
from jixiao.stages.follow_up.rectification.workflow import State
from jixiao.stages.follow_up.submission.importer import IMPORTERS as SUBMISSION
from jixiao.stages.follow_up.submission.models import Submission

pytestmark = pytest.mark.django_db

ALL = (*REGISTERS, *EVALUATION, *RECTIFICATION, *DISCLOSURE, *SUBMISSION)
EVALUATIONS = "评价编号,评价年度,对象年度,评价方式,对象类型,对象编码,得分\nZD1,2023,2022,财政重点评价,项目,P1,85\n"
ITEMS = "整改编号,评价编号,问题类别,整改要求,下达日期,整改期限,完成日期,状态\n"
ITEM = "ZG1,ZD1,目标不细,限期细化,2023-10-15,2023-11-15,{done},{state}\n"
PUBLISHED = "工作年度,材料类别,评价编号,渠道,日期\n2023,{},{},政府网站,2023-12-20\n"
SENT = "工作年度,报送对象,材料类别,评价编号,对象编码,日期\n2023,人大,{},{},{},2023-12-10\n"


@pytest.fixture(autouse=True)
def evaluated():
    stored({"units": UNITS, "projects": PROJECTS, "evaluations": EVALUATIONS}, ALL)


def items(done="2023-11-07", state="已完成"):
    return {"rectifications": ITEMS + ITEM.format(done=done, state=state)}


def moves():
    return list(Transition.objects.filter(sheet_type__endswith="rectification").values_list("move", flat=True))


def violations():
    return [text for invariant in INVARIANTS for text in invariant.check()]


def test_a_finished_item_enters_as_struck_off_at_the_evaluated_subject():
    stored(items(), ALL)
    item = Rectification.objects.get()
    assert (item.state, item.year, item.subject_year.code) == (State.CLOSED, 2023, "P1")
    assert moves() == ["record"]


@pytest.mark.parametrize(("done", "state"), [("", "整改中"), ("", "")])
def test_an_unfinished_item_enters_as_open(done, state):
    stored(items(done, state), ALL)
    assert Rectification.objects.get().state == State.ISSUED
    assert moves() == ["record_issued"]
    assert violations() == []
    assert stored(items(done, state), ALL).changes == 0


def test_an_item_finished_since_is_struck_off_step_by_step():
    stored(items("", "整改中"), ALL)
    stored(items(), ALL)
    item = Rectification.objects.get()
    assert (item.state, str(item.done_on)) == (State.CLOSED, "2023-11-07")
    assert moves() == ["record_issued", "reply", "close"]
    assert violations() == []


def test_a_struck_off_item_is_not_opened_again_by_a_table():
    stored(items(), ALL)
    outcome = run_import(items("", "整改中"), ALL)
    assert [(problem.row, problem.column) for _, problem in outcome.problems] == [(2, "状态")]


def test_a_corrected_item_is_a_new_version_with_a_trace():
    stored(items(), ALL)
    stored(items(done="2023-11-08"), ALL)
    item = Rectification.objects.get()
    assert item.version == 2
    assert AuditEntry.objects.get(object=item.reference).after == {"done_on": "2023-11-08"}


def test_an_item_without_its_evaluation_is_named_and_not_stored():
    outcome = stored({"rectifications": items()["rectifications"].replace("ZD1", "ZD9")}, ALL)
    assert [(gap.table, gap.rows) for gap in outcome.gaps] == [("rectifications", (2,))]
    assert Rectification.objects.count() == 0


def test_a_published_report_finds_its_evaluation_and_an_unknown_number_is_kept_and_listed():
    table = PUBLISHED.format("重点绩效评价报告", "ZD1") + PUBLISHED.format("财政重点评价报告", "ZD9").splitlines()[1]
    outcome = stored({"disclosures": table}, ALL)
    known, unknown = Disclosure.objects.order_by("evaluation_number")
    assert (known.evaluation.number, known.subject_year.code) == ("ZD1", "P1")
    assert (unknown.evaluation, unknown.evaluation_number, unknown.material) == (None, "ZD9", Material.KEY_REPORT)
    assert [(gap.table, gap.rows) for gap in outcome.gaps] == [("disclosures", (3,))]
    assert stored({"disclosures": table}, ALL).changes == 0


def test_the_audit_trail_names_the_disclosure_and_not_its_evaluation():
    stored({"disclosures": PUBLISHED.format("重点绩效评价报告", "ZD1")}, ALL)
    stored({"disclosures": PUBLISHED.format("重点绩效评价报告", "ZD1").replace("-20", "-21")}, ALL)
    item = Disclosure.objects.get()
    assert AuditEntry.objects.filter(object=f"disclosure.disclosure:{item.pk}").count() == 1


@pytest.mark.parametrize(
    ("material", "number", "code", "subject", "listed"),
    [
        ("重点绩效评价报告", "ZD1", "P1", "P1", False),
        ("专项资金绩效目标", "", "P2", "P2", False),
        ("部门整体支出绩效目标", "", "101", None, False),
        ("部门整体绩效自评报告", "ZT9", "101", None, True),
        ("专项资金绩效目标", "", "P9", None, True),
    ],
)
def test_what_was_sent_finds_its_subject_or_is_kept_as_written(material, number, code, subject, listed):
    outcome = stored({"reports_to": SENT.format(material, number, code)}, ALL)
    sent = Submission.objects.get()
    assert (sent.evaluation_number, sent.code) == (number, code)
    assert (sent.subject_year.code if sent.subject_year else None) == subject
    assert bool(outcome.gaps) is listed
    assert stored({"reports_to": SENT.format(material, number, code)}, ALL).changes == 0
    assert violations() == []


@pytest.mark.parametrize(
    "tables",
    [
        {"rectifications": ITEMS + ITEM.format(done="", state="") * 2},
        {
            "disclosures": PUBLISHED.format("重点绩效评价报告", "ZD1")
            + "2023,重点绩效评价报告,ZD1,政府网站,2023-12-21\n"
        },
        {"reports_to": SENT.format("绩效自评表", "", "P1") + "2023,人大,绩效自评表,,P1,2023-12-11\n"},
    ],
)
def test_a_doubled_row_is_a_problem_at_its_second_place(tables):
    outcome = run_import(tables, ALL)
    assert [problem.row for _, problem in outcome.problems] == [3]


def test_an_unknown_kind_of_material_names_what_would_be_accepted():
    outcome = run_import({"disclosures": PUBLISHED.format("其他", "ZD1")}, ALL)
    assert "重点绩效评价报告" in str(outcome.problems[0][1])
