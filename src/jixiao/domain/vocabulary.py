"""Vocabularies that several stages and any other county's system share."""

from __future__ import annotations

from .terms import Term


class SubjectKind(Term):
    """绩效管理对象的类型. Only PROJECT counts in project totals."""

    PROJECT = "project", "项目"
    PROGRAMME_POLICY = "programme_policy", "政策"
    DEPARTMENT_OVERALL = "department_overall", "部门整体", "部门整体支出"
    SPECIAL_FUND = "special_fund", "专项资金"
    TRANSFER = "transfer", "转移支付"


class FundBook(Term):
    """预算类型：四本预算."""

    GENERAL = "general", "一般公共预算"
    GOVERNMENT_FUND = "government_fund", "政府性基金预算", "政府性基金"
    STATE_CAPITAL = "state_capital", "国有资本经营预算", "国资"
    SOCIAL_INSURANCE = "social_insurance", "社会保险基金预算", "社保基金"


class Extension(Term):
    """扩展类型：项目支出以外也按绩效管理的对象（中发〔2018〕34号）；三本预算由预算类型区分."""

    INCOME = "income", "政府收入", "收入", "收入绩效"
    PARTNERSHIP = "public_private_partnership", "政府和社会资本合作", "PPP"
    PROCUREMENT = "procurement", "政府采购"
    PURCHASED_SERVICES = "purchased_services", "政府购买服务", "购买服务"
    GOVERNMENT_DEBT = "government_debt", "政府债务", "专项债", "专项债券"


class FundLevel(Term):
    """资金层级."""

    OWN = "own", "本级"
    TRANSFER = "transfer", "上级转移支付", "上级"


class Category(Term):
    """项目类别（西峡：一般项目支出与政策性项目支出相加即合计）."""

    GENERAL = "general", "一般性项目", "一般项目"
    POLICY = "policy", "政策性项目"


class Nature(Term):
    """项目性质."""

    NEW = "new", "新增", "新增项目"
    CONTINUING = "continuing", "延续", "延续性", "延续项目"


class UnitKind(Term):
    """单位类型. 乡镇 are units of the first level, but no departments."""

    DEPARTMENT = "department", "部门"
    TOWNSHIP = "township", "乡镇"
    SUBORDINATE = "subordinate", "下属单位", "二级单位"
    COMMITTEE = "committee", "管委会"


class IndicatorLevel1(Term):
    """一级指标（财预〔2020〕10号；成本自财预〔2021〕101号）."""

    COST = "cost", "成本指标", "成本"
    OUTPUT = "output", "产出指标", "产出"
    BENEFIT = "benefit", "效益指标", "效益"
    SATISFACTION = "satisfaction", "满意度指标", "满意度"


class Verdict(Term):
    """事前评估结论（青山湖、东湖：评估结果是预算安排的必备依据）. NOT_REQUIRED is the clearance of what needs none."""

    NOT_REQUIRED = "not_required", "不需评估"
    SUPPORTED = "supported", "予以支持"
    ADJUSTED = "adjusted", "调整完善后支持", "部分支持"
    REFUSED = "refused", "不予支持"
    EXEMPT = "exempt", "例外免评"


class EvaluationMethod(Term):
    """评价方式（财预〔2020〕10号：单位自评、部门评价、财政评价；财政对自评抽查复核）."""

    SELF = "self", "单位自评"
    DEPARTMENT = "department", "部门评价"
    RECHECK = "recheck", "抽查复核", "再评价"
    KEY = "key", "财政重点评价", "财政评价", "重点评价"


class Likelihood(Term):
    """完成目标可能性（财预〔2019〕136号监控表）."""

    CERTAIN = "certain", "确定能"
    POSSIBLE = "possible", "有可能"
    IMPOSSIBLE = "impossible", "完全不可能"


class Origin(Term):
    """数据性质 of a row: published by the district, made up so that totals come out, or the product's own user data."""

    OWN = "own", "本系统"
    PUBLISHED = "published", "公开"
    NAME_PUBLISHED = "name_published", "公开名称，得分合成"
    SYNTHETIC = "synthetic", "合成"
