"""计分: methods named in the policy and versioned, exact arithmetic, and a sentence for every point.

进: LineFacts and SheetFacts, ScoringRules and GradeRules of the policy. 出: LineScore, SheetScore.
依据: 财预〔2020〕10号第十三、十六、十八条; 财预〔2021〕101号赋分规则.
"""

from ..grades import Grade, GradeRules, grade_of
from ..indicators import Comparison, LineFacts
from .line import method_for, score_line
from .methods import METHODS
from .rules import (
    Beyond,
    ExecutionCap,
    Flag,
    LineScore,
    ScoringRules,
    Segment,
    SheetFacts,
    SheetScore,
    Steps,
    UnknownMethod,
)
from .sheet import add_up, cap_of, score_execution, score_sheet

__all__ = [
    "METHODS",
    "Beyond",
    "Comparison",
    "ExecutionCap",
    "Flag",
    "Grade",
    "GradeRules",
    "LineFacts",
    "LineScore",
    "ScoringRules",
    "Segment",
    "SheetFacts",
    "SheetScore",
    "Steps",
    "UnknownMethod",
    "add_up",
    "cap_of",
    "grade_of",
    "method_for",
    "score_execution",
    "score_line",
    "score_sheet",
]
