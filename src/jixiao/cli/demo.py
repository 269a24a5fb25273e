"""`jixiao demo`: five districts' years, from their tables to their annual reports, open in the browser."""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.utils import timezone

from jixiao.domain.actors import system
from jixiao.kit.figures import Scope
from jixiao.kit.importing import ImportScope, Outcome
from jixiao.kit.paper import PaperRefused
from jixiao.overview.annual_report import compose
from jixiao.overview.report_files import RENDERERS, STEM, write
from jixiao.policies import for_region
from jixiao.registers.indicators.importer import load_starter

from . import demo_accounts
from .database import upgrade
from .demo_workbooks import DISTRICTS, District, make_workbooks
from .environment import Refused, checkout, home
from .importing import Registration, as_text, load
from .serve import HOST, PORT, free_port, is_free


@dataclass
class Progress:
    """What is told on the way (standard error), with the seconds since the start; and whether anything changed."""

    began: float = field(default_factory=time.monotonic)
    changes: int = 0

    def tell(self, message: str) -> None:
        print(f"[{time.monotonic() - self.began:6.1f} 秒] {message}", file=sys.stderr, flush=True)


def load_district(district: District, source: Path, progress: Progress) -> None:
    """Write the district's workbooks and import them. Raises Refused if the product's own data have a problem."""
    workbooks = make_workbooks(source, home() / "demo" / district.key)
    progress.tell(f"{district.name} {district.year} 年：写出 {len(workbooks)} 个工作簿，正在导入")
    region = Registration(district.region_code, district.name, demo=True)
    outcome = load(workbooks, region, district.year, commit=True)
    if outcome.problems:
        raise Refused(f"{district.name}的演示数据没有导入：\n{as_text(outcome, check=False)}", code=1)
    progress.changes += outcome.changes
    progress.tell(f"{district.name} {district.year} 年：{_summary(outcome)}")
    library = load_starter(ImportScope(region.code, district.year, system(region.code), for_region))
    progress.changes += library.changes
    progress.tell(f"{district.name}：起始指标库{_summary(library)}")


def _summary(outcome: Outcome) -> str:
    total = sum(sum(counts.values()) for counts in outcome.counts.values())
    gaps = f"，缺口 {len(outcome.gaps)} 项" if outcome.gaps else ""
    return f"{total} 行，其中写入 {outcome.changes} 行{gaps}" if outcome.changes else f"{total} 行，没有变化{gaps}"


def write_reports(district: District, progress: Progress) -> list[Path]:
    """Write the annual report as Word and PDF. Without a Chinese font the PDF is left out, and the remedy told."""
    paper = compose(Scope(district.region_code, district.year, system(district.region_code)), timezone.localdate())
    written = []
    for ending in RENDERERS:
        target = Path(settings.REPORTS) / district.key / f"{district.name}{district.year}年度{STEM}{ending}"
        try:
            result = write(paper, target)
        except PaperRefused as refusal:
            progress.tell(f"{district.name}：{refusal}")
            continue
        progress.changes += result.changed
        written.append(target)
    progress.tell(f"{district.name} {district.year} 年：年度报告{'、'.join(path.suffix for path in written)}")
    return written


def chosen(key: str | None) -> list[District]:
    """The district of this key, or all. Raises Refused."""
    if key is None:
        return list(DISTRICTS.values())
    if key not in DISTRICTS:
        raise Refused(f"没有演示数据 {key}；可用的有：{'、'.join(DISTRICTS)}")
    return [DISTRICTS[key]]


def tell_where(reports: list[Path], accounts: str) -> None:
    """Standard output: where everything is, and who may sign in."""
    print("\n年度报告：")
    print("\n".join(f"  {path}" for path in reports))
    print(f"导入用的工作簿：{home() / 'demo'}")
    database = settings.DATABASES["default"]
    print(f"数据库：{database['NAME']}" + (f"（{database['HOST']}）" if database.get("HOST") else ""))
    print(f"\n演示账号（也在 {home() / demo_accounts.FILE}，只有本人可读）：\n{accounts}", flush=True)


def execute(args: argparse.Namespace) -> int:
    """0 when all districts are loaded; without --no-serve it goes on as the server and does not come back."""
    root = checkout()
    if root is None:
        raise Refused("演示数据在源代码目录的 demo/ 中，请取得源代码后运行 ./jixiao demo")
    districts, progress = chosen(args.district), Progress()
    if args.port and not args.no_serve and not is_free(HOST, args.port):
        raise Refused(f"端口 {args.port} 已被占用，请换一个，或不写 --port 由程序选择", code=1)
    ran = upgrade()
    progress.tell(f"数据库就绪（执行 {ran} 步）" if ran else "数据库就绪")
    progress.changes += ran
    for district in districts:
        load_district(district, root / "demo" / district.key, progress)
    accounts, made = demo_accounts.ensure(districts, home() / demo_accounts.FILE)
    progress.changes += made
    # After every act: a report prints where the audit chain stands.
    reports = [path for district in districts for path in write_reports(district, progress)]
    progress.tell("完成" if progress.changes else "没有变化")
    tell_where(reports, accounts)
    if args.no_serve:
        return 0
    return _become_server(args.port or free_port())


def _become_server(port: int) -> int:
    """Go on as `jixiao serve` with the demo banner: a new process image, so that nothing of the import stays behind."""
    connections.close_all()
    os.environ["JIXIAO_DEMO"] = "1"
    os.execv(sys.executable, [sys.executable, "-P", "-m", "jixiao", "serve", "--port", str(port)])  # nosec B606


def register(subparsers: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = subparsers.add_parser("demo", help="建库、载入五个县（区）的数据、写出年度报告并在本机打开")
    parser.add_argument("--no-serve", action="store_true", help="载入后结束，不启动网页服务")
    parser.add_argument("--district", metavar="名称", help=f"只载入一个：{'、'.join(DISTRICTS)}")
    parser.add_argument("--port", type=int, metavar="端口", help=f"缺省 {PORT} 或其后第一个空闲端口")
    parser.set_defaults(run=execute)
