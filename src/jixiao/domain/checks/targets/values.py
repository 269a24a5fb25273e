"""指标值：value, unit, sign and name of an indicator agree with one another and with the year."""

from __future__ import annotations

import re

from ...indicators import Comparison
from ...quantities import normalize, plain
from .. import Check, Level, Need
from .completeness import DETAILED, FILLED
from .facts import PERCENT_UNITS, IndicatorView

MATCHED = "财预〔2021〕101号：指标值、计量单位与指标名称相符"
DIRECTION = "财预〔2021〕101号：指标性质（≥、≤、=、定性）与指标方向一致"
FEASIBLE = "财预〔2015〕88号：合理可行"
YEAR = "财预〔2015〕88号：年度绩效目标"
_RATE = re.compile(r"(?<![频功效倍汇])率$|比例$|占比$|比重$|满意度$")
_RATE_UNITS = PERCENT_UNITS | {"‰", "分", "/10万", "1/10万", "例/10万", "人/10万"}
_COUNT = re.compile(r"(?:人|次|户|个|台|套|亩|件|张|场|所|辆|家|天)数$|数量$|面积$|里程$|长度$|人次$|总量$")
_FIT_UNITS = (
    (re.compile(r"人数$"), "人 名 位 人次 万人 千人 百人 个"),
    (re.compile(r"户数$"), "户 万户 家 个"),
    (re.compile(r"面积$"), "平方米 m2 亩 万亩 公顷 平方公里 km2 万平方米 平方千米 立方米"),
    (re.compile(r"里程$|长度$"), "公里 千米 米 km m 延米 万米 海里"),
    (re.compile(r"次数$"), "次 场 场次 批 批次 人次 期 轮 起 万次"),
)
_MAY_EXCEED = re.compile(r"增长|增幅|增速|提高|增加|增值|倍|完成率|安排率|达产|产能|回报|毛利|性价|产销|变动")
_WANTED_LOW = re.compile(r"成本|事故|投诉|死亡|超支|违规|违纪|差错|返工|逾期|发病|损失|排放|能耗|辍学|流失|失业|信访量")
_TURNED = re.compile(
    r"下降|降低|减少|节约|减排|办结|处理|处置|控制|查处|整改|化解|达标|及时|完成|合格|满意|防范|预防|回收|挽回|核查|覆盖"
)
_WANTED_HIGH = re.compile(
    r"(?<!不)(?:合格|达标|覆盖|及时|满意|完成|就业|准确|通过|到位|巩固|入学|利用|优良|完好|正常运行|办结|知晓)[率度]$"
)
_WHOLE_UNITS = frozenset("人名户个次台套所场辆张件期家座处项") | {"人次"}
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
_UPWARD = (Comparison.AT_LEAST, Comparison.MORE)
_DOWNWARD = (Comparison.AT_MOST, Comparison.LESS)


def _is_number(line: IndicatorView) -> bool:
    return line.number is not None


def _no_unit(line: IndicatorView) -> str | None:
    bare = line.value is not None and not line.value.percent and not line.value.transcribed
    return f"指标值 {line.indicator.target} 没有计量单位，请补充" if bare and not line.unit else None


def _rate_unit(line: IndicatorView) -> str | None:
    if not line.unit or line.unit in _RATE_UNITS or line.is_percent:
        return None
    return f"“{line.name}”应以%计量，现填“{line.indicator.unit}”，请改正单位或名称"


def _count_in_percent(line: IndicatorView) -> str | None:
    return f"“{line.name}”是数量，不能以%计量，请改正单位或名称" if line.is_percent else None


def _unfit_unit(line: IndicatorView) -> str | None:
    for name, units in _FIT_UNITS:
        if name.search(line.name) and line.unit and not line.is_percent and line.unit not in units.split():
            return f"“{line.name}”的计量单位填了“{line.indicator.unit}”，请改正，如{units.split()[0]}"
    return None


def _over_hundred(line: IndicatorView) -> str | None:
    return f"指标值 {line.shown} 超过100%，请核对" if (line.number or 0) > 100 else None


def _capped(line: IndicatorView) -> bool:
    return line.is_percent and not _MAY_EXCEED.search(line.name)


def _satisfaction_low(line: IndicatorView) -> str | None:
    least = line.rules.satisfaction_lowest
    if (line.number or 0) >= least:
        return None
    return f"满意度目标 {line.shown} 低于通常的{plain(least)}%，请提高或说明原因"


def _satisfaction_high(line: IndicatorView) -> str | None:
    most = line.rules.satisfaction_highest
    if (line.number or 0) <= most:
        return None
    return f"满意度目标 {line.shown} 高于通常的{plain(most)}%，问卷很难达到，请核对"


def _surveyed(line: IndicatorView) -> bool:
    return line.is_satisfaction and _is_number(line) and line.is_percent


def _zero(line: IndicatorView) -> str | None:
    return f"指标值 {line.shown} 不做也能达到，请填要完成的数" if line.number == 0 else None


def _day(line: IndicatorView) -> tuple[int, int, int] | None:
    """The target as a day, its year 0 where none is written; None for anything else."""
    return line.value.day if line.value else None


