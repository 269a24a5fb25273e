"""`jixiao watch`: a folder that other systems put their exports into; each complete file is imported and put away."""

from __future__ import annotations

import argparse
import fcntl
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.db import Error as DatabaseUnavailable
from django.db import close_old_connections
from django.utils import timezone

from jixiao.kit.files import write_durably
from jixiao.kit.importing import BUSY, Outcome
from jixiao.overview.mapping import saved
from jixiao.registers.organizations.models import Region

from .database import demand_upgraded
from .environment import Refused
from .importing import YEARS, Registration, as_text, is_table, load

STORED, WRONG = "已入库", "有问题"
UNFINISHED = ".part"
LOCK = ".jixiao-watch"
LONGEST_STEM = 50
USUAL_SECONDS = 5.0
SHORTEST_SECONDS = 0.1

State = tuple[int, int, int]


@dataclass(slots=True)
class Watch:
    """One folder under watch. Its only memory is what lay there at the last look: a killed one starts afresh.

    A file is imported where it lies and moved afterwards. Killed in between, it is imported once more, and the same
    rows again change nothing.
    """

    folder: Path
    region: Registration
    year: int
    mapping: str = ""
    seen: dict[str, State] = field(default_factory=dict)
    unfinished: set[str] = field(default_factory=set)
    refused: int = 0

    def look(self) -> int:
        """Import what is complete; how many files still have to be seen a second time."""
        before, unfinished = self.seen, self.unfinished
        try:
            lying = sorted(self.folder.iterdir())
        except OSError as error:
            # A share that is away for a while: what lies there will still lie there.
            _tell("文件夹读不到，稍后再试", str(error))
            return 0
        self.unfinished = {file.name.removesuffix(UNFINISHED) for file in lying if file.name.endswith(UNFINISHED)}
        self.seen = {}
        for file in lying:
            state = _state(file)
            if state is None or file.name in self.unfinished:
                continue
            if before.get(file.name) == state or file.name in unfinished:
                self._take(file, state)
            else:
                self.seen[file.name] = state
        return len(self.seen)

    def _take(self, file: Path, state: State) -> None:
        """Import one file in one act and put it away with what was said of it."""
        try:
            outcome = load([file], self.region, self.year, commit=True, mapping=self.mapping)
            if BUSY in (problem for _, problem in outcome.problems):
                _tell("正由他人办理，稍后再试", file.name)
                return
            if _state(file) != state:
                _tell("还在写入，下次再看", file.name)
                return
            self.refused += bool(outcome.problems)
            self._put_away(file, outcome)
        except (DatabaseUnavailable, OSError) as error:
            # Nothing was stored, or the file could not be moved: it stays and is taken up again at a later look.
            _tell("没有办成，稍后再试", f"{file.name}：{error}")

    def _put_away(self, file: Path, outcome: Outcome) -> None:
        place = self.folder / (WRONG if outcome.problems else STORED)
        place.mkdir(exist_ok=True)
        target = _free(place, file)
        # The words first: a file that lies there always has them beside it.
        write_durably(target.with_name(f"{target.name}.txt"), f"{as_text(outcome, check=False)}\n".encode())
        file.rename(target)
        counts = outcome.counts.values()
        told = "　".join(
            f"{word} {sum(count[key] for count in counts)}"
            for key, word in (("new", "新增"), ("changed", "修改"), ("same", "不变"))
        )
        _tell(
            place.name, f"{file.name}　{len(outcome.problems)} 处问题" if outcome.problems else f"{file.name}　{told}"
        )


def _state(file: Path) -> State | None:
    """Size, time and identity of a table that lies there itself; None for anything else."""
    with suppress(FileNotFoundError):
        if is_table(file) and not file.is_symlink():
            found = file.stat()
            return found.st_size, found.st_mtime_ns, found.st_ino
    return None


def _free(place: Path, file: Path) -> Path:
    """A name that no file has there yet: what was put away earlier is never overwritten."""
    stem = file.stem[:LONGEST_STEM]
    target, number = place / f"{stem}{file.suffix}", 2
    while target.exists():
        target, number = place / f"{stem}（{number}）{file.suffix}", number + 1
    return target


def _tell(verdict: str, words: str) -> None:
    print(f"{timezone.localtime():%Y-%m-%d %H:%M:%S}　{verdict}　{words}", flush=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Only one watch looks at a folder; the lock ends with its process, however that ends. Raises Refused."""
    try:
        held = (folder / LOCK).open("w")
    except OSError as error:
        raise Refused(f"不能写入文件夹 {folder}，请让运行账号能读写它：{error.strerror}", code=1) from None
    with held as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"已有另一个 jixiao watch 在看 {folder}，请先停下那一个", code=1) from None
        yield


def execute(args: argparse.Namespace) -> int:
    """0; with --once 1 if a file had problems. Raises Refused for a wrong call."""
    folder: Path = args.folder
    if not folder.is_dir():
        raise Refused(f"没有文件夹 {folder}，请先建立")
    if args.year not in YEARS:
        raise Refused(f"年度应为四位年份，如 2022，现为“{args.year}”")
    if not args.every >= SHORTEST_SECONDS:
        raise Refused(f"间隔至少 {SHORTEST_SECONDS} 秒，现为 {args.every}")
    demand_upgraded()
    if not Region.objects.filter(code=args.region).exists():
        raise Refused(f"没有区划 {args.region}，请核对编码，或先用 jixiao import 导入单位和项目")
    mapping = args.mapping or ""
    if mapping and not saved(args.region, mapping):
        raise Refused(f"没有名为“{mapping}”的列对应，请先在“数据导入”页保存，或核对名称")
    watch = Watch(folder, Registration(args.region, args.region), args.year, mapping)
    stop = threading.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: stop.set())
    with alone(folder):
        if args.once:
            if watch.look():
                stop.wait(args.every)
                watch.look()
            return 1 if watch.refused else 0
        while not stop.is_set():
            close_old_connections()
            watch.look()
            stop.wait(args.every)
    return 0


def register(subparsers: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = subparsers.add_parser("watch", help="监视一个文件夹，逐个导入其他系统放进来的表格")
    parser.add_argument("folder", type=Path, metavar="文件夹")
    parser.add_argument("--region", required=True, metavar="编码", help="区划编码，如 411323；须已登记")
    parser.add_argument("--year", required=True, type=int, metavar="年度", help="工作年度，如 2022")
    parser.add_argument("--mapping", metavar="名称", help="按保存的列对应读表头相同的文件")
    parser.add_argument("--every", type=float, default=USUAL_SECONDS, metavar="秒", help="多久看一次（缺省 5 秒）")
    parser.add_argument("--once", action="store_true", help="只看一遍（隔一次看两眼，不再变化的才导入）")
    parser.set_defaults(run=execute)
