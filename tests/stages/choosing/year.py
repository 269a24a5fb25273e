"""A small year for the tests of choosing: three self-evaluations and the projects, units and money behind them."""

from __future__ import annotations

from tests.factories import REGISTERS, UNITS, YEAR, actor, stored

from jixiao.domain.actors import Actor, Role
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.choosing.actions import Where
from jixiao.stages.evaluation.importer import IMPORTERS as EVALUATION
from jixiao.stages.evaluation.self_evaluation.importer import IMPORTERS as SELF
from jixiao.stages.targets.importer import IMPORTERS as TARGETS

PROJECTS = """年度,项目编码,项目名称,单位编码,对象类型,资金层级,重大政策,民生或重点,年初预算,追加调整,\
上年预算,绩效总目标
2022,P1,校舍维修项目,101,项目,本级,否,是,100,0,95,完成校舍维修
2022,P2,助学金项目,101001,项目,上级转移支付,否,是,200,50,0,发放助学金
2022,P3,村道养护项目,201,项目,上级转移支付,否,否,60,0,0,养护村道
2022,Z1,镇村道路政策,201,政策,,是,否,300,0,0,修好道路
2022,101,甲县教育局,101,部门整体,,否,否,900,0,0,办好教育
"""
INDICATORS = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2022,P1,产出指标,数量指标,维修面积,定量,≥,100,平方米,50
2022,P1,效益指标,社会效益,受益学生,定量,≥,300,人,40
2022,P2,产出指标,数量指标,资助人数,定量,≥,500,人,90
2022,P3,产出指标,数量指标,养护里程,定量,≥,10,公里,90
"""
SHEETS = """工作年度,对象年度,项目编码,全年预算(万元),全年执行(万元),评价得分,评价等级
2022,2022,P1,100,100,100,优
2022,2022,P2,250,100,94,优
2022,2022,P3,60,60,100,优
"""
SCORES = """对象年度,项目编码,一级指标,二级指标,三级指标,符号,指标值,实际完成值,定性完成度,权重,得分,偏差原因
2022,P1,产出指标,数量指标,维修面积,≥,100,100,,50,50,
2022,P1,效益指标,社会效益,受益学生,≥,300,300,,40,40,
2022,P2,产出指标,数量指标,资助人数,≥,500,500,,90,90,
2022,P3,产出指标,数量指标,养护里程,≥,10,10,,90,90,
"""
PAYMENTS = """年度,项目编码,凭证号,支付日期,金额(元)
2022,P1,V1,2022-07-01,1000000
2022,P2,V2,2022-10-01,1000000
2022,P3,V3,2022-10-01,600000
"""
EVALUATIONS = """评价编号,评价年度,对象年度,评价方式,对象类型,对象编码,单位编码,\
安排资金,使用资金,得分,等级,实施机构,数据性质
BM1,2022,2022,部门评价,项目,P1,101,100,100,91.5,优,甲县教育局,
FH1,2022,2022,抽查复核,项目,P1,101,100,100,88.25,良,甲县财政局,
"""
KEY, RECHECK = Where(YEAR, YEAR, EvaluationMethod.KEY), Where(YEAR, YEAR, EvaluationMethod.RECHECK)
DEPARTMENT = Where(YEAR, YEAR, EvaluationMethod.DEPARTMENT)


def imported() -> None:
    """Everything but the evaluations."""
    tables = {
        "units": UNITS,
        "projects": PROJECTS,
        "indicators": INDICATORS,
        "payments": PAYMENTS,
        "self_evaluations": SHEETS,
        "self_evaluation_scores": SCORES,
    }
    stored(tables, (*REGISTERS, *TARGETS, *SELF))


def evaluated() -> None:
    """P1 was evaluated by its department and checked again."""
    stored({"evaluations": EVALUATIONS}, (*REGISTERS, *EVALUATION))


def subject(code: str) -> SubjectYear:
    return SubjectYear.objects.get(code=code, year=YEAR)


def department(code: str = "101") -> Actor:
    """Somebody in the department at this first-level unit."""
    return actor(Role.DEPARTMENT, unit_path=f"{code}/")
