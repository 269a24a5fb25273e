"""What is typed on the pages of 绩效评价."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from jixiao.domain.quantities import amount_plain, plain
from jixiao.domain.vocabulary import EvaluationMethod
from jixiao.kit.web.fields import AmountField, DayField, PointsField
from jixiao.kit.web.rows import RowsForm, words
from jixiao.registers.institutions.models import Agency, Expert, SelectionRecord
from jixiao.registers.organizations.models import User
from jixiao.registers.subjects.models import SubjectYear

from .frameworks import Framed
from .models import Defect, Evaluation, Framework, FrameworkItem, Mark, PanelMember, ProcedureKind
from .rules import WITH_EXPERTS

FULL = Decimal(100)
SPARE = 4
ITEM = ("level1", "level2", "name", "weight", "explanation", "criteria")


def _short(longest: int = 200, required: bool = False, **how: Any) -> forms.CharField:
    return forms.CharField(max_length=longest, required=required, **how)


def _text(points: Decimal | None) -> str:
    return "" if points is None else plain(points)


class OpenForm(forms.Form):
    """Which object of which budget year is evaluated, and how."""

    code = forms.CharField(label="对象编码", max_length=40, help_text="项目、政策的编码，部门整体填单位编码")
    subject_year = forms.IntegerField(label="评价哪一年的资金", min_value=2000, max_value=2100)
    method = forms.ChoiceField(label="评价方式")

    def __init__(self, visible: Any, methods: Sequence[EvaluationMethod], data: Any = None, **initial: Any) -> None:
        super().__init__(data, initial=initial)
        self.visible = visible
        self.fields["method"].choices = [(one.value, one.label) for one in methods]  # type: ignore[attr-defined]

    def clean(self) -> Any:
        said = super().clean() or {}
        if not self.errors:
            rows = self.visible.filter(code=said["code"].strip(), year=said["subject_year"])
            found: list[SubjectYear] = list(rows.order_by("pk")[:2])
            if not found:
                self.add_error("code", "这一年没有这个编码的对象，请到项目库核对编码和年度")
            elif len(found) > 1:
                self.add_error("code", "有两个对象用这个编码，请从绩效档案发起")
            else:
                said["subject"] = found[0]
        return said


class PapersForm(RowsForm):
    """底稿: for each item what was found, on which evidence, how points follow; a recheck gives its reason."""

    tall = True
    facts = ("指标", "分值", "要点和评分标准")
    heads = {
        "points": "得分",
        "found": "核实情况",
        "basis": "取证依据",
        "calculation": "计算过程",
        "reason": "差异理由",
    }

    def __init__(self, marks: Iterable[Mark], *, hidden: bool, data: Any = None) -> None:
        super().__init__(data)
        for mark in marks:
            before = () if mark.before is None else (f"原得分 {plain(mark.before)}",)
            look = "；".join((*before, *(text for text in (mark.explanation, mark.criteria) if text)))
            fields: dict[str, forms.Field] = {
                "points": PointsField(mark.weight, required=False, initial=_text(mark.points)),
                "found": words(initial=mark.found),
                "basis": words(initial=mark.basis),
                "calculation": words(initial=mark.calculation),
                "reason": words(initial=mark.reason, disabled=mark.before is None),
            }
            if hidden:
                fields["points"] = _short(required=False, disabled=True, initial=WITH_EXPERTS)
            self.add(mark.pk, (mark.name, plain(mark.weight), look), mark.name, **fields)
        self.hidden = hidden

    def papers(self) -> dict[int, dict[str, Any]]:
        """By key of the mark; no points while experts mark."""
        left = {"points"} if self.hidden else set()
        return {
            int(key): {name: value for name, value in said.items() if name not in left}
            for key, said in self.told().items()
        }


class ItemsForm(RowsForm):
    """The items of a framework or of one evaluation; a row without a name falls out."""

    heads = {
        "level1": "一级指标",
        "level2": "二级指标",
        "name": "三级指标",
        "weight": "分值",
        "explanation": "要点或公式",
        "criteria": "评分标准",
    }

    def __init__(self, items: Iterable[Mark | FrameworkItem], data: Any = None) -> None:
        super().__init__(data)
        known = list(items)
        count = max(len(known) + SPARE, _posted_rows(data))
        for n in range(count):
            item = known[n] if n < len(known) else None
            said: dict[str, Any] = {name: getattr(item, name, "") for name in ITEM}
            self.add(
                n,
                (),
                f"第 {n + 1} 行",
                level1=_short(60, initial=said["level1"]),
                level2=_short(60, initial=said["level2"]),
                name=_short(initial=said["name"]),
                weight=PointsField(FULL, required=False, initial=_text(said["weight"] or None)),
                explanation=words(initial=said["explanation"]),
                criteria=words(initial=said["criteria"]),
            )

    def clean(self) -> Any:
        for key, said in self.told().items():
            if said["name"]:
                for name in ("level1", "weight"):
                    if not said[name] and f"{name}-{key}" not in self.errors:
                        self.add_error(f"{name}-{key}", "请填写")
        return super().clean()

    def items(self) -> list[dict[str, Any]]:
        """The rows with a name in order; what was added joins its own 一级 and 二级指标."""
        rows = [said for said in self.told().values() if said["name"]]
        parts = list(dict.fromkeys(said["level1"] for said in rows))
        groups = list(dict.fromkeys((said["level1"], said["level2"]) for said in rows))
        return sorted(rows, key=lambda row: (parts.index(row["level1"]), groups.index((row["level1"], row["level2"]))))


def _posted_rows(data: Any) -> int:
    numbers = [name.partition("-")[2] for name in data or () if name.startswith("name-")]
    return min(max((int(n) + 1 for n in numbers if n.isdigit()), default=0), 200)


class FrameworkForm(ItemsForm):
    """A region's framework: its name and source, and its items."""

    def __init__(self, framework: Framework | None, items: Iterable[FrameworkItem], data: Any = None) -> None:
        super().__init__(items, data)
        title, source = (framework.title, framework.source) if framework else ("", "")
        self.fields["title"] = _short(120, True, label="名称", initial=title)
        self.fields["source"] = _short(200, label="依据（文号）", initial=source)


