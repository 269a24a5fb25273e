"""An assessment made online, step by step, for tests: a unit below its department, under rules with thresholds."""

from __future__ import annotations

from decimal import Decimal

from tests.factories import REGISTERS, UNITS, actor, stored

from jixiao.domain.actors import Role
from jixiao.domain.vocabulary import Verdict
from jixiao.kit import attachments
from jixiao.kit.acting import acting
from jixiao.kit.moving import move
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.ex_ante import actions
from jixiao.stages.ex_ante.frameworks import Framed
from jixiao.stages.ex_ante.importer import IMPORTERS
from jixiao.stages.ex_ante.models import EXPERT, MATERIAL, Assessment, Assessor

REGION = "360111"  # 青山湖区: 新增 500 万, 增幅 30 % 或 500 万, 例外 应急、救灾
ALL = (*REGISTERS, *IMPORTERS)
PROJECTS = """年度,项目编码,项目名称,单位编码,对象类型,项目类别,项目性质,年初预算,追加调整,上年预算,绩效总目标
2022,P1,校舍维修项目,101,项目,一般性项目,延续,100,0,95,完成校舍维修
2022,P2,助学金项目,101001,项目,政策性项目,新增,600,0,0,发放助学金
2022,Z1,镇村道路政策,201,政策,,新增,900,0,0,修好道路
"""
PDF = b"%PDF-1.4 signed"
WAN = 1_000_000
UNIT = {"unit_path": "101/101001/"}
DEPARTMENT = {"unit_path": "101/"}


def unit():
    return actor(Role.UNIT, REGION, **UNIT)


def department():
    return actor(Role.DEPARTMENT, REGION, **DEPARTMENT)


def office():
    return actor(Role.PERFORMANCE_OFFICE, REGION)


def imported():
    """The registers with a project that is due, one that is not, and a policy."""
    return stored({"units": UNITS, "projects": PROJECTS}, ALL, code=REGION)


def subject(code="P2", year=2022):
    return SubjectYear.objects.get(code=code, year=year)


def opened(code="P2", who=None, assessor=Assessor.DEPARTMENT, kind=Framed.PROJECT, asked=600 * WAN):
    return actions.open_assessment(subject(code), who or unit(), 2022, assessor=assessor, kind=kind, asked=asked)


def fresh(sheet):
    return Assessment.objects.get(pk=sheet.pk)


def described(sheet, who=None, asked=600 * WAN):
    said = {"asked": asked, "background": "资助困难学生", "goal": "应助尽助", "funding": "区级财政拨款"}
    actions.describe(sheet, who or unit(), version=fresh(sheet).version, said=said)
    return fresh(sheet)


def attached(sheet, kind, name="材料.pdf"):
    with acting(office(), "attachment.attach") as act:
        attachments.attach(sheet, act, name, PDF, kind=kind)


def with_materials(sheet, leave_out=()):
    for n, name in enumerate(sheet.needed_materials()):
        if name not in leave_out:
            attached(sheet, f"{MATERIAL}{n}")
    return sheet


def stepped(sheet, code, who, note="", effect=actions.after_step):
    move(fresh(sheet), code, who, version=fresh(sheet).version, note=note, effect=effect)
    return fresh(sheet)


def marked(sheet, who, name, share):
    """One expert who gives every point the same share of its full points, with the scan of what he signed."""
    current = fresh(sheet)
    points = {item.pk: (item.full * Decimal(share)).quantize(Decimal("0.01")) for item in current.items.all()}
    person = {"name": name, "organisation": "省财经大学", "title": "教授"}
    actions.mark(current, who, version=current.version, who=person, points=points)
    expert = current.experts.get(name=name)
    attached(current, f"{EXPERT}{expert.pk}")
    return fresh(sheet)


def with_experts(sheet, who=None, shares=("0.8", "0.9", "1")):
    for name, share in zip("甲乙丙", shares, strict=False):
        marked(sheet, who or department(), name, share)
    return fresh(sheet)


def judged(sheet, who=None, advised=500 * WAN, verdict=Verdict.SUPPORTED, reason=""):
    said = {"advised": advised, "conclusion": verdict, "reason": reason}
    said |= {"method": "查阅资料、座谈", "suggestions": "加强资金监管", "remarks": ""}
    actions.judge(sheet, who or department(), version=fresh(sheet).version, said=said)
    return fresh(sheet)


def reviewed_by_department():
    """A sheet of the department's line that lies with finance."""
    sheet = with_materials(described(opened()))
    stepped(sheet, "submit", unit())
    judged(with_experts(sheet))
    return stepped(sheet, "assess", department())


def concluded():
    return stepped(reviewed_by_department(), "conclude", office())
