"""Home with its to-dos, a subject's file, and the audit trail."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from jixiao.domain.actors import ADMINISTRATORS, REGION_WIDE, Actor
from jixiao.domain.quantities import share
from jixiao.kit.figures import Scope
from jixiao.kit.models import AuditEntry
from jixiao.kit.web.acts import SignedIn, find
from jixiao.kit.web.history import state_mark
from jixiao.kit.web.listing import Mark, Shown, called
from jixiao.kit.web.pages import render
from jixiao.kit.web.paging import Order, page_of
from jixiao.policies import for_region
from jixiao.registers.indicators.workflow import MACHINE as ENTRIES
from jixiao.registers.subjects.findings import findings_of
from jixiao.registers.subjects.models import SubjectYear
from jixiao.stages.evaluation.self_evaluation.reports.sheets import grade_mark
from jixiao.stages.evaluation.workflow import DRAFTING, PANEL
from jixiao.stages.ex_ante.reports.gaps import standing_of
from jixiao.stages.ex_ante.rules import JUDGED
from jixiao.stages.targets.models import Horizon

from .access import ACCESS
from .dossier import dossier_of
from .subject_lines import (
    EVALUATION_COLUMNS,
    READING_COLUMNS,
    TARGET_COLUMNS,
    clearance,
    evaluation_lines,
    facts,
    newest_target,
    reading_lines,
    target_lines,
)
from .todo import DESKS, alarms, late_targets, progress, proposals, todos, unmatched
from .year_plan import year_plan

TODO_COLUMNS = (
    Shown("name", "对象", link="url", note_key="unit"),
    Shown("stage", "环节"),
    Shown("mark", "状态", "tag"),
    Shown("steps", "可办"),
)
TASK_COLUMNS = (
    Shown("name", "任务", link="url"),
    Shown("asked", "要求"),
    Shown("reached", "已完成"),
    Shown("mark", "对照", "tag"),
    Shown("source", "依据"),
)
PROGRESS_COLUMNS = (
    Shown("stage", "环节", link="url"),
    Shown("sheets", "材料（份）", "integer"),
    Shown("finished", "已办结", "integer"),
    Shown("unfinished", "办理中", "integer"),
    Shown("mark", "进展", "tag"),
)
MINE_COLUMNS = (
    Shown("name", "项目", link="url"),
    Shown("budget", "全年预算", "amount"),
    Shown("spent", "已执行", "amount"),
    Shown("rate", "执行率", "percent"),
    Shown("target", "绩效目标", "tag"),
    Shown("reading", "最近一轮监控", "tag"),
    Shown("grade", "自评", "tag"),
)
TRAIL_COLUMNS = (
    Shown("seq", "序号", "integer", order="seq"),
    Shown("at", "时间", "datetime"),
    Shown("actor", "办理人"),
    Shown("act", "动作"),
    Shown("object", "对象"),
    Shown("mac", "印记"),
)
# What the trail calls the acts of the system; those with a sheet are named by its desk and move.
ACTS = {
    "import": "数据导入",
    "upload.check": "上传并检查文件",
    "demo.accounts": "开通演示账号",
    "mapping.save": "保存列对应",
    "subject.join": "项目：合并或改码",
    "subject.part": "项目：撤销合并或改码",
    "payments.match": "支付：对到项目",
    "payments.take_back": "支付：撤回对账",
    "targets.open": "绩效目标：开始编制",
    "targets.fill": "绩效目标：保存填报",
    "targets.review": "绩效目标：保存审核意见",
    "targets.adjust": "绩效目标：提出调整",
    "targets.number": "绩效目标：登记批复文号",
    "targets.number_department": "绩效目标：给部门批复文编号",
    "targets.disclosed": "绩效目标：登记公开日期",
    "targets.pilot": "部门整体试点：登记",
    "targets.select": "绩效目标：选定报人大",
    "monitoring_round.prepare": "监控轮次：建立",
    "monitoring_round.open": "监控轮次：启动",
    "monitoring_round.take_in": "监控轮次：补入项目",
    "monitoring_round.close": "监控轮次：结束",
    "monitoring_round.extension": "监控轮次：延期",
    "monitoring_round.reopening": "监控轮次：为单位重新开放",
    "monitoring_round.choose_key": "监控轮次：选定重点监控",
    "monitoring.visit": "运行监控：登记核查或约谈",
    "attachment.attach": "附上附件",
    "attachment.withdraw": "撤回附件",
    "monitoring.fill": "运行监控：保存填报",
    "monitoring.handle": "运行监控：保存处置意见",
    "subject.release": "解除暂停或收回",
    "ex_ante.open": "事前评估：开展评估",
    "ex_ante.describe": "事前评估：保存评估对象",
    "ex_ante.judge": "事前评估：保存评估意见",
    "ex_ante.mark": "事前评估：录入专家打分",
    "ex_ante.invite": "事前评估：邀请专家",
    "ex_ante.give": "事前评估：专家本人打分",
    "ex_ante.drop": "事前评估：移出专家",
    "ex_ante.send": "事前评估：送财政评审",
    "ex_ante.receive": "事前评估：登记评审结果",
    "ex_ante.exempt": "事前评估：登记例外",
    "clearing_run.prepare": "存量资金清理：建立",
    "clearing_run.open": "存量资金清理：启动",
    "clearing_run.close": "存量资金清理：结束",
    "self_evaluation.open": "单位自评：布置",
    "self_evaluation.fill": "单位自评：保存填报",
    "self_evaluation.exempt": "单位自评：核定免评",
    "self_evaluation.classify": "单位自评：问题归类",
    "self_evaluation.apply": "单位自评：拟免评申请",
    "audit_finding.examine": "自评审核：检查",
    "audit_finding.reply": "自评审核：保存答复",
    "choosing.describe": "选评：填写选评信息",
    "choosing.choose": "选评：选定或不选",
    "choosing.start": "选评：开展评价",
    "choosing.draw": "抽查复核：随机抽样",
    "transfer_report.open": "转移支付评价报告：建立",
    "transfer_report.remind": "转移支付评价报告：催报",
    "evaluation.open": "绩效评价：开展评价",
    "evaluation.framework": "绩效评价：套用指标体系",
    "evaluation.tailor": "绩效评价：调整评价指标",
    "evaluation.papers": "绩效评价：保存底稿和得分",
    "evaluation.judge": "绩效评价：判断自评疑点",
    "evaluation.classify": "绩效评价：问题归类",
    "evaluation.describe": "绩效评价：保存报告内容",
    "evaluation.step": "绩效评价：登记程序",
    "evaluation.answer": "绩效评价：答复退回意见",
    "evaluation.reply": "绩效评价：提交反馈意见",
    "evaluation.settle": "绩效评价：答复异议",
    "evaluation.entrust": "绩效评价：委托第三方机构",
    "evaluation.dismiss": "绩效评价：终止委托",
    "evaluation.invite": "绩效评价：邀请专家",
    "evaluation.close_panel": "绩效评价：合分",
    "evaluation_framework.draft": "评价指标体系：起草",
    "evaluation_framework.edit": "评价指标体系：修改",
    "panel.give": "专家打分：保存",
    "panel.drop": "专家打分：移出专家",
    **{f"{PANEL.name}.{move.code}": f"专家打分：{move.label}" for move in PANEL.moves},
    **{f"{DRAFTING.name}.{move.code}": f"评价指标体系：{move.label}" for move in DRAFTING.moves},
    "institutions.agency": "第三方机构：登记",
    "institutions.expert": "专家：登记",
    "institutions.recusal": "机构和专家：登记回避",
    "institutions.select": "第三方机构：登记选取",
    "institutions.term": "委托：改变委托期",
    "institutions.deliverables": "委托：登记交付成果",
    "institutions.judge": "第三方机构：考核",
    "rectification.notice": "整改：下达通知书",
    "rectification.answer": "整改：保存整改情况",
    "indicator.propose": "指标库：申报指标",
    "indicator.edit": "指标库：修改指标",
    "indicator.gather": "指标库：归并写法",
    **{f"{ENTRIES.name}.{move.code}": f"指标库：{move.label}" for move in ENTRIES.moves},
    **{
        f"{desk.machine.name}.{move.code}": f"{desk.label}：{move.label}"
        for desk in DESKS
        for move in desk.machine.moves
    },
}
MARK_LENGTH = 16
MINE_SHOWN = 12
SHEETS = ("self_evaluations", "reading_sheets", "target_sheets__versions")


def home(request: SignedIn) -> HttpResponse:
    """What waits for me; what the year asks of the region; my projects."""
    if request.actor.role in ADMINISTRATORS:
        return render(request, "overview/home_administrator.html", {})
    year = request.shell.year
    context: dict[str, Any] = {
        "todos": [
            *alarms(request.actor, year, timezone.localdate()),
            *unmatched(request.actor, year),
            *late_targets(request.actor, year, timezone.localdate()),
            *proposals(request.actor),
            *todos(request.actor),
        ],
        "todo_columns": TODO_COLUMNS,
        "year": year,
        "progress": progress(request.actor, year),
        "progress_columns": PROGRESS_COLUMNS,
        "tasks": [],
        "task_columns": TASK_COLUMNS,
        "mine": [],
    }
    if request.actor.role in REGION_WIDE:
        scope = Scope(request.actor.region, year, request.actor)
        context["tasks"] = year_plan(scope, for_region(scope.region, year))
    else:
        context |= {"mine": _mine(request, year), "mine_columns": MINE_COLUMNS}
    return render(request, "overview/home.html", context)


def _mine(request: SignedIn, year: int) -> list[dict[str, Any]]:
    rows = SubjectYear.objects.visible_to(request.actor).in_total().filter(year=year).with_spent()
    rows = rows.prefetch_related(*SHEETS).order_by("-initial", "id")[:MINE_SHOWN]
    return [
        {
            "name": row.name,
            "url": reverse("subject", args=[row.pk]),
            "budget": row.budget,
            "spent": row.spent,
            "rate": share(row.spent, row.budget),
            "target": _stands([v for t in row.target_sheets.all() for v in t.versions.all()], request.actor),
            "reading": _stands(list(row.reading_sheets.all()), request.actor),
            "grade": next((grade_mark(e.grade) for e in row.self_evaluations.all() if e.grade), None),
        }
        for row in rows
    ]


def _stands(sheets: list[Any], actor: Actor) -> Mark | None:
    """The state of the newest of these sheets, if there is any."""
    return state_mark(max(sheets, key=lambda sheet: sheet.pk), actor) if sheets else None


def subject(request: SignedIn, pk: int) -> HttpResponse:
    """绩效档案: one page per subject through all stages."""
    row = find(SubjectYear.objects.select_related("division"), request, pk)
    dossier = dossier_of(row, request.actor)
    context = {
        "dossier": dossier,
        "subject": row,
        "rate": share(dossier.spent, row.budget),
        "facts": facts(row),
        "findings": findings_of(row, request.actor),
        "clearance": clearance(row),
        "gate": standing_of(row),
        "assesses": request.actor.role in ACCESS["ex-ante-open"] and row.kind in JUDGED,
        "columns": {
            "target": TARGET_COLUMNS,
            "reading": called(READING_COLUMNS, row.money),
            "evaluation": EVALUATION_COLUMNS,
        },
        "targets": [
            (horizon.label, version, target_lines(version))
            for horizon in Horizon
            if (version := newest_target(dossier, horizon))
        ],
        "reading_lines": reading_lines(dossier, for_region(row.region, row.year)),
        "evaluation_lines": evaluation_lines(dossier),
    }
    return render(request, "overview/subject.html", context)


def trail(request: SignedIn) -> HttpResponse:
    """The audit trail of the region: who, what, when and the seal; business values are not shown here."""
    rows = AuditEntry.objects.filter(region=request.actor.region)
    listed = page_of(rows, request.GET, (Order("seq", "序号", "seq"),))
    shown = [
        {
            "seq": row.seq,
            "at": row.at,
            "actor": row.actor,
            "act": ACTS.get(row.act, row.act),
            "object": row.object if len(row.object) <= MARK_LENGTH * 2 else f"{row.object[: MARK_LENGTH * 2]}…",
            "mac": f"{row.mac[:MARK_LENGTH]}…",
        }
        for row in listed.rows
    ]
    return render(request, "overview/trail.html", {"listed": listed, "rows": shown, "columns": TRAIL_COLUMNS})
