"""Figures of follow-up: what was to be put right, what was published, what 人大 received."""

from __future__ import annotations

import pytest
from tests.factories import PROJECTS, REGISTERS, UNITS, actor, figure_values, stored

from jixiao.stages.evaluation.importer import IMPORTERS as EVALUATION
from jixiao.stages.follow_up.disclosure.figures import FIGURES as DISCLOSED
from jixiao.stages.follow_up.disclosure.importer import IMPORTERS as DISCLOSURE
from jixiao.stages.follow_up.rectification.figures import FIGURES as RECTIFIED
from jixiao.stages.follow_up.rectification.importer import IMPORTERS as RECTIFICATION
from jixiao.stages.follow_up.submission.figures import FIGURES as SUBMITTED
from jixiao.stages.follow_up.submission.importer import IMPORTERS as SUBMISSION

ALL = (*REGISTERS, *EVALUATION, *RECTIFICATION, *DISCLOSURE, *SUBMISSION)
FIGURES = (*RECTIFIED, *DISCLOSED, *SUBMITTED)
OWN = {
    "evaluations": "评价编号,评价年度,对象年度,评价方式,对象类型,对象编码,得分\n"
    "ZD1,2023,2022,财政重点评价,项目,P1,85\nBM1,2023,2022,部门评价,项目,P2,85\nZD0,2022,2022,财政重点评价,项目,P2,85\n",
    "rectifications": "整改编号,评价编号,问题类别,完成日期,状态\n"
    "ZG1,ZD1,目标不细,2023-11-07,已完成\nZG2,ZD1,支出慢,,整改中\nZG3,BM1,支出慢,,\nZG4,ZD0,支出慢,,\n",
    "disclosures": "工作年度,材料类别,评价编号,渠道,日期\n2023,重点绩效评价报告,ZD1,政府网站,2023-12-20\n"
    "2023,绩效自评表,,政府网站,2023-12-20\n2022,重点绩效评价报告,ZD0,政府网站,2022-12-20\n",
    "reports_to": "工作年度,报送对象,材料类别,评价编号,对象编码,日期\n2023,人大,重点绩效评价报告,ZD1,P1,2023-12-10\n"
    "2023,政府,重点绩效评价报告,ZD1,P1,2023-12-10\n",
}


@pytest.fixture(autouse=True)
def county(db):
    stored({"units": UNITS, "projects": PROJECTS, **OWN}, ALL)


def test_items_count_if_they_follow_a_key_evaluation_of_the_year():
    values = figure_values(FIGURES, actor(), 2023)
    assert (values["rectification.items"], values["rectification.done"]) == ("2", "1")


def test_only_evaluation_reports_of_the_year_count_as_published_reports():
    assert figure_values(FIGURES, actor(), 2023)["disclosure.reports"] == "1"


def test_only_what_the_peoples_congress_received_counts():
    values = figure_values(FIGURES, actor(), 2023)
    assert (values["npc.key_reports"], values["npc.overall_targets"]) == ("1", "0")
