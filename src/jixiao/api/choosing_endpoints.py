"""The addresses of 选评: candidates, draws, coverage, transfers and scores side by side."""

from __future__ import annotations

from . import choosing
from .lists import PAGED, YEAR
from .operations import FILL, READ, Endpoint, Operation

CHOOSING = (
    Endpoint(
        "api-candidates",
        "candidates",
        (
            Operation(
                "GET",
                "选评候选对象，选评分和依据",
                READ,
                choosing.candidates,
                choosing.CANDIDATE,
                (*choosing.PART_OF, *choosing.CANDIDATE_ASKS),
                paged=True,
            ),
        ),
    ),
    Endpoint(
        "api-draws",
        "draws",
        (
            Operation("GET", "随机抽样", READ, choosing.draws, choosing.DRAW, PAGED, paged=True),
            Operation(
                "POST",
                "抽取：种子、总体和结果随即固定，不能撤销",
                FILL,
                choosing.make,
                choosing.WHOLE,
                (YEAR, choosing.OBJECT_YEAR),
                takes=choosing.DRAWING,
                keyed=True,
            ),
        ),
    ),
    Endpoint(
        "api-draw",
        "draws/<int:pk>",
        (Operation("GET", "一次抽样：总体、抽中的对象、重算是否一致", READ, choosing.draw, choosing.WHOLE),),
    ),
    Endpoint(
        "api-coverage",
        "coverage",
        (Operation("GET", "部门评价覆盖，按单位和按资金", READ, choosing.coverage, choosing.COVERAGE, (YEAR,)),),
    ),
    Endpoint(
        "api-transfers",
        "transfers",
        (
            Operation(
                "GET",
                "转移支付的评价和评价报告",
                READ,
                choosing.transfer_lines,
                choosing.TRANSFER,
                (*choosing.PART_OF, choosing.OBJECT_YEAR),
                paged=True,
            ),
        ),
    ),
    Endpoint(
        "api-reconciliation",
        "reconciliation",
        (
            Operation(
                "GET",
                "得分对照：自评、部门评价、抽查复核、财政评价",
                READ,
                choosing.compared,
                choosing.COMPARED,
                (*choosing.PART_OF, choosing.GROUP),
                paged=True,
            ),
        ),
    ),
)
