"""What the tests of filing share: two years of a project, last year's approved target, and who files and reviews."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.browsing import signed_in
from tests.factories import REGISTERS, UNITS, actor, stored

from jixiao.domain.actors import Role
from jixiao.kit import moving
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.targets import actions
from jixiao.stages.targets.importer import IMPORTERS
from jixiao.stages.targets.models import Horizon, TargetVersion

TWO_YEARS = """年度,项目编码,项目名称,单位编码,对象类型,项目类别,项目性质,年初预算,追加调整,上年预算,绩效总目标
2021,P2,助学金项目,101001,项目,政策性项目,新增,200,0,0,按时足额发放助学金，保障困难学生就学
2022,P2,助学金项目,101001,项目,政策性项目,延续,200,50,200,
2022,P1,校舍维修项目,101,项目,一般性项目,新增,100,0,0,完成校舍维修
"""
LAST_YEAR = """年度,项目编码,一级指标,二级指标,三级指标,指标性质,符号,指标值,计量单位,权重
2021,P2,产出指标,数量指标,资助学生人数,定量,≥,300,人,30
2021,P2,产出指标,质量指标,发放准确率,定量,=,100,%,20
2021,P2,效益指标,社会效益指标,因贫失学人数,定量,≤,0,人,30
2021,P2,满意度指标,服务对象满意度指标,学生满意度,定量,≥,90,%,10
"""
CELLS = ("level1", "level2", "name", "comparison", "target", "unit", "weight", "lineage", "entry")


def two_years() -> None:
    """A unit with a project of two years, whose target of the first year was approved."""
    stored({"units": UNITS, "projects": TWO_YEARS, "indicators": LAST_YEAR}, (*REGISTERS, *IMPORTERS))


def school() -> Client:
    return signed_in(Role.UNIT, UnitYear.objects.get(code="101001").unit)


def department() -> Client:
    return signed_in(Role.DEPARTMENT, UnitYear.objects.get(code="101").unit)


def filer(**facts: Any) -> Any:
    """The school's accountant, for acts without a browser."""
    return actor(Role.UNIT, unit_path="101/101001/", **facts)


def subject(code: str = "P2", year: int = 2022) -> SubjectYear:
    return SubjectYear.objects.get(code=code, year=year)


def opened(code: str = "P2", horizon: Horizon = Horizon.ANNUAL) -> TargetVersion:
    """This year's sheet, from last year's where there was one."""
    return actions.open_sheet(subject(code), filer(), horizon=horizon, work_year=2022)


def grid(version: TargetVersion, **typed: str) -> dict[str, str]:
    """The filled form as a browser posts it; `typed` overwrites fields by name (name_0 is name-0)."""
    said = version.filled
    form = {"goal": said.goal, "rows": str(len(said.lines) + 3), "version": str(version.version), "token": "a" * 32}
    for place, line in enumerate(said.lines):
        form |= {f"{cell}-{place}": str(getattr(line, cell) or "") for cell in CELLS}
    for place in range(len(said.lines), len(said.lines) + 3):
        form |= {f"{cell}-{place}": "" for cell in CELLS} | {f"comparison-{place}": "at_least"}
    return form | {re.sub(r"_(\d+)$", r"-\1", name): value for name, value in typed.items()}


def save(client: Client, version: TargetVersion, **typed: str) -> HttpResponse:
    return client.post(reverse("target-fill", args=[version.pk]), grid(version, **typed))


def go(client: Client, version: TargetVersion, code: str, note: str = "") -> HttpResponse:
    """Take a step at a browser with the version as it stands."""
    version.refresh_from_db()
    form = {"move": code, "version": str(version.version), "token": f"{code}{version.version}".ljust(32, "m")}
    return client.post(reverse("target-move", args=[version.pk]), form | {"note": note})


def through(version: TargetVersion, *steps: tuple[str, Any]) -> TargetVersion:
    """Take steps without a browser: pairs of a move and who takes it."""
    for code, who in steps:
        version.refresh_from_db()
        note = "请修改" if code == "return" else ""
        moving.move(version, code, who, version=version.version, note=note, effect=actions.after_step)
    version.refresh_from_db()
    return version


def approved(version: TargetVersion) -> TargetVersion:
    """All the way under the national rules: unit, department, finance, approval."""
    office = actor()
    return through(
        version,
        ("submit", filer()),
        ("forward", actor(Role.DEPARTMENT, unit_path="101/")),
        ("pass", office),
        ("approve", office),
    )
