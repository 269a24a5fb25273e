"""Entries in the database: proposed, approved, edited, imported, gathered."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.browsing import signed_in, text, title
from tests.factories import PROJECTS, REGION, REGISTERS, UNITS, actor, run_import, scope, stored
from tests.registers.indicators.entries import OUTPUT, VALUES, entered, observed, proposed

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.domain.indicators import Comparison
from jixiao.kit import moving, xlsx
from jixiao.kit.acting import Stale
from jixiao.kit.importing import Source, run
from jixiao.kit.models import Transition
from jixiao.overview.todo import proposals as waiting_proposals
from jixiao.registers.indicators import actions, search
from jixiao.registers.indicators.importer import IMPORTERS, LIBRARY, load_starter
from jixiao.registers.indicators.learning import learn, put_forward
from jixiao.registers.indicators.models import Entry, EntryVersion, Standard
from jixiao.registers.indicators.rules import Provenance, StandardKind
from jixiao.registers.indicators.views.listing import COLUMNS
from jixiao.registers.indicators.workflow import State
from jixiao.registers.organizations.models import UnitYear

pytestmark = pytest.mark.django_db
HEAD = "一级指标,二级指标,三级指标,指标性质,计量单位,计算方法,行业\n"
ROW = "产出指标,数量指标,校舍维修面积,≥,平方米,验收面积合计,教育\n"
POSTED = {name: str(value) for name, value in VALUES.items()}


@pytest.fixture(autouse=True)
def registers():
    stored({"units": UNITS, "projects": PROJECTS}, REGISTERS)


def test_a_unit_proposes_and_the_performance_office_takes_it_in_and_out():
    entry = proposed()
    assert (entry.state, entry.provenance) == (State.PROPOSED, Provenance.PROPOSED)
    moved = moving.move(entry, "accept", actor(), version=1)
    moved = moving.move(moved, "remove", actor(), version=2, note="不再使用")
    assert moved.state == State.WITHDRAWN
    assert entry not in Entry.objects.all().offered()
    moved = moving.move(moved, "restore", actor(), version=3, note="仍需使用")
    assert moved.state == State.PROPOSED
    with pytest.raises(Refused, match="绩效股"):
        moving.move(moved, "accept", actor(Role.DEPARTMENT), version=4)


def test_an_entry_without_method_or_with_a_bare_standard_does_not_enter():
    entry = entered("学得的指标", state=State.PROPOSED)
    Standard.objects.create(entry=entry, kind=StandardKind.INDUSTRY, value="95", source="")
    with pytest.raises(Refused) as refused:
        moving.move(entry, "accept", actor(), version=1)
    assert len(refused.value.reasons) == 3


def test_experts_and_leaders_propose_nothing():
    with pytest.raises(Refused, match="申报指标由"):
        actions.propose(actor(Role.EXPERT), VALUES, [])


def test_the_same_indicator_is_not_proposed_twice():
    proposed()
    with pytest.raises(Refused, match="已有"):
        proposed()


def test_an_edit_makes_a_version_with_who_when_and_why():
    entry = proposed()
    actions.edit(entry, actor(), VALUES | {"method": "按图斑合计"}, [], version=1, reason="口径统一")
    kept = list(EntryVersion.objects.filter(entry=entry).order_by("no"))
    assert [(v.no, v.content["method"], v.reason) for v in kept] == [
        (1, "竣工验收的维修面积合计", "申报"),
        (2, "按图斑合计", "口径统一"),
    ]
    assert kept[0].content["standards"] == [["plan", "5000", "甲县校舍维修计划", "2022"]]
    with pytest.raises(Stale):
        actions.edit(entry, actor(), VALUES, [], version=1, reason="晚了一步")


def test_who_proposed_edits_until_it_is_decided():
    entry = proposed()
    mine, other = actor(Role.UNIT, unit_path="101/"), actor(Role.UNIT, unit_path="201/")
    assert actions.editable(entry, mine)
    assert not actions.editable(entry, other)
    moving.move(entry, "accept", actor(), version=1)
    assert not actions.editable(Entry.objects.get(pk=entry.pk), mine)


def test_a_table_comes_in_as_approved_entries_with_versions_and_out_the_same():
    columns = "二级指标,三级指标,计量单位,标准类别,标准值,标准出处,标准年度\n"
    standards = columns + "数量指标,校舍维修面积,平方米,计划标准,5000,甲县计划,2022\n"
    tables = {"indicator_library": HEAD + ROW, "indicator_standards": standards}
    assert stored(tables, IMPORTERS).counts["indicator_library"] == {"new": 2, "changed": 0, "same": 0}
    entry = Entry.objects.get()
    assert (entry.state, entry.provenance, entry.comparison) == (State.APPROVED, "imported", Comparison.AT_LEAST)
    assert Transition.objects.filter(sheet_id=entry.pk, move="record").count() == 1
    assert entry.edits.get().content["standards"] == [["plan", "5000", "甲县计划", "2022"]]
    assert search.matching(REGION, "校舍") == [entry.pk]
    again = run([Source("库.xlsx", xlsx.write(LIBRARY, [entry]))], IMPORTERS, scope(), commit=True)
    assert not again.problems
    assert again.counts["indicator_library"] == {"new": 0, "changed": 0, "same": 1}


def test_a_corrected_table_makes_a_new_version():
    stored({"indicator_library": HEAD + ROW}, IMPORTERS)
    stored({"indicator_library": HEAD + ROW.replace("验收面积合计", "图斑面积合计")}, IMPORTERS)
    entry = Entry.objects.get()
    assert (entry.method, entry.version) == ("图斑面积合计", 2)
    assert [v.no for v in entry.edits.order_by("no")] == [1, 2]


def test_a_withdrawn_entry_stays_out_when_its_table_comes_again():
    stored({"indicator_library": HEAD + ROW}, IMPORTERS)
    moving.move(Entry.objects.get(), "remove", actor(), version=1, note="不再使用")
    assert stored({"indicator_library": HEAD + ROW}, IMPORTERS).changes == 0
    assert Entry.objects.get().state == State.WITHDRAWN


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROW.replace("平方米", ""), "计量单位"),
        (ROW.replace("产出指标", "效益指标"), "不属于"),
        (ROW.replace("验收面积合计", ""), "没有填写"),
        (ROW + ROW, "重复"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_stored(row, said):
    outcome = run_import({"indicator_library": HEAD + row}, IMPORTERS)
    assert any(said in problem.message for _, problem in outcome.problems)
    assert not Entry.objects.exists()


def test_a_standard_needs_an_entry():
    table = "二级指标,三级指标,计量单位,标准类别,标准值,标准出处\n数量指标,没有的指标,个,行业标准,5,某文件\n"
    outcome = run_import({"indicator_standards": table}, IMPORTERS)
    assert "指标库中没有这个指标" in outcome.problems[0][1].message


def test_the_starter_library_comes_in_once_and_enriches_what_was_learned():
    learn(REGION, {("质量指标", "工程竣工一次验收合格率", "%"): OUTPUT})
    outcome = load_starter(scope())
    assert not outcome.problems
    learned = Entry.objects.get(name="工程竣工一次验收合格率")
    assert (learned.state, learned.provenance, bool(learned.method)) == (State.APPROVED, Provenance.STARTER, True)
    assert Entry.objects.count() >= 600
    assert not Standard.objects.exists()
    assert load_starter(scope()).changes == 0


def test_the_starter_library_leaves_alone_what_the_region_edited():
    load_starter(scope())
    entry = Entry.objects.get(name="政策知晓率")
    values = VALUES | {name: getattr(entry, name) for name in VALUES} | {"method": "本县口径"}
    actions.edit(entry, actor(), values, [], version=entry.version, reason="本县口径")
    assert load_starter(scope()).changes == 0
    assert Entry.objects.get(pk=entry.pk).method == "本县口径"


def test_learned_indicators_are_proposals_and_come_under_one_name():
    keys = [("数量指标", name, "人") for name in ("培训人数", "2022年度培训人员数量")]
    known = learn(REGION, dict.fromkeys(keys, OUTPUT))
    first, second = (Entry.objects.get(pk=known[key]) for key in keys)
    assert {first.state, second.state} == {State.PROPOSED}
    assert search.matching(REGION, "培训") == [first.pk, second.pk]
    observed(second, "P1")
    observed(second, "P2")
    observed(first, "P2", position=2)
    (found,) = put_forward(REGION, 2)
    assert (found.leader.key, [one.key for one in found.variants], found.uses) == (second.pk, [first.pk], 3)
    actions.gather(second, [first], actor())
    assert Entry.objects.get(pk=first.pk).variant_of == second
    assert [one.leader.key for one in put_forward(REGION, 2)] == [second.pk]
    assert not Entry.objects.all().offered().filter(pk=first.pk).exists()


def test_only_the_performance_office_gathers_and_nothing_goes_under_itself():
    entry = proposed()
    with pytest.raises(Refused) as refused:
        actions.gather(entry, [entry], actor(Role.UNIT))
    assert set(refused.value.reasons) >= {"归并由绩效股办理", "指标不能归入它自己"}


def test_an_entry_is_proposed_and_edited_on_its_pages():
    unit = signed_in(Role.UNIT, UnitYear.objects.get(code="101").unit)
    assert unit.get(reverse("indicator-propose")).status_code == 200
    answer = unit.post(reverse("indicator-propose"), POSTED | {"token": "a", "kind-0": "plan", "value-0": "9"})
    assert answer.status_code == 422
    assert "标准的类别、标准值和出处要一起填" in answer.content.decode()
    sent = POSTED | {"token": "b", "kind-0": "plan", "value-0": "9", "source-0": "计划", "year-0": "2022"}
    assert unit.post(reverse("indicator-propose"), sent).status_code == 303
    entry = Entry.objects.get()
    assert list(entry.standards.values_list("value", "source", "year")) == [("9", "计划", 2022)]
    address = reverse("indicator-edit", args=[entry.pk])
    assert unit.post(address, sent | {"version": "1", "reason": "更正", "unit": "亩", "token": "c"}).status_code == 303
    late = unit.post(address, sent | {"version": "1", "reason": "更正", "unit": "公顷", "token": "d"})
    assert late.status_code == 409
    assert "公顷" in late.content.decode()
    page = text(unit, reverse("indicator", args=[entry.pk]))
    assert "计量单位：平方米 → 亩" in page
    office = signed_in()
    office.post(reverse("indicator-move", args=[entry.pk]), {"move": "accept", "version": "2", "token": "e"})
    assert Entry.objects.get().state == State.APPROVED


def test_proposals_are_gathered_on_their_page():
    keys = [("数量指标", name, "人") for name in ("培训人数", "培训人员数量")]
    known = learn(REGION, dict.fromkeys(keys, OUTPUT))
    office = signed_in()
    assert "培训人员数量" in text(office, reverse("indicator-proposals"))
    (cluster,) = put_forward(REGION, 2)
    address = reverse("indicator-gather", args=[cluster.leader.key])
    office.post(address, {"variant": [str(one.key) for one in cluster.variants], "token": "g"})
    assert Entry.objects.exclude(variant_of=None).count() == 1
    assert len(known) == 2


def test_the_starter_library_is_offered_while_it_is_not_there_and_loaded_by_a_button():
    office = signed_in()
    assert "载入起始指标库" in text(office, reverse("indicators"))
    office.post(reverse("indicators-starter"), {"token": "s"})
    assert "载入起始指标库" not in text(office, reverse("indicators"))
    assert title(office, reverse("indicators") + "?industry=水利&q=hd").startswith("指标库有")
    assert office.get(reverse("indicators-export") + "?industry=水利").content[:2] == b"PK"
    assert COLUMNS[0].link == "url"


def test_entries_of_another_region_are_missing():
    other = entered("外县指标", region="888888")
    assert signed_in().get(reverse("indicator", args=[other.pk])).status_code == 404


def test_proposals_wait_among_the_to_dos_of_the_performance_office():
    proposed()
    assert [one.name for one in waiting_proposals(actor())] == ["1 个申报的指标待审核入库"]
    assert waiting_proposals(actor(Role.UNIT, unit_path="101/")) == []
    assert "1 个申报的指标待审核入库" in text(signed_in(), reverse("home"))