class DraftForm(forms.Form):
    """From which shipped framework a region's own one begins."""

    kind = forms.ChoiceField(label="从哪一套起草", choices=[(one.value, one.label) for one in Framed])
    title = forms.CharField(label="名称", max_length=120)


class ChooseForm(forms.Form):
    """Another framework for an evaluation."""

    chosen = forms.ChoiceField(label="套用哪一套指标体系", help_text="套用后原来列出的指标全部换掉")

    def __init__(self, offered: Sequence[Framework | Framed], data: Any = None) -> None:
        super().__init__(data)
        self.offered = {_key(one): one for one in offered}
        names = [(key, str(one) if isinstance(one, Framework) else one.label) for key, one in self.offered.items()]
        self.fields["chosen"].choices = names  # type: ignore[attr-defined]

    def framework(self) -> Framework | Framed:
        return self.offered[self.cleaned_data["chosen"]]


def _key(one: Framework | Framed) -> str:
    return f"own-{one.pk}" if isinstance(one, Framework) else one.value


class DescribeForm(forms.Form):
    """The three amounts, what is printed in the report, problems and suggestions, one to a line."""

    initial_fen = AmountField(label="年初预算（万元）", required=False)
    arranged = AmountField(label="经审查安排（万元）", required=False, help_text="审查认定的全年安排")
    used = AmountField(label="经审查使用（万元）", required=False, help_text="审查认定的实际支出")
    received = AmountField(
        label="实际到位资金（万元）", required=False, help_text="评价中的预算执行率 = 经审查使用 ÷ 实际到位资金"
    )
    background = words(rows=4, label="项目概况", help_text="背景、主要内容及实施情况、绩效目标")
    work = words(rows=4, label="评价工作开展情况", help_text="目的、对象和范围，原则、方法、标准，工作过程")
    analysis = words(rows=4, label="指标分析", help_text="按一级指标分析；各指标的核实情况自动附后")
    experience = words(rows=3, label="主要经验及做法")
    problems = words(rows=4, label="发现的问题", help_text="每行一条，写成“类别：描述”；同一类别合并成一条")
    suggestions = words(rows=4, label="意见建议", help_text="每行一条，自动编号")
    remarks = words(rows=2, label="其他需要说明的问题")

    def __init__(self, sheet: Evaluation, data: Any = None) -> None:
        texts = ("background", "work", "analysis", "experience", "remarks")
        known: dict[str, Any] = {name: getattr(sheet, name) for name in texts}
        amounts = {"initial_fen": sheet.initial, "arranged": sheet.arranged, "used": sheet.used}
        for name, fen in (*amounts.items(), ("received", sheet.received)):
            known[name] = "" if fen is None else amount_plain(fen)
        rows = sheet.problems.order_by("pk")
        known["problems"] = "\n".join(f"{p.category}：{p.text}" if p.text else p.category for p in rows)
        known["suggestions"] = "\n".join(sheet.suggestions.order_by("no").values_list("text", flat=True))
        super().__init__(data, initial=known)

    def clean_problems(self) -> list[tuple[str, str]]:
        found = []
        for line in _lines(self.cleaned_data["problems"]):
            category, _, text = line.replace(":", "：", 1).partition("：")
            if len(category.strip()) > 120:
                raise forms.ValidationError("问题类别太长，请写成“类别：描述”")
            found.append((category.strip(), text.strip()))
        return found

    def clean_suggestions(self) -> list[str]:
        return _lines(self.cleaned_data["suggestions"])

    def said(self) -> dict[str, Any]:
        """By the fields of the evaluation."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("problems", "suggestions")}
        said["initial"] = said.pop("initial_fen")
        return said


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class StepForm(forms.Form):
    """A dated step of the procedure."""

    kind = forms.ChoiceField(label="步骤", choices=ProcedureKind.choices())
    on = DayField(label="日期")
    who = forms.CharField(label="参加人员", max_length=200, required=False)
    note = words(label="说明")


class DefectsForm(RowsForm):
    """What was done about each defect of a return."""

    facts = ("序号", "退回的材料", "退回意见")
    heads = {"answer": "修改情况"}

    def __init__(self, defects: Iterable[Defect], data: Any = None) -> None:
        super().__init__(data)
        for row in defects:
            named = f"第 {row.no} 条"
            self.add(row.pk, (str(row.no), row.kind.label, row.text), named, answer=words(initial=row.answer))


class ReplyForm(RowsForm):
    """反馈意见: an objection to an item, or nothing where the unit agrees."""

    facts = ("指标", "分值", "评价得分", "核实情况")
    heads = {"objection": "异议（同意的不填）"}

    def __init__(self, sheet: Evaluation, marks: Iterable[Mark], data: Any = None) -> None:
        super().__init__(data)
        self.fields["reply"] = words(True, 3, label="总体反馈意见", initial=sheet.reply, help_text="没有异议的写“同意”")
        for mark in marks:
            facts = (mark.name, plain(mark.weight), _text(mark.points), mark.found)
            self.add(mark.pk, facts, mark.name, objection=words(initial=mark.objection))


class SettleForm(RowsForm):
    """The answer to each objection: accepted or not, and why."""

    facts = ("指标", "得分", "异议")
    heads = {"settled": "答复"}

    def __init__(self, marks: Iterable[Mark], data: Any = None) -> None:
        super().__init__(data)
        for mark in marks:
            facts = (mark.name, _text(mark.points), mark.objection)
            self.add(mark.pk, facts, mark.name, settled=words(initial=mark.settled))


class TermForm(forms.Form):
    """From when until when somebody is engaged, through which account, for which fee."""

    since = DayField(label="委托自", help_text="这一天起账号才能看到有关数据")
    until = DayField(label="委托至", help_text="这一天以后账号什么也看不到")
    fee = AmountField(label="费用（万元）", required=False)


class EntrustForm(TermForm):
    """Which agency works, and under which selection."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label="第三方机构", empty_label="请选择")
    accounts = forms.ModelMultipleChoiceField(
        User.objects.none(), label="机构的账号", widget=forms.CheckboxSelectMultiple
    )
    selection = forms.ModelChoiceField(
        SelectionRecord.objects.none(), label="选取记录", required=False, empty_label="没有选取记录"
    )
    field_order = ("agency", "accounts", "selection", "since", "until", "fee")

    def __init__(self, agencies: Any, accounts: Any, records: Any, data: Any = None) -> None:
        super().__init__(data)
        for name, rows in (("agency", agencies), ("accounts", accounts), ("selection", records)):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        self.fields["accounts"].label_from_instance = _account  # type: ignore[attr-defined]


