"""What is typed about an entry of the library: what it measures, how, and its standards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField

from jixiao.domain.indicators import Comparison
from jixiao.domain.quantities import normalize
from jixiao.domain.vocabulary import IndicatorLevel1

from . import starter
from .models import CONTENT, Entry
from .rules import EntryFacts, Scope, StandardKind, class_fits

OPEN = [("", "请选择")]
STANDARD_ROWS = 4
PARTS = ("kind", "value", "source", "year")
LEVEL2 = (
    *("数量指标", "质量指标", "时效指标", "经济成本指标", "社会成本指标", "生态环境成本指标"),
    *("经济效益指标", "社会效益指标", "生态效益指标", "服务对象满意度指标"),
)


class EntryForm(forms.Form):
    """An entry with up to four standards; `reason` is asked when an entry is edited."""

    name = forms.CharField(
        label="三级指标", max_length=200, help_text="写要测的量，不写年度和项目名，例如：工程竣工一次验收合格率"
    )
    level1 = forms.ChoiceField(label="一级指标", choices=OPEN + IndicatorLevel1.choices())
    level2 = forms.CharField(label="二级指标", max_length=60, help_text=f"例如：{'、'.join(LEVEL2)}")
    comparison = forms.ChoiceField(label="指标性质", choices=OPEN + Comparison.choices())
    unit = forms.CharField(label="计量单位", max_length=20, required=False, help_text="定性指标不填")
    industry = forms.ChoiceField(label="行业", required=False, choices=[])
    project_type = forms.CharField(label="项目类型", max_length=40, required=False)
    scope = forms.ChoiceField(label="共性或个性", choices=Scope.choices(), initial=Scope.OWN)
    method = forms.CharField(
        label="计算方法",
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text="怎样算、分子分母各是什么、按什么时点",
    )
    explanation = forms.CharField(label="指标解释", max_length=2000, required=False, widget=forms.Textarea({"rows": 2}))
    data_source = forms.CharField(label="数据来源", max_length=120, required=False)
    evidence = forms.CharField(label="佐证资料", max_length=200, required=False)
    source = forms.CharField(label="出处", max_length=200, required=False, help_text="指标出自哪份文件，写名称或文号")
    reason = forms.CharField(label="修改原因", max_length=200)

    def __init__(self, entry: Entry | None, data: Any = None) -> None:
        super().__init__(data, initial=entry.content() if entry else None)
        held = [entry.industry] if entry and entry.industry not in starter.industries() else []
        names = [name for name in (*starter.industries(), *held) if name]
        self.fields["industry"].choices = [("", "不限行业"), *((name, name) for name in names)]  # type: ignore[attr-defined]
        if entry is None:
            del self.fields["reason"]
        said = list(entry.standards.order_by("id")) if entry else []
        for row in range(max(STANDARD_ROWS, len(said) + 1)):
            self._add_standard(row, said[row] if row < len(said) else None)

    def _add_standard(self, row: int, kept: Any) -> None:
        self.fields[f"kind-{row}"] = forms.ChoiceField(
            label=f"标准 {row + 1} 类别",
            choices=OPEN + StandardKind.choices(),
            required=False,
            initial=kept.kind if kept else "",
        )
        for part, label, longest in (("value", "标准值", 80), ("source", "出处", 200)):
            initial = getattr(kept, part) if kept else ""
            self.fields[f"{part}-{row}"] = forms.CharField(
                label=f"标准 {row + 1} {label}", max_length=longest, required=False, initial=initial
            )
        self.fields[f"year-{row}"] = forms.IntegerField(
            label=f"标准 {row + 1} 年度",
            min_value=1990,
            max_value=2100,
            required=False,
            initial=kept.year if kept else None,
            widget=forms.TextInput({"inputmode": "numeric"}),
        )

    @property
    def own(self) -> list[BoundField]:
        """The fields of the entry itself."""
        return [bound for bound in self if "-" not in bound.name]

    @property
    def rows(self) -> list[list[BoundField]]:
        """The fields of each standard, under their headings."""
        count = sum(name.startswith("kind-") for name in self.fields)
        return [[self[f"{part}-{row}"] for part in PARTS] for row in range(count)]

    def clean_unit(self) -> str:
        return normalize(self.cleaned_data["unit"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("level1") and values.get("level2"):
            facts = EntryFacts("", IndicatorLevel1(values["level1"]), values["level2"], None, "", "")
            for reason in class_fits(facts).reasons:
                self.add_error("level2", reason)
        for row in range(len(self.rows)):
            kind, value, source = (values.get(f"{part}-{row}") for part in ("kind", "value", "source"))
            if any((kind, value, source)) and not all((kind, value, source)):
                missing = next(part for part in PARTS[:3] if not values.get(f"{part}-{row}"))
                if f"{missing}-{row}" not in self.errors:
                    self.add_error(f"{missing}-{row}", "标准的类别、标准值和出处要一起填")
        return values

    def entry_values(self) -> dict[str, Any]:
        """What the entry says, typed."""
        values: dict[str, Any] = {name: self.cleaned_data[name] for name in CONTENT}
        terms = {"level1": IndicatorLevel1, "comparison": Comparison, "scope": Scope}
        return values | {name: term(values[name]) for name, term in terms.items()}

    def standards(self) -> list[tuple[Any, str, str, int | None]]:
        """The standards that are filled in."""
        said = self.cleaned_data
        return [
            (StandardKind(said[f"kind-{row}"]), said[f"value-{row}"], said[f"source-{row}"], said[f"year-{row}"])
            for row in range(len(self.rows))
            if said[f"kind-{row}"]
        ]
