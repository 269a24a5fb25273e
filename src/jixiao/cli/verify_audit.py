"""`jixiao verify-audit`: every region's audit chain, link by link."""

from __future__ import annotations

import argparse

from jixiao.kit import audit
from jixiao.kit.models import AuditEntry, AuditHead

from .database import demand_upgraded
from .environment import Refused


def chains() -> list[str]:
    """Regions that have a chain, or the rest of one."""
    known = set(AuditHead.objects.values_list("region", flat=True))
    return sorted(known | set(AuditEntry.objects.values_list("region", flat=True).distinct()))


def first_break(region: str) -> tuple[int, str] | None:
    """The first bad link of a chain as (seq, reason); None if it is whole."""
    return next(audit.verify(region), None)


def execute(args: argparse.Namespace) -> int:
    """0 if every chain is whole, 1 otherwise. Raises Refused for a region without a chain."""
    demand_upgraded()
    audit.self_test()
    known, broken = chains(), 0
    if args.region and args.region not in known:
        raise Refused(f"区划 {args.region} 没有审计链；现有：{'、'.join(known) or '（空）'}")
    for region in [args.region] if args.region else known:
        found = first_break(region)
        if found:
            broken += 1
            print(f"问题　{region}：第 {found[0]} 条起不可信（{found[1]}）。请停止使用，保留现场并与备份核对。")
        else:
            head = AuditHead.objects.get(region=region)
            print(f"完整　{region}：{head.seq} 条，链尾 {head.mac}")
    return 1 if broken else 0


def register(subparsers: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = subparsers.add_parser("verify-audit", help="核验审计链是否完整，指出第一条不可信的记录")
    parser.add_argument("--region", metavar="编码", help="只核验一个区划")
    parser.set_defaults(run=execute)