class DismissForm(forms.Form):
    """Why an agency's engagement is ended."""

    because = forms.CharField(label="终止原因", max_length=200, help_text="终止后它的账号立即看不到数据；委托记录保留")


class InviteForm(TermForm):
    """Which expert marks, through which account."""

    expert = forms.ModelChoiceField(Expert.objects.none(), label="专家", empty_label="请选择")
    account = forms.ModelChoiceField(User.objects.none(), label="专家的账号", empty_label="请选择")
    field_order = ("expert", "account", "since", "until", "fee")

    def __init__(self, experts: Any, accounts: Any, data: Any = None) -> None:
        super().__init__(data)
        self.fields["expert"].queryset = experts  # type: ignore[attr-defined]
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]
        self.fields["account"].label_from_instance = _account  # type: ignore[attr-defined]


def _account(user: User) -> str:
    return f"{user.name}（{user.login}）"


class PanelForm(RowsForm):
    """One expert's points for each item, with a reason if he wants to give one."""

    facts = ("指标", "分值", "评分标准", "核实情况")
    heads = {"points": "打分", "reason": "理由"}

    def __init__(self, member: PanelMember, marks: Iterable[Mark], data: Any = None) -> None:
        super().__init__(data)
        given = {one.mark_id: one for one in member.marks.all()}
        self.fields["opinion"] = words(label="总体意见", initial=member.opinion)
        for mark in marks:
            mine = given.get(mark.pk)
            self.add(
                mark.pk,
                (mark.name, plain(mark.weight), mark.criteria, mark.found),
                mark.name,
                points=PointsField(mark.weight, required=False, initial=plain(mine.points) if mine else ""),
                reason=_short(400, initial=mine.reason if mine else ""),
            )
