"""The sections of the report in the order in which the districts write them, as data."""

from __future__ import annotations

from dataclasses import dataclass

from .wording import Sentence


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with paragraphs (each a tuple of sentences) and parts below it; empty ones are left out."""

    title: str
    paragraphs: tuple[tuple[Sentence, ...], ...] = ()
    parts: tuple[Section, ...] = ()


def grades(prefix: str, unit: str = "个") -> str:
    """All four grades with counts and shares, those at 0 too."""
    return f"等级为{{{prefix}.grades!|@#{unit}|、}}，分别占{{{prefix}.shares!|#%|、}}"


OPENING = (
    Sentence("现将{=region}{=year}预算绩效管理工作情况说明如下"),
    Sentence("文中百分比按四舍五入精确到{report.rounding}%"),
)

OVERVIEW = Section(
    "总体情况",
    (
        (
            Sentence(
                "编制绩效目标的项目{targets.projects}个",
                "开展事前绩效评估{exante.assessments}个",
                "纳入绩效运行监控的项目{monitoring.subjects}个",
                "开展单位自评的项目{self.projects}个",
                "开展部门评价的项目{evaluation.department}个",
                "抽查复核{spotcheck.count}个",
                "财政重点评价{key.evaluations}个",
                "提出整改事项{rectification.items}项",
                lead="{=year}，全{=level}",
            ),
            Sentence(
                "主管预算单位{units.total}个，其中开展项目自评或者编制部门整体支出绩效目标的占{units.coverage}%",
            ),
        ),
    ),
)

RULES = Section(
    "制度建设",
    ((Sentence("列入本年度制度目录的文件{policies.count}项：{=documents}"),),),
)

EX_ANTE = Section(
    "事前绩效评估",
    (
        (
            Sentence(
                "预算达到{exante.new.threshold}万元的新增项目",
                "预算增幅达到{exante.growth.threshold}%或者增加额达到{exante.growth.amount}万元的延续项目",
                "均应开展事前绩效评估",
                lead="按照本地区规定，",
                leads=True,
            ),
            Sentence(
                Sentence(
                    "部门{exante.first_level_units}个",
                    "乡镇{exante.towns}个",
                    lead="{=year}，",
                    tail="开展事前绩效评估",
                    joint="、",
                ),
                Sentence("政策{exante.policies}个", "项目{exante.projects}个", lead="评估", joint="、"),
                "其中{exante.verdicts|@#个|、}",
            ),
        ),
        (Sentence("登记例外事项{exante.exempt}个：{=exemptions}"),),
    ),
)

TARGETS = Section(
    "绩效目标管理",
    (
        (
            Sentence(
                "编制年度绩效目标的年初预算项目{targets.projects}个，资金{targets.amount}万元",
                "其中一般性项目{targets.amount.general!}万元、政策性项目{targets.amount.policy}万元",
                leads=True,
            ),
            Sentence("单个项目的绩效指标最多{indicators.max}个"),
        ),
        (
            Sentence("编制{=overall_years}部门整体支出绩效目标的部门{overall.targets}个"),
            Sentence("开展部门整体绩效管理试点的部门{overall.pilots}个：{=pilots}"),
        ),
    ),
)

MONITORING = Section(
    "绩效运行监控",
    (
        (
            Sentence(
                "{=year}组织绩效运行监控{monitoring.rounds}次",
                "其中{monitoring.purposes|@#次|、}",
                leads=True,
            ),
            Sentence(
                "截至{=cutoff}，纳入监控的预算单位{monitoring.units}个、项目{monitoring.projects}个，"
                "全年预算{monitoring.amount}万元",
                "{monitoring.period}月累计支出{monitoring.spent!}万元，支出进度{monitoring.rate!}%",
                leads=True,
            ),
            Sentence("按处置意见分，{monitoring.handlings|@#个|、}"),
        ),
        (
            Sentence(
                "支出进度落后时间进度超过{monitoring.slow.margin}个百分点且仍在实施的项目{monitoring.slow}个",
                "占监控项目的{monitoring.slow.share}%，清单见附件",
                leads=True,
            ),
        ),
        (
            Sentence(
                "实施重点监控的项目{monitoring.key}个",
                "涉及部门和单位{monitoring.key.units}个",
                "预算资金{monitoring.key.amount}万元，执行情况见附件",
                leads=True,
            ),
            Sentence("年度任务要求重点监控的部门不少于{key.monitoring.min}个"),
        ),
    ),
)

EVALUATION = Section(
    "绩效评价",
    parts=(
        Section(
            "单位自评",
            (
                (
                    Sentence(
                        "开展自评的部门和单位{self.units}个",
                        "自评{=self_years}项目{self.projects}个，资金{self.amount}万元",
                        "等级为优{self.excellent!}个、良{self.good!}个、中{self.fair!}个、差{self.poor!}个",
                        "分别占{self.excellent.share!}%、{self.good.share!}%、{self.fair.share!}%、{self.poor.share!}%",
                        leads=True,
                    ),
                    Sentence("因逐项四舍五入，各等级占比之和为{self.shares.sum}%"),
                    Sentence("免予自评的项目{self.exempt}个（{=exempt_reasons}）"),
                ),
                (
                    Sentence(
                        "开展部门整体支出自评的部门{overall.self}个",
                        grades("overall.self"),
                        leads=True,
                    ),
                ),
            ),
        ),
        Section(
            "部门评价",
            (
                (
                    Sentence(
                        "部门评价覆盖预算单位{evaluation.department.units}个、{=department_years}项目"
                        "{evaluation.department}个，项目资金{evaluation.department.amount}万元",
                        grades("evaluation.department"),
                        leads=True,
                    ),
                    Sentence(
                        "所评单位占主管预算单位的{evaluation.department.units.share}%",
                        "所评项目资金占同年度项目预算资金的{evaluation.department.funds.share}%",
                        "年度任务要求分别不低于{evaluation.department.units.min}%、{evaluation.department.funds.min}%",
                        leads=True,
                    ),
                ),
            ),
        ),
        Section(
            "抽查复核",
            (
                (
                    Sentence("财政部门抽查复核自评结果{spotcheck.count}个", grades("spotcheck"), leads=True),
                    Sentence("年度任务要求抽查复核不少于{spotcheck.min}个"),
                ),
            ),
        ),
        Section(
            "财政重点评价",
            (
                (
                    Sentence(
                        "财政重点评价部门整体支出{key.departments}个",
                        "安排资金{key.departments.arranged}万元、使用资金{key.departments.used!}万元",
                        grades("key.departments"),
                        leads=True,
                    ),
                ),
                (
                    Sentence(
                        "财政重点评价政策和项目{key.projects}个",
                        "涉及部门和单位{key.projects.departments}个",
                        "安排资金{key.amount}万元、使用资金{key.projects.used!}万元",
                        grades("key.projects"),
                        leads=True,
                    ),
                ),
                (
                    Sentence(
                        "{=before}财政重点评价项目{key.projects.previous_year}个",
                        grades("key.previous"),
                        leads=True,
                    ),
                ),
                (
                    Sentence("各评价对象的资金、得分和等级{=key_listed}"),
                    Sentence("受委托参与评价的机构{agencies.count}家：{=agencies}"),
                ),
            ),
        ),
    ),
)

USE = Section(
    "评价结果应用",
    (
        (
            Sentence(
                "根据财政重点评价结果下达整改事项{rectification.items}项",
                "涉及部门和单位{rectification.units}个",
                "已完成整改{rectification.done}项",
                "尚在整改{rectification.open}项",
                leads=True,
            ),
        ),
        (Sentence("收回不再实施的项目资金{recovery.amount}万元：{=recoveries}"),),
        (Sentence("{=before}财政重点评价等级为差的项目{key.poor.previous_year}个，取消预算安排：{=poor}"),),
    ),
)

DISCLOSURE = Section(
    "信息公开和报告",
    (
        (
            Sentence("{=year}通过{=channels}公开绩效评价报告{disclosure.reports}个"),
            Sentence(
                "重点绩效评价报告{npc.key_reports}个",
                "部门整体绩效自评报告{npc.overall_self}个",
                "部门整体支出绩效目标{npc.overall_targets}个",
                "专项资金绩效目标{npc.special_funds}个",
                lead="向人大报送",
                joint="、",
            ),
            Sentence("向政府报送{submission.government|@#个|、}"),
        ),
    ),
)

PROBLEMS = Section(
    "存在的问题",
    parts=(
        Section(
            "财政重点评价发现的问题",
            (
                (
                    Sentence(
                        "{problems.common|“@”涉及项目#个/“@”各涉及项目#个|；}",
                        lead="对所评项目的问题归类，",
                    ),
                ),
            ),
        ),
        Section(
            "数据核对发现的问题",
            (
                (
                    Sentence("预算达到规定条件而没有事前绩效评估记录的项目和政策{exante.missing}个"),
                    Sentence("年初预算项目中没有绩效指标的{targets.missing}个"),
                    Sentence(
                        "自评项目中预算执行率低于{self.low_execution.border}%的{self.low_execution}个",
                        "占自评项目的{self.low_execution.share}%",
                        leads=True,
                    ),
                    Sentence("自评项目等级为优的占比，比财政重点评价项目高{self.excellent.gap}个百分点"),
                ),
            ),
        ),
    ),
)

SECTIONS = (OVERVIEW, RULES, EX_ANTE, TARGETS, MONITORING, EVALUATION, USE, DISCLOSURE, PROBLEMS)
