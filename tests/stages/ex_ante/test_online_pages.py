"""The pages on which an assessment is made: each role finds its forms, errors stand at fields, losers keep text."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from tests.browsing import signed_in, text
from tests.factories import day, stored
from tests.stages.ex_ante import online
from tests.stages.ex_ante.online import WAN

from jixiao.domain.actors import Role
from jixiao.domain.vocabulary import Verdict
from jixiao.kit.models import Attachment
from jixiao.registers.organizations.models import UnitYear
from jixiao.registers.subjects.models import Clearance
from jixiao.stages.ex_ante import reviewing
from jixiao.stages.ex_ante.frameworks import Framed
from jixiao.stages.ex_ante.models import Assessment, AssessmentExpert, Assessor, Exemption
from jixiao.stages.ex_ante.workflow import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def registers():
    cache.clear()
    online.imported()


def person(role, code=None):
    place = UnitYear.objects.get(code=code, year=2022).unit if code else None
    client = signed_in(role, place, online.REGION)
    client.post(reverse("switch-year"), {"year": "2022", "next": "/"})
    return client


def accountant():
    return person(Role.UNIT, "101001")


def reviewer():
    return person(Role.DEPARTMENT, "101")


def at(name, pk):
    return reverse(name, args=[pk])


def post(client, address, pk, sheet=None, **said):
    cache.clear()
    version = {} if sheet is None else {"version": Assessment.objects.get(pk=sheet.pk).version}
    return client.post(at(address, pk), {"token": f"{address}{pk}{len(said)}{said.get('move', '')}", **version, **said})


def shown(response):
    return response.content.decode()


def test_what_is_to_be_assessed_is_listed_with_a_button_for_who_may_begin():
    page = text(accountant(), reverse("ex-ante"))
    assert at("ex-ante-open", online.subject().pk) in page
    assert at("ex-ante-exempt", online.subject().pk) not in page
    assert at("ex-ante-exempt", online.subject().pk) in text(person(Role.PERFORMANCE_OFFICE), reverse("ex-ante"))
    assert "开展评估" not in text(person(Role.LEADER), reverse("ex-ante"))


def test_an_assessment_goes_its_whole_way_through_the_pages():
    unit, subject = accountant(), online.subject()
    assert "新增 600 万元，达到 500 万元" in text(unit, at("ex-ante-open", subject.pk))
    assert post(unit, "ex-ante-open", subject.pk, kind="project", asked="600").status_code == 303
    sheet = Assessment.objects.get()
    said = {"asked": "600", "background": "资助困难学生", "goal": "应助尽助", "funding": "区级财政拨款"}
    assert post(unit, "ex-ante-describe", sheet.pk, sheet, **said).status_code == 303
    for n, _ in enumerate(sheet.needed_materials()):
        file = SimpleUploadedFile(f"{n}.pdf", online.PDF + str(n).encode())
        proof = {"token": f"file{n}", "kind": f"material-{n}", "file": file}
        assert unit.post(at("ex-ante-attach", sheet.pk), proof).status_code == 303
    page = text(unit, at("ex-ante-sheet", sheet.pk))
    assert page.count("已附 1 份") == len(sheet.needed_materials())
    assert post(unit, "ex-ante-move", sheet.pk, sheet, move="submit").status_code == 303
    department = reviewer()
    for name in "甲乙丙":
        points = {f"points-{item.pk}": "4.5" for item in sheet.items.all()}
        who = {"name": name, "organisation": "省财经大学", "title": "教授", "token": f"expert{name}"}
        assert post(department, "ex-ante-expert-add", sheet.pk, sheet, **points, **who).status_code == 303
        online.attached(sheet, f"expert-{AssessmentExpert.objects.get(name=name).pk}")
    assert "录入一位专家的打分" in text(department, at("ex-ante-sheet", sheet.pk))
    opinion = {"advised": "500", "conclusion": "supported", "method": "座谈", "suggestions": "加强监管"}
    assert post(department, "ex-ante-judge", sheet.pk, sheet, **opinion).status_code == 303
    assert post(department, "ex-ante-move", sheet.pk, sheet, move="assess").status_code == 303
    office = person(Role.PERFORMANCE_OFFICE)
    assert "填写评估意见" in text(office, at("ex-ante-sheet", sheet.pk))
    assert post(office, "ex-ante-move", sheet.pk, sheet, move="conclude").status_code == 303
    sheet.refresh_from_db()
    assert (sheet.state, Clearance.objects.get(source=sheet.number).covered) == (State.CONCLUDED, 500 * WAN)
    page = text(unit, at("ex-ante-sheet", sheet.pk))
    assert "核减额" in page
    assert "90 分" in page
    assert "甲，省财经大学" not in page


def test_the_subject_says_why_it_is_due_and_which_document_says_so():
    page = text(accountant(), at("subject", online.subject().pk))
    assert "须事前评估" in page
    assert "不得安排预算" in page
    assert "新增 600 万元，达到 500 万元" in page
    assert "青山湖区区级财政支出事前绩效评估管理暂行办法" in page
    page = text(reviewer(), at("subject", online.subject("P1").pk))
    assert "不需事前评估" in page
    assert "延续，比上年增长 5.26%、增加 5 万元，未达到 30% 或 500 万元" in page


def test_nobody_attaches_beside_the_list_or_for_an_expert_who_is_not_there():
    sheet, unit = online.opened(), accountant()
    for kind in ("expert-1", "material-99", ""):
        file = SimpleUploadedFile("a.pdf", online.PDF)
        unit.post(at("ex-ante-attach", sheet.pk), {"token": f"t{kind}", "kind": kind, "file": file})
    assert not Attachment.objects.exists()


def test_papers_are_downloaded_and_withdrawn_until_they_are_submitted():
    sheet, unit = online.opened(), accountant()
    online.attached(sheet, "material-0")
    kept = Attachment.objects.get()
    answer = unit.get(at("ex-ante-attachment", kept.pk))
    assert (answer.content, answer.status_code) == (online.PDF, 200)
    Assessment.objects.update(state=State.DEPARTMENT_REVIEW)
    post(unit, "ex-ante-withdraw", kept.pk)
    assert Attachment.objects.filter(withdrawn_at=None).exists()
    Assessment.objects.update(state=State.DRAFT)
    assert unit.post(at("ex-ante-withdraw", kept.pk), {"token": "again"}).status_code == 303
    assert not Attachment.objects.filter(withdrawn_at=None).exists()


def test_an_assessment_recorded_afterwards_has_its_page_and_its_report_too():
    head = "工作年度,编号,对象编码,评估对象,对象类型,单位编码,触发原因,立项必要性,投入经济性,绩效目标合理性,"
    row = "2022,S1,P1,校舍维修项目,项目,101,重大,13,13,14,15,15,,部门"
    stored({"exante": f"{head}实施方案可行性,筹资合规性,结论,评估主体\n{row}\n"}, online.ALL, code=online.REGION)
    sheet, office = Assessment.objects.get(), person(Role.PERFORMANCE_OFFICE)
    assert "录入一位专家的打分" not in text(office, at("ex-ante-sheet", sheet.pk))
    page = text(office, at("ex-ante-report", sheet.pk))
    assert "总体结论：调整完善后支持。" in page
    assert "（未审定）" not in page


def test_errors_come_back_at_their_fields_with_what_was_typed():
    sheet = online.opened()
    answer = post(accountant(), "ex-ante-describe", sheet.pk, sheet, asked="六百万", background="扩建校舍")
    assert answer.status_code == 422
    assert "不是金额" in shown(answer)
    assert "扩建校舍" in shown(answer)


def test_points_beyond_the_full_ones_come_back_at_their_point():
    sheet = online.opened("Z1", online.office(), Assessor.FINANCE, Framed.POLICY)
    points = {f"points-{item.pk}": "5.001" for item in sheet.items.all()}
    answer = post(person(Role.PERFORMANCE_OFFICE), "ex-ante-expert-add", sheet.pk, sheet, name="甲", **points)
    assert answer.status_code == 422
    assert shown(answer).count("应在 0 至 5 分之间，最多两位小数") == 2 * 20
    assert "政策设立必要性" in shown(answer)


def test_who_comes_too_late_keeps_his_text():
    sheet = online.opened()
    said = {"asked": "600", "background": "我写的背景", "goal": "目标", "funding": "拨款"}
    late = {"token": "late", "version": sheet.version}
    online.described(sheet)
    answer = accountant().post(at("ex-ante-describe", sheet.pk), {**late, **said})
    assert answer.status_code == 409
    assert "我写的背景" in shown(answer)
    assert "资助困难学生" in shown(answer)


def test_the_office_enters_no_points_of_the_departments_line():
    sheet = online.opened()
    answer = person(Role.PERFORMANCE_OFFICE).get(at("ex-ante-expert-add", sheet.pk))
    assert (answer.status_code, answer.headers["Location"]) == (303, at("ex-ante-sheet", sheet.pk))


def test_an_expert_is_corrected_and_taken_out():
    office = person(Role.PERFORMANCE_OFFICE)
    sheet = online.opened("Z1", online.office(), Assessor.FINANCE, Framed.POLICY)
    online.marked(sheet, online.office(), "甲", "1")
    expert = AssessmentExpert.objects.get()
    assert "甲的打分" in text(office, at("ex-ante-expert", expert.pk))
    assert post(office, "ex-ante-expert-drop", expert.pk, sheet).status_code == 303
    assert not AssessmentExpert.objects.exists()
    assert office.get(at("ex-ante-expert", expert.pk)).status_code == 404


def test_an_exemption_is_registered_on_its_page_and_seen_on_the_subject():
    office, subject = person(Role.PERFORMANCE_OFFICE), online.subject()
    said = {"category": "应急", "fen": "600", "reason": "防汛抢险", "approver": "区政府分管领导", "on": "2022-06-20"}
    answer = post(office, "ex-ante-exempt", subject.pk, **(said | {"approver": ""}))
    assert answer.status_code == 422
    assert post(office, "ex-ante-exempt", subject.pk, **said).status_code == 303
    assert Exemption.objects.get().approver == "区政府分管领导"
    unit = accountant()
    assert "例外：应急，防汛抢险（区政府分管领导，2022-06-20）" in text(unit, at("subject", subject.pk))
    assert unit.get(at("ex-ante-exempt", subject.pk)).status_code == 404


def reviewed():
    sheet = online.concluded()
    sent = {"doc_no": "湖财评〔2022〕1号", "on": day("2022-07-01")}
    reviewing.send(sheet, online.office(), version=sheet.version, **sent)
    back = {"doc_no": "湖评审〔2022〕9号", "on": day("2022-07-20"), "remark": "核减监控设备", "fen": 450 * WAN}
    sheet = online.fresh(sheet)
    reviewing.receive(sheet, online.office(), version=sheet.version, **back)
    return online.fresh(sheet)


def test_a_concluded_one_goes_to_the_review_and_its_figure_stands_beside_the_others():
    office, sheet = person(Role.PERFORMANCE_OFFICE), online.concluded()
    assert "送财政评审" in text(office, at("ex-ante-sheet", sheet.pk))
    sent = post(office, "ex-ante-send", sheet.pk, sheet, doc_no="湖财评〔2022〕1号", on="2022-07-01")
    assert sent.status_code == 303
    assert "已送审，未返回" in text(office, reverse("ex-ante-amounts"))
    empty = post(office, "ex-ante-receive", sheet.pk, sheet, fen="", doc_no="", on="2022-07-20")
    assert empty.status_code == 422
    said = {"fen": "450", "doc_no": "湖评审〔2022〕9号", "on": "2022-07-20", "remark": "核减监控设备"}
    assert post(office, "ex-ante-receive", sheet.pk, sheet, **said).status_code == 303
    page = text(office, reverse("ex-ante-amounts"))
    assert all(amount in page for amount in ("600.00", "500.00", "100.00", "450.00", "湖评审〔2022〕9号"))


def test_the_list_in_excel_has_the_rows_of_the_page():
    reviewed()
    answer = person(Role.PERFORMANCE_OFFICE).get(reverse("ex-ante-table"))
    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    head = next(n for n, row in enumerate(rows) if "编号" in row)
    cells = dict(zip(rows[head], rows[head + 1], strict=True))
    found = {name.split("（")[0].split("(")[0]: value for name, value in cells.items() if name}
    assert found["编号"] == "SQ2022001"
    assert [float(found[name]) for name in ("申报金额", "建议金额", "核减额", "评审金额")] == [600, 500, 100, 450]
    assert found["结论"] == Verdict.SUPPORTED.label


def test_the_report_says_the_same_on_the_page_and_in_word():
    sheet, office = reviewed(), person(Role.PERFORMANCE_OFFICE)
    page = text(office, at("ex-ante-report", sheet.pk))
    answer = office.get(at("ex-ante-report-docx", sheet.pk))
    word = Document(BytesIO(b"".join(answer.streaming_content)))
    body = "\n".join(paragraph.text for paragraph in word.paragraphs)
    for heading in ("评估对象", "评估工作", "综合评估情况与结论", "相关建议", "其他需要说明的事项"):
        assert heading in body
        assert heading in page
    assert "总体结论：予以支持。" in body
    assert "由甲县第一小学申报，主管部门为甲县教育局，由主管部门组织评估" in body
    assert "共3位专家" in body
    cells = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    assert ["600", "500", "100", "450"] in cells
    assert ["合计", "100", "90"] in cells
    assert ["立项必要性", "立项依据", "目的明确、内容具体", "5", "4.5", "1", "0.41"] in cells
    assert "湖评审〔2022〕9号返回" in body


def test_the_report_of_a_unit_does_not_name_the_experts():
    sheet = online.concluded()
    assert "省财经大学" not in text(accountant(), at("ex-ante-report", sheet.pk))
    assert "省财经大学" in text(reviewer(), at("ex-ante-report", sheet.pk))


def test_a_sheet_in_work_waits_for_the_right_people():
    online.opened()
    online.opened("Z1", online.office(), Assessor.FINANCE, Framed.POLICY)
    assert "助学金项目" in text(accountant(), reverse("home"))
    office = text(person(Role.PERFORMANCE_OFFICE), reverse("home"))
    assert "镇村道路政策" in office
    assert "财政评估中" in office
    assert "填报中" not in office


def test_a_sheet_with_experts_costs_few_queries(django_assert_max_num_queries):
    client, sheet = person(Role.PERFORMANCE_OFFICE), online.concluded()
    text(client, at("ex-ante-sheet", sheet.pk))
    with django_assert_max_num_queries(18):
        text(client, at("ex-ante-sheet", sheet.pk))
