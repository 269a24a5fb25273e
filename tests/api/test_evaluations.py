"""Evaluations for another system: an agency's whole way, hidden marks, replies; the guards are those of the pages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone
from tests.api.callers import caller, told
from tests.stages.evaluation.online import county, engage, office, opened, plan, take, worked

from jixiao.domain.actors import Actor, Role
from jixiao.registers.institutions.models import Engagement
from jixiao.registers.organizations.models import UnitYear
from jixiao.stages.evaluation.models import Evaluation, PanelMember

pytestmark = pytest.mark.django_db
SECRET = "2.37"


@pytest.fixture(autouse=True)
def _county():
    cache.clear()
    county()


def program(role, code=""):
    """A program and the actor it acts for."""
    unit = UnitYear.objects.get(code=code) if code else None
    made = caller(role, unit.unit if unit else None)
    user = made.kept.grant.user
    return made, Actor(user.pk, user.login, role, "999999", unit.path if unit else "")


def at(sheet, part=""):
    return f"evaluations/{sheet.pk}{part}"


def move(who, sheet, code, note="", status=200):
    found = who.get(at(sheet))
    return told(who.send("post", at(sheet, f"/moves/{code}"), {"version": found["version"], "note": note}), status)


def save(who, place, status=200, **content):
    version = content.pop("version", None) or who.get(place.rsplit("/", 1)[0])["version"]
    return told(who.send("put", place, {"version": version, **content}), status)


def test_the_office_opens_an_evaluation_once_and_a_wrong_one_names_its_field():
    ours = caller()
    said = {"code": "P1", "subject_year": 2022, "method": "key"}
    wrong = told(ours.send("post", "evaluations?year=2023", said | {"code": "P9"}), 422)
    assert [one["column"] for one in wrong["problems"]] == ["code"]
    first = told(ours.send("post", "evaluations?year=2023", said, **{"Idempotency-Key": "a"}))
    again = told(ours.send("post", "evaluations?year=2023", said, **{"Idempotency-Key": "a"}))
    assert first["id"] == again["id"]
    assert (first["number"], first["state"]["code"], len(first["marks"])) == ("ZD2023001", "draft", 17)
    twice = told(ours.send("post", "evaluations?year=2023", said), 422)
    assert "已有一项在办" in twice["message"]
    listed = ours.get("evaluations?year=2023&method=key")["rows"]
    assert [(row["code"], row["arranged"]) for row in listed] == [("P1", first["arranged"])]


def test_a_unit_opens_none_and_finds_only_what_it_was_notified_of():
    sheet = opened()
    school, _ = program(Role.UNIT, "101")
    said = {"code": "P1", "subject_year": 2022, "method": "key"}
    assert school.send("post", "evaluations?year=2023", said).status_code == 422
    assert Evaluation.objects.count() == 1
    school.get(at(sheet), 404)
    assert school.get("evaluations?year=2023")["rows"] == []


def test_an_agencys_system_works_from_the_plan_to_the_report():
    sheet, one = opened(), office()
    agency, actor = program(Role.AGENCY)
    engage(sheet, actor)
    plan(sheet, one)
    take(sheet, "notify", one)
    move(agency, sheet, "submit_plan")
    take(sheet, "return_plan", one, "抽样范围没有写清")
    found = agency.get(at(sheet))
    assert [(row["text"], row["answer"]) for row in found["defects"]] == [("抽样范围没有写清", "")]
    assert "退回意见没有答复" in move(agency, sheet, "submit_plan", status=422)["message"]
    key = found["defects"][0]["id"]
    save(agency, at(sheet, "/defects"), rows=[{"id": key, "answer": "已补充"}])
    move(agency, sheet, "submit_plan")
    take(sheet, "approve_plan", one)
    papers = agency.get(at(sheet, "/papers"))
    weights = {mark["id"]: mark["weight"] for mark in agency.get(at(sheet))["marks"]}
    rows = [row | {"points": weights[row["id"]], "found": "属实"} for row in papers["rows"]]
    written = save(agency, at(sheet, "/papers"), rows=rows)
    assert {mark["found"] for mark in written["marks"]} == {"属实"}
    report = {"received": "60", "problems": "支付慢：合同迟", "suggestions": "加快\n完善", "background": "维修"}
    told_now = save(agency, at(sheet, "/report"), **report)
    assert (told_now["received"], [p["category"] for p in told_now["problems"]]) == (60_0000_00, ["支付慢"])
    move(agency, sheet, "submit_papers")
    take(sheet, "approve_papers", one)
    school, _ = program(Role.UNIT, "101")
    save(school, at(sheet, "/reply"), reply="同意", rows=[])
    move(agency, sheet, "submit_report")
    assert agency.get(at(sheet))["state"]["code"] == "review"


def test_what_stands_may_be_sent_back_and_changes_nothing_but_the_version():
    sheet, one = opened(), office()
    plan(sheet, one)
    take(sheet, "notify", one)
    take(sheet, "begin", one)
    ours = caller()
    for part in ("papers", "report"):
        stands = ours.get(at(sheet, f"/{part}"))
        before = {name: value for name, value in ours.get(at(sheet)).items() if name not in ("version", "moves")}
        after = told(ours.send("put", at(sheet, f"/{part}"), stands))
        assert {name: after[name] for name in before} == before
        assert after["version"] == stands["version"] + 1


def test_errors_name_row_and_column_stale_ones_are_refused_and_nothing_is_half_stored():
    sheet, one = opened(), office()
    plan(sheet, one)
    take(sheet, "notify", one)
    take(sheet, "begin", one)
    ours = caller()
    marks = ours.get(at(sheet))["marks"]
    over = [{"id": marks[0]["id"], "points": "1"}, {"id": marks[1]["id"], "points": "99"}]
    wrong = save(ours, at(sheet, "/papers"), 422, rows=over)
    assert [(one["row"], one["column"]) for one in wrong["problems"]] == [(2, "points")]
    assert {mark["points"] for mark in ours.get(at(sheet))["marks"]} == {None}
    foreign = save(ours, at(sheet, "/papers"), 422, rows=[{"id": 0, "points": "1"}])
    assert [one["column"] for one in foreign["problems"]] == ["id"]
    save(ours, at(sheet, "/papers"), rows=over[:1])
    save(ours, at(sheet, "/papers"), 409, version=1, rows=over[:1])
    late = save(ours, at(sheet, "/items"), 409, rows=[{"name": "甲", "level1": "产出", "weight": "100"}])
    assert "现在不能修改" in late["message"]


def test_the_items_are_sent_whole_and_a_row_without_a_name_is_not_dropped_silently():
    sheet, ours = opened(), caller()
    rows = ours.get(at(sheet, "/items"))["rows"]
    assert len(rows) == 17
    bare = save(ours, at(sheet, "/items"), 422, rows=[*rows, {"level1": "产出", "weight": "1"}])
    assert [(one["row"], one["column"]) for one in bare["problems"]] == [(18, "name")]
    told_now = save(ours, at(sheet, "/items"), rows=[rows[0] | {"weight": "40"}, rows[-1] | {"weight": "60"}])
    assert [mark["weight"] for mark in told_now["marks"]] == ["40", "60"]


@pytest.fixture
def panel():
    """An evaluation that two experts mark, each through a program of his own."""
    sheet, one = opened(), office()
    plan(sheet, one)
    take(sheet, "notify", one)
    programs = []
    for _ in range(2):
        made, actor = program(Role.EXPERT)
        party = engage(sheet, actor).expert
        place = {"region": sheet.region, "year": sheet.year, "evaluation": sheet}
        PanelMember.objects.create(**place, expert=party, account_id=actor.user_id)
        programs.append(made)
    take(sheet, "begin", one)
    return sheet, programs


def give(who, first=SECRET):
    mine = who.get("expert-sheets?year=2023")["rows"][0]["id"]
    found = who.get(f"expert-sheets/{mine}")
    rows = [{"id": mark["id"], "points": mark["weight"], "reason": "核对"} for mark in found["marks"]]
    rows[0]["points"] = first
    content = {"version": found["version"], "opinion": "总体较好", "rows": rows}
    saved = told(who.send("put", f"expert-sheets/{mine}", content))
    told(who.send("post", f"expert-sheets/{mine}/moves/submit", {"version": saved["version"]}))
    return mine


def test_no_door_of_the_api_shows_an_experts_marks_before_they_are_put_together(panel):
    sheet, (first, second) = panel
    mine = give(first)
    ours, agency = caller(), program(Role.AGENCY)
    engage(sheet, agency[1])
    others = (second, ours, agency[0], caller(Role.LEADER), program(Role.UNIT, "101")[0])
    for who in others:
        seen = [who.send("get", "expert-sheets?year=2023"), who.send("get", f"expert-sheets/{mine}")]
        seen += [who.send("get", at(sheet, part)) for part in ("", "/papers", "/report", "/defects")]
        seen.append(who.send("get", "evaluations?year=2023"))
        assert not any(SECRET in one.content.decode() or "总体较好" in one.content.decode() for one in seen)
        assert seen[1].status_code == 404
        assert who.send("put", f"expert-sheets/{mine}", {"version": 1}).status_code in (403, 404)
        assert who.send("post", f"expert-sheets/{mine}/moves/take_back", {"version": 3}).status_code in (403, 404)
    assert [row["id"] for row in first.get("expert-sheets?year=2023")["rows"]] == [mine]
    assert [one["id"] for one in second.get(at(sheet))["panel"]] != [mine]


def test_marks_are_put_together_by_the_organiser_alone_and_then_all_but_the_evaluated_read_them(panel):
    sheet, (first, second) = panel
    mine, ours = give(first), caller()
    closing = at(sheet, "/close-panel")
    told(ours.send("post", closing, {"version": ours.get(at(sheet))["version"]}), 422)
    hidden = ours.get(at(sheet, "/papers"))["rows"]
    told(ours.send("put", at(sheet, "/papers"), {"version": ours.get(at(sheet))["version"], "rows": hidden}))
    sent = [{"id": hidden[0]["id"], "points": "1"}]
    refused = save(ours, at(sheet, "/papers"), 422, rows=sent)
    assert [(one["row"], one["column"]) for one in refused["problems"]] == [(1, "points")]
    give(second, "2.40")
    told(first.send("post", closing, {"version": 1}), 404)
    closed = told(ours.send("post", closing, {"version": ours.get(at(sheet))["version"]}))
    assert (closed["marks"][0]["points"], len(closed["panel"])) == ("2.39", 2)
    assert second.get(f"expert-sheets/{mine}")["marks"][0]["points"] == SECRET
    told(second.send("put", f"expert-sheets/{mine}", {"version": 1}), 404)
    school, _ = program(Role.UNIT, "101")
    school.get("expert-sheets?year=2023", 404)
    assert school.get(at(sheet))["panel"] == []


def test_the_evaluated_unit_reads_points_from_the_exchange_of_views_on_and_replies_once():
    sheet, one = opened(), office()
    take(sheet, "notify", one)
    school, _ = program(Role.UNIT, "101")
    found = school.get(at(sheet))
    assert (found["shown"], found["points"], found["marks"][0]["found"]) == (False, None, None)
    sheet = worked(opened(code="P2"), one)
    sheet = Evaluation.objects.get(pk=sheet.pk)
    owner, _ = program(Role.UNIT, UnitYear.objects.get(unit=sheet.subject_year.unit_id, year=2022).code)
    found = owner.get(at(sheet))
    assert (found["shown"], found["points"]) == (True, "99.5")
    save(owner, at(sheet, "/reply"), reply="有异议", rows=[{"id": found["marks"][0]["id"], "objection": "批复在先"}])
    ours = caller()
    rows = ours.get(at(sheet, "/settlements"))["rows"]
    assert len(rows) == 1
    settled = save(ours, at(sheet, "/settlements"), rows=[rows[0] | {"settled": "采纳"}])
    assert (settled["marks"][0]["objection"], settled["marks"][0]["settled"]) == ("批复在先", "采纳")
    step = {"version": settled["version"], "kind": "fieldwork", "on": str(timezone.localdate()), "who": "三人"}
    assert told(ours.send("post", at(sheet, "/procedure"), step))["procedure"][-1]["who"] == "三人"


def test_strangers_find_nothing_and_a_key_opens_from_its_first_day_to_its_last():
    sheet = opened()
    agency, actor = program(Role.AGENCY)
    for place in (at(sheet), at(sheet, "/papers")):
        agency.get(place, 404)
    engagement = engage(sheet, actor)
    assert agency.get(at(sheet))["number"] == sheet.number
    assert [row["name"] for row in agency.get("engagements?year=2023")["rows"]] == ["甲事务所"]
    assert agency.send("get", "agencies").status_code == 404
    Engagement.objects.filter(pk=engagement.pk).update(until=timezone.localdate() - dt.timedelta(days=1))
    agency.get(at(sheet), 404)
    assert agency.get("engagements?year=2023")["rows"] == []
    Engagement.objects.filter(pk=engagement.pk).update(
        until=timezone.localdate() + dt.timedelta(days=1), ended_at=timezone.now()
    )
    agency.get(at(sheet), 404)
    other = caller(Role.UNIT, UnitYear.objects.get(code="201").unit)
    other.get(at(sheet), 404)