def _outside_year(line: IndicatorView) -> str | None:
    day = _day(line)
    if day is None or day[0] in (0, line.sheet.year):
        return None
    return f"指标值 {line.indicator.target} 不在 {line.sheet.year} 年内，请改为当年的日期"


def _before_start(line: IndicatorView) -> str | None:
    day, start = _day(line) or (0, 0, 0), line.sheet.start or (0, 0, 0)
    due = (day[0] or line.sheet.year, *day[1:])
    if due >= start:
        return None
    return f"完成时间 {line.indicator.target} 早于项目开始时间 {start[0]}-{start[1]:02}-{start[2]:02}，请核对"


def _is_day(line: IndicatorView) -> bool:
    return _day(line) is not None


def _not_whole(line: IndicatorView) -> str | None:
    if line.number is None or line.number.denominator == 1:
        return None
    return f"指标值 {line.shown} 不是整数，{line.indicator.unit}数请填整数"


def _against_direction(line: IndicatorView) -> str | None:
    sign, high = line.indicator.comparison, _WANTED_HIGH.search(line.name)
    low = not high and _WANTED_LOW.search(line.name) and not _TURNED.search(line.name)
    if sign in _UPWARD and low:
        return f"“{line.name}”越低越好，性质却填了{sign.label}，请改为≤"
    if sign in _DOWNWARD and high:
        return f"“{line.name}”越高越好，性质却填了{sign.label}，请改为≥"
    return None


def _sign_twice(line: IndicatorView) -> str | None:
    own = line.value.sign if line.value else None
    if own in (None, line.indicator.comparison):
        return None
    sign = line.indicator.comparison.label
    return f"指标值“{line.indicator.target}”自带的符号与指标性质{sign}不一致，请只填数值"


def _quantified_as_words(line: IndicatorView) -> str | None:
    return f"指标值 {line.indicator.target} 是数，性质却填了定性，请改为≥、≤或=" if _is_number(line) else None


def _words_as_quantified(line: IndicatorView) -> str | None:
    value = line.value
    if value is None or value.flag is not None or value.day or value.on_time or _NUMBERS.search(value.text):
        return None
    sign = line.indicator.comparison.label
    return f"性质为{sign}，指标值“{line.indicator.target}”却不是数，请填数值或改为定性"


def _several(line: IndicatorView) -> str | None:
    text = normalize(line.indicator.target).replace(",", "")
    if len(_NUMBERS.findall(text)) < 2 or re.search(r"[年月日时号]", text) or _is_day(line):
        return None
    return f"指标值“{line.indicator.target}”含有几个数，请只填一个，或分成几个指标"


START = Need[IndicatorView]("项目开始时间", lambda line: line.sheet.start is not None)

LINE_CHECKS: tuple[Check[IndicatorView], ...] = (
    Check("NO_UNIT", Level.ERROR, DETAILED, (), _no_unit, _is_number),
    Check("RATE_NOT_IN_PERCENT", Level.ERROR, MATCHED, (), _rate_unit, lambda line: bool(_RATE.search(line.name))),
    Check(
        "COUNT_IN_PERCENT",
        Level.ERROR,
        MATCHED,
        (),
        _count_in_percent,
        lambda line: bool(_COUNT.search(line.name)) and _is_number(line),
    ),
    Check("UNIT_UNFIT", Level.WARNING, MATCHED, (), _unfit_unit, _is_number),
    Check("OVER_100_PERCENT", Level.ERROR, FEASIBLE, (), _over_hundred, _capped),
    Check("SATISFACTION_LOW", Level.WARNING, FEASIBLE, (), _satisfaction_low, _surveyed),
    Check("SATISFACTION_TOO_HIGH", Level.WARNING, FEASIBLE, (), _satisfaction_high, _surveyed),
    Check("TARGET_ZERO", Level.ERROR, FEASIBLE, (), _zero, lambda line: line.indicator.comparison in _UPWARD),
    Check("DATE_OUTSIDE_YEAR", Level.ERROR, YEAR, (), _outside_year, lambda line: line.sheet.annual),
    Check("DUE_BEFORE_START", Level.ERROR, FEASIBLE, (START,), _before_start, _is_day),
    Check("COUNT_NOT_WHOLE", Level.WARNING, MATCHED, (), _not_whole, lambda line: line.unit in _WHOLE_UNITS),
    Check("SIGN_AGAINST_DIRECTION", Level.ERROR, DIRECTION, (), _against_direction),
    Check("SIGN_CONTRADICTED", Level.ERROR, DIRECTION, (FILLED,), _sign_twice, lambda line: line.quantitative),
    Check(
        "NUMBER_AS_QUALITATIVE",
        Level.WARNING,
        DIRECTION,
        (FILLED,),
        _quantified_as_words,
        lambda line: not line.quantitative,
    ),
    Check(
        "WORDS_AS_QUANTITATIVE", Level.ERROR, DIRECTION, (FILLED,), _words_as_quantified, lambda line: line.quantitative
    ),
    Check("SEVERAL_VALUES", Level.WARNING, DETAILED, (FILLED,), _several, lambda line: line.quantitative),
)
