"""`jixiao worker`: takes jobs from the queue, one after the other, until it is told to stop."""

from __future__ import annotations

import argparse
import os
import signal
import threading

from django.db import close_old_connections
from django.utils import timezone

from jixiao.kit.jobs import last_night, run_next
from jixiao.overview.jobs import JOBS, plan_night

from .database import demand_upgraded

IDLE_SECONDS = 1.0


def work(stop: threading.Event, parent: int | None = None) -> None:
    """Run jobs until `stop`, or until the parent process is gone. A job in hand is seen to its end first.

    Once a night what is due every night is asked for.
    """
    planned = None
    while not stop.is_set() and (parent is None or os.getppid() == parent):
        close_old_connections()
        now = timezone.now()
        if planned != (night := last_night(now)):
            plan_night(now)
            planned = night
        if not run_next(JOBS):
            stop.wait(IDLE_SECONDS)


def execute(args: argparse.Namespace) -> int:
    """Always 0."""
    demand_upgraded()
    if args.once:
        done = 0
        while run_next(JOBS):
            done += 1
        print(f"办理了 {done} 项任务" if done else "没有等待的任务")
        return 0
    stop = threading.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: stop.set())
    work(stop, args.parent)
    return 0


def register(subparsers: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = subparsers.add_parser("worker", help="运行后台任务")
    parser.add_argument("--once", action="store_true", help="办完等待的任务即结束")
    parser.add_argument("--parent", type=int, metavar="进程号", help="该进程结束时一并结束（由 serve 使用）")
    parser.set_defaults(run=execute)
