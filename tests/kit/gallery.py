"""Every component once, with made-up content: what the tests render and look at. No product page leads here."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path

import jixiao
from jixiao.domain.terms import Term
from jixiao.kit.web.jinja import Templates
from jixiao.kit.web.listing import Mark, Shown
from jixiao.kit.web.pages import Item, Section, Shell

HERE = Path(__file__).parent
ENGINE = Templates(
    {
        "NAME": "gallery",
        "DIRS": [Path(jixiao.__file__).parent / "templates", HERE / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "jixiao.kit.web.jinja.environment",
            "context_processors": ["jixiao.kit.web.pages.surroundings"],
        },
    }
)


def nowhere(request: HttpRequest, year: int = 0) -> HttpResponse:
    return HttpResponse("")


NAMES = ("home", "switch-year", "switch-region", "switch-unit", "login", "logout")
urlpatterns = [path(f"{name}/", nowhere, name=name) for name in NAMES]


class Tier(Term):
    FULL = "full", "全部达成"
    PART = "part", "部分达成"


class ReplyForm(forms.Form):
    """One field of every kind."""

    matter = forms.CharField(label="整改事项", max_length=80, help_text="写清问题所在的条款。")
    tier = forms.ChoiceField(label="完成程度", choices=Tier.choices())
    due = forms.DateField(label="完成期限")
    measures = forms.CharField(label="整改措施", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    evidence = forms.FileField(label="佐证材料", required=False, help_text="pdf、docx、xlsx 或图片，不超过 20 MB。")
    secret = forms.CharField(label="口令", widget=forms.PasswordInput)
    ways = forms.MultipleChoiceField(
        label="结果应用", choices=[("cut", "调减预算"), ("merge", "整合")], widget=forms.CheckboxSelectMultiple
    )
    open = forms.ChoiceField(label="是否公开", choices=[("yes", "是"), ("no", "否")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="以上内容属实")
    origin = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, object]:
        raise forms.ValidationError("整改通知已撤回，不必再回复。")


def refused_form() -> ReplyForm:
    form = ReplyForm(
        {"matter": "项目档案<不规范>", "due": "2022-13-01", "tier": "part", "secret": "hidden", "open": "no"}
    )
    form.is_valid()
    return form


def shell(**changes: object) -> Shell:
    mine = (Item("待办", "/todo/", 3, urgent=True), Item("已办", "/done/"), Item("年度任务", "/year/"))
    stages = (
        Item("项目库", "/subjects/"),
        Item("事前评估", "/ex-ante/"),
        Item("绩效目标", "/targets/", 1),
        Item("运行监控", "/monitoring/", 2, urgent=True),
        Item("绩效评价", "/evaluation/"),
        Item("结果应用", "/follow-up/"),
    )
    ground = (Item("指标库", "/indicators/"), Item("机构与专家", "/institutions/"), Item("制度库", "/documents/"))
    told = (Item("驾驶舱", "/cockpit/"), Item("工作报告", "/reports/"), Item("数字核对", "/figures/"))
    sections = zip(("我的", "环节", "基础", "报告"), (mine, stages, ground, told), strict=True)
    made: dict[str, object] = {
        "actor_name": "教育体育局经办（演示）",
        "role_label": "预算单位",
        "region_code": "411323",
        "region_name": "西峡县",
        "year": 2022,
        "years": (2022, 2021, 2020),
        "regions": (("411323", "西峡县"), ("420500", "宜昌市")),
        "menu": tuple(Section(title, items) for title, items in sections),
        "demo": True,
        "account_links": (("修改口令", "/password/"),),
    }
    return Shell(**{**made, **changes}).at("/todo/")


TASKS = (
    Shown("task", "任务", note_key="why"),
    Shown("subject", "对象"),
    Shown("state", "状态", "tag"),
    Shown("due", "截止", "datetime"),
    Shown("next", "下一步", "action", link="url"),
)
SUBJECTS = (
    Shown("name", "项目", link="url"),
    Shown("budget", "全年预算", "amount"),
    Shown("spent", "已执行", "amount"),
    Shown("rate", "执行率", "progress"),
    Shown("light", "目标", "lamp"),
)


def context() -> dict[str, object]:
    noon = dt.datetime(2022, 8, 25, 2, 42, tzinfo=dt.UTC)
    due = dt.datetime(2022, 8, 31, 10, 0, tzinfo=dt.UTC)
    words = "预算执行和绩效目标“双监控”，本轮用意：纠偏调整"
    returned = "教科文股：2 处需改（数量指标值偏低；缺满意度指标）"
    tasks = [
        ("1–7 月运行监控", words, "3 个项目，2 个未填", Mark("还有 6 天", "bad"), due, Mark("继续填报", "next")),
        ("绩效目标被退回", returned, "学前教育发展项目", Mark("2 处需改", "warn"), due, Mark("去修改", "next")),
        ("2021 年度绩效自评", "", "5 个项目和部门整体", Mark("已审核", "ok"), due, Mark("查看 6 份")),
    ]
    subjects = [
        ("城乡义务教育公用经费补助", 620_000_000, 372_400_000, Decimal("60.06"), Mark("正常", "ok")),
        ("校舍维修改造", 480_000_000, 96_300_000, Decimal("20.06"), Mark("偏离", "bad")),
        ("教师培训", 86_500_001, None, None, Mark("有可能", "warn")),
    ]
    entries = [
        {"at": noon, "actor": "教科文股 李审核（演示）", "act": "退回", "note": "数量指标值偏低。", "tone": "bad"},
        {"at": noon, "actor": "教育体育局经办（演示）", "act": "报送", "tone": "ok"},
    ]
    checks = [
        {
            "level": "必改",
            "tone": "bad",
            "name": "教育教学水平",
            "href": "#l5",
            "sentence": "没有可衡量的值：“明显提高”不能考核。",
            "citation": "财预〔2021〕101号",
        },
        {"level": "未检查", "tone": "mute", "sentence": "没有上年数，未比较增减。"},
    ]
    problem = SimpleNamespace(sheet="申报表", row=12, column="分值", message="“十五”不是数字，请填阿拉伯数字")
    task_keys = ("task", "why", "subject", "state", "due", "next")
    return {
        "tasks": [dict(zip(task_keys, row, strict=True), url="#todo") for row in tasks],
        "task_columns": TASKS,
        "subjects": [
            dict(zip(("name", "budget", "spent", "rate", "light"), row, strict=True), url="#s") for row in subjects
        ],
        "subject_columns": SUBJECTS,
        "entries": entries,
        "checks": checks,
        "problems": [problem, SimpleNamespace(sheet="", row=None, column="", message="文件里没有“申报表”这张表")],
        "form": refused_form(),
        "line": ReplyForm(prefix="line-1"),
        "points": Decimal("84.63"),
    }
