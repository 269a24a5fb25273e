"""Experts' marks: hidden from one another by every door until the organiser puts them together."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse
from tests.stages.evaluation.online import county, engage, fresh, office, opened, person, plan, take
from tests.stages.evaluation.test_engagement import browser, pages_of

from jixiao.domain.actors import Role
from jixiao.domain.decisions import Refused
from jixiao.kit import moving
from jixiao.kit.models import AuditEntry, Receipt, Transition
from jixiao.registers.institutions.models import Engagement
from jixiao.stages.evaluation.actions import panel, working
from jixiao.stages.evaluation.documents import report
from jixiao.stages.evaluation.models import PanelMember
from jixiao.stages.evaluation.reports.sheets import panel_lines, panel_rows

pytestmark = pytest.mark.django_db
SECRET = Decimal("2.37")
OPINION = "立项批复晚于开工"


@pytest.fixture(autouse=True)
def _county():
    cache.clear()
    county()


@pytest.fixture
def sheet():
    made, one = opened(), office()
    plan(made, one)
    take(made, "notify", one)
    for name in ("expert-one", "expert-two"):
        who = person(Role.EXPERT, name)
        party = engage(made, who).expert
        PanelMember.objects.create(
            region=made.region, year=made.year, evaluation=made, expert=party, account_id=who.user_id
        )
    take(made, "begin", one)
    return fresh(made)


def expert(name="expert-one"):
    return person(Role.EXPERT, name)


def member(name="expert-one"):
    return PanelMember.objects.get(account__login=name)


def mark(name="expert-one", first=SECRET, finish=True):
    """This expert gives `first` to the first item and full points to the others."""
    mine = member(name)
    marks = list(mine.evaluation.marks.order_by("position"))
    points = {one.pk: one.weight for one in marks} | {marks[0].pk: first}
    panel.give(mine, expert(name), points, {marks[0].pk: OPINION}, OPINION, version=mine.version)
    if finish:
        mine = member(name)
        moving.move(mine, "submit", expert(name), version=mine.version)


def close(who=None):
    found = PanelMember.objects.first().evaluation
    return panel.close(fresh(found), who or office(), version=fresh(found).version)


def test_an_expert_opens_his_own_marks_and_nobody_elses(sheet):
    mark()
    one, two = browser(expert()), browser(expert("expert-two"))
    mine = reverse("evaluation-marking", args=[member().pk])
    page = one.get(mine)
    assert page.status_code == 200
    assert "2.37" in page.content.decode()
    assert two.get(mine).status_code == 404
    assert two.post(mine, {"version": 1}).status_code == 404
    assert two.post(reverse("evaluation-marking-move", args=[member().pk]), {"move": "take_back"}).status_code == 404
    assert browser(office()).get(mine).status_code == 404


@pytest.mark.parametrize("role", [Role.EXPERT, Role.PERFORMANCE_OFFICE, Role.AGENCY, Role.LEADER, Role.UNIT])
def test_before_closing_no_door_shows_what_an_expert_gave(sheet, role):
    mark()
    name = "expert-two" if role is Role.EXPERT else role.value
    who = office() if role is Role.PERFORMANCE_OFFICE else person(role, name)
    if role is Role.AGENCY:
        engage(sheet, who)
    if role is Role.UNIT:
        who = person(role, name, unit_path="101/")
    client = browser(who)
    seen = list(pages_of(client).values())
    for address in ("evaluation", "evaluation-report", "evaluation-report-docx", "evaluation-papers"):
        response = client.get(reverse(address, args=[sheet.pk]))
        content = b"".join(response.streaming_content) if response.streaming else response.content
        seen.append(content.decode(errors="replace"))
    paper = report(fresh(sheet), who, sheet.opened_on)
    seen.append("".join(span if isinstance(span, str) else span.text for span in paper.spans()))
    assert not any("2.37" in page or OPINION in page for page in seen)
    assert panel_lines(who, fresh(sheet)) == []
    mine = PanelMember.objects.visible_to(who)
    assert {row.account.login for row in mine} <= {"expert-two"}


def test_the_trail_and_the_receipts_keep_no_points_before_closing(sheet):
    mark()
    kept = [str(row.after) + str(row.before) for row in AuditEntry.objects.all()]
    kept += [str(row.answer) for row in Receipt.objects.all()] + [row.note for row in Transition.objects.all()]
    assert not any("2.37" in text or OPINION in text for text in kept)
    assert any("17" in text for text in kept), "it says how many items were marked"


def test_the_office_sees_who_has_finished_and_not_the_points(sheet):
    mark()
    rows = panel_rows(office(), fresh(sheet))
    assert [(row["member"].expert.name, row["mark"].words, row["opinion"]) for row in rows] == [
        ("expert-one", "已提交", ""),
        ("expert-two", "打分中", ""),
    ]
    assert [row["member"].account.login for row in panel_rows(expert(), fresh(sheet))] == ["expert-one"]
    page = browser(office()).get(reverse("evaluation", args=[sheet.pk])).content.decode()
    assert "还有 1 位专家没有提交打分" in page


def test_closing_averages_explains_the_spread_and_opens_the_marks(sheet):
    mark(first=Decimal("2.37"))
    with pytest.raises(Refused, match="还有 1 位专家没有提交打分"):
        close()
    mark("expert-two", Decimal("2.40"))
    for stranger in (expert(), person(Role.LEADER)):
        with pytest.raises(Refused, match="由绩效股办理"):
            close(stranger)
    closed = close()
    line = panel_lines(office(), fresh(closed))[0]
    assert (line.given, line.spread.average, line.spread.width) == (
        (Decimal("2.37"), Decimal("2.40")),
        Decimal("2.39"),
        Decimal("0.03"),
    )
    first = closed.marks.order_by("position").first()
    assert (first.points, first.before) == (Decimal("2.39"), Decimal("2.39"))
    page = browser(expert("expert-two")).get(reverse("evaluation", args=[sheet.pk])).content.decode()
    assert "2.37" in page
    with pytest.raises(Refused, match="已经合分"):
        moving.move(member(), "take_back", expert(), version=member().version)
    with pytest.raises(Refused, match="没有等待合分"):
        close()


def test_points_come_from_the_experts_and_a_change_afterwards_gives_its_reason(sheet):
    one = office()
    marks = list(sheet.marks.order_by("position"))
    with pytest.raises(Refused, match="合分以前不填得分"):
        working.write_papers(sheet, one, {marks[0].pk: {"points": Decimal(1)}}, version=sheet.version)
    facts = {item.pk: {"found": "已核实"} for item in marks}
    working.write_papers(sheet, one, facts, version=sheet.version)
    mark()
    mark("expert-two")
    assert "专家打分还没有合分" in "".join(moving.decide(fresh(sheet), "consult", one).reasons)
    close()
    found = fresh(sheet)
    working.write_papers(found, one, {marks[0].pk: {"points": Decimal(1)}}, version=found.version)
    assert "须写明理由：立项依据充分性" in "".join(moving.decide(fresh(sheet), "consult", one).reasons)


def test_an_unfinished_or_foreign_or_impossible_mark_is_refused(sheet):
    mark(finish=False)
    mine = member()
    marks = list(sheet.marks.order_by("position"))
    full = {one.pk: one.weight for one in marks}
    with pytest.raises(Refused, match="只能填写自己的打分"):
        panel.give(mine, expert("expert-two"), full, {}, "", version=mine.version)
    with pytest.raises(Refused, match="应在 0 至 3 分之间"):
        panel.give(mine, expert(), full | {marks[0].pk: Decimal("3.01")}, {}, "", version=mine.version)
    panel.give(mine, expert(), full | {marks[0].pk: None}, {}, "", version=mine.version)
    mine = member()
    assert "还有指标没有打分：立项依据充分性" in "".join(moving.decide(mine, "submit", expert()).reasons)


def test_an_expert_who_leaves_the_panel_loses_his_key(sheet):
    mark()
    two = expert("expert-two")
    assert browser(two).get(reverse("evaluation", args=[sheet.pk])).status_code == 200
    found = fresh(sheet)
    panel.drop(member("expert-two"), office(), version=found.version)
    assert browser(two).get(reverse("evaluation", args=[sheet.pk])).status_code == 404
    assert Engagement.objects.filter(accounts=two.user_id).count() == 1
    assert close().panel.count() == 1
