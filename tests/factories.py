"""Small builders for tests with a database: a region, its rows, and imports from tables written as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from jixiao.cli.demo_workbooks import DISTRICTS
from jixiao.domain.actors import Actor, Role, system
from jixiao.domain.vocabulary import SubjectKind, UnitKind
from jixiao.kit.figures import Figure, Scope, Value, answer
from jixiao.kit.importing import Importer, ImportScope, Outcome, Source, run
from jixiao.policies import for_region
from jixiao.registers.documents.importer import IMPORTERS as DOCUMENTS
from jixiao.registers.institutions.importer import IMPORTERS as INSTITUTIONS
from jixiao.registers.organizations.importer import IMPORTERS as ORGANIZATIONS
from jixiao.registers.organizations.models import Division, Region, Unit, UnitYear
from jixiao.registers.subjects.importer import IMPORTERS as SUBJECTS
from jixiao.registers.subjects.models import Subject, SubjectYear

REGION, YEAR = "999999", 2022
DEMO = Path(__file__).parent.parent / "demo"
REGISTERS: tuple[Importer, ...] = (*ORGANIZATIONS, *DOCUMENTS, *INSTITUTIONS, *SUBJECTS)

UNITS = """单位编码,单位名称,上级单位编码,单位级次,单位类型,归口股室
101,甲县教育局,,1,部门,教科文股
101001,甲县第一小学,101,2,下属单位,教科文股
201,甲县城关镇,,1,乡镇,农业农村股
"""
PROJECTS = """年度,项目编码,项目名称,单位编码,对象类型,项目类别,项目性质,年初预算,追加调整,上年预算,绩效总目标
2022,P1,校舍维修项目,101,项目,一般性项目,延续,100,0,95,完成校舍维修
2022,P2,助学金项目,101001,项目,政策性项目,新增,200,50,0,发放助学金
2022,Z1,镇村道路政策,201,政策,,新增,300,0,0,修好道路
"""


def region(code: str = REGION, name: str = "甲县") -> Region:
    """A region, made once."""
    return Region.objects.get_or_create(code=code, defaults={"name": name, "bureau": f"{name}财政局"})[0]


def actor(role: Role = Role.PERFORMANCE_OFFICE, code: str = REGION, **place: str) -> Actor:
    """Somebody in a role; `unit_path` and `division` as keywords. He has no account."""
    return Actor(user_id=None, name=role.label, role=role, region=code, **place)


def unit(code: str = "101", *, year: int = YEAR, parent: UnitYear | None = None, **facts: Any) -> UnitYear:
    """A unit in a year, below `parent` if given."""
    home = region(facts.pop("region", parent.region if parent else REGION)).code
    path = f"{parent.path if parent else ''}{code}/"
    before = UnitYear.objects.filter(region=home, code=code).first()
    division = facts.pop("division", "")
    defaults: dict[str, Any] = {
        "name": f"单位{code}",
        "kind": UnitKind.SUBORDINATE if parent else UnitKind.DEPARTMENT,
        "level": path.count("/"),
        "division": Division.objects.get_or_create(region=home, name=division)[0] if division else None,
    }
    owner = before.unit if before else Unit.objects.create(region=home)
    return UnitYear.objects.create(
        unit=owner, region=home, year=year, code=code, path=path, parent=parent, **(defaults | facts)
    )


def subject_year(code: str = "P1", place: UnitYear | None = None, **facts: Any) -> SubjectYear:
    """A subject in a year at a unit; amounts in fen. A code known from another year is the same subject."""
    year = facts.pop("year", YEAR)
    place = place or UnitYear.objects.filter(year=year, code="101").first() or unit(year=year)
    kind = facts.pop("kind", SubjectKind.PROJECT)
    before = SubjectYear.objects.filter(region=place.region, code=code, kind=kind).first()
    return SubjectYear.objects.create(
        subject=before.subject if before else Subject.objects.create(region=place.region, kind=kind),
        region=place.region,
        year=year,
        code=code,
        kind=kind,
        unit=place.unit,
        unit_name=place.name,
        unit_path=place.path,
        division=place.division,
        **({"name": f"项目{code}"} | facts),
    )


def scope(code: str = REGION, year: int = YEAR) -> ImportScope:
    """An import by the system into a region under its shipped rules."""
    return ImportScope(code, year, system(code), for_region)


def run_import(
    tables: Mapping[str, str],
    importers: Sequence[Importer],
    *,
    code: str = REGION,
    year: int = YEAR,
    commit: bool = True,
) -> Outcome:
    """Import CSV texts by table key, e.g. {"units": UNITS, "projects": PROJECTS}. Codes and dates are as in files."""
    region(code)
    sources = [Source(f"{key}.csv", text.encode()) for key, text in tables.items()]
    return run(sources, importers, scope(code, year), commit=commit)


def stored(tables: Mapping[str, str], importers: Sequence[Importer], **place: Any) -> Outcome:
    """`run_import` that must succeed."""
    outcome = run_import(tables, importers, **place)
    assert not outcome.problems, [str(problem) for _, problem in outcome.problems]
    return outcome


def load_folder(folder: Path, importers: Sequence[Importer], *, code: str, name: str, year: int) -> Outcome:
    """Import every table of a folder of CSV files that the importers know."""
    known = {table.key for importer in importers for table in importer.tables}
    texts = {path.stem: path.read_text(encoding="utf-8-sig") for path in sorted(folder.glob("*.csv"))}
    region(code, name)
    return stored({key: text for key, text in texts.items() if key in known}, importers, code=code, year=year)


def load_demo(key: str, importers: Sequence[Importer]) -> Outcome:
    """Import a demo district, e.g. "xixia-2022". Tests that need one read it from the fixture `demo`."""
    district = DISTRICTS[key]
    facts = {"name": district.name, "bureau": f"{district.name}财政局", "demo": True}
    Region.objects.get_or_create(code=district.region_code, defaults=facts)
    return load_folder(DEMO / key, importers, code=district.region_code, name=district.name, year=district.year)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back, for fixtures that serve a whole module. Only on a database of the tests."""
    name = str(connection.settings_dict["NAME"])
    if "mode=memory" not in name and not name.startswith("test_"):
        raise RuntimeError(f"{name} is not a database of the tests: ask for the fixture django_db_setup")
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def figure_values(figures: Sequence[Figure], reader: Actor, year: int = YEAR) -> dict[str, Value]:
    """The figures' values by key, those without a value left out."""
    answers = [answer(figure, Scope(reader.region, year, reader)) for figure in figures]
    return {found.figure.key: found.value for found in answers if found.value is not None}


def day(text: str) -> date:
    """ "2022-07-31" as a date."""
    return date.fromisoformat(text)
