"""The commands. Each lives in a module of this folder with `register(subparsers)`; only the one asked for is read."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import NoReturn

from .environment import Refused, django_setup

USAGE_ERROR = 2
INTERRUPTED = 130


@dataclass(frozen=True)
class Command:
    """One word after `jixiao`: the module that registers it, what it does, and whether it needs the database."""

    module: str
    summary: str
    server: bool = True


COMMANDS: dict[str, Command] = {
    "demo": Command("demo", "建库、载入五个县（区）的数据、写出年度报告并在本机打开"),
    "figures": Command("figures", "计算一个地区一个年度的全部指标数字"),
    "report": Command("report", "写出年度预算绩效管理工作情况说明（docx 或 pdf）"),
    "score": Command("sheets", "给一份自评表文件打分（不需要数据库）", server=False),
    "audit": Command("sheets", "检查一份自评表文件的问题（不需要数据库）", server=False),
    "conform": Command("sheets", "用评分样例集核对本程序或其他程序（不需要数据库）", server=False),
    "what-if": Command("what_if", "按另一套规则重算已审定的自评，只看不存"),
    "import": Command("importing", "导入一个文件夹的表格（xlsx、csv）"),
    "watch": Command("watching", "监视一个文件夹，逐个导入放进来的表格"),
    "serve": Command("serve", "启动网页服务"),
    "worker": Command("worker", "运行后台任务"),
    "doctor": Command("doctor", "检查整个数据库是否自洽"),
    "verify-audit": Command("verify_audit", "核验审计链是否完整"),
    "backup": Command("backup", "备份（可在运行中进行）"),
    "restore": Command("backup", "把备份恢复到空的位置"),
    "export": Command("export", "导出数据表"),
    "diagrams": Command("diagrams", "重画各环节的流程图", server=False),
    "test": Command("testing", "运行全部检查和测试", server=False),
}


class ChineseParser(argparse.ArgumentParser):
    """Says in Chinese that a command was used wrongly; what argparse objects to follows as it is."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE_ERROR, f"用法不对：{message}\n运行 {self.prog} --help 可查看写法。\n")


def usage() -> str:
    """The list of commands, as printed when none is given."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {command.summary}" for name, command in COMMANDS.items()]
    return "\n".join(["用法：jixiao 命令 [参数]", "", "命令：", *lines, "", "每个命令的写法：jixiao 命令 --help"])


def run(arguments: Sequence[str]) -> int:
    """Finds the command, readies what it needs, and gives its exit code. Raises Refused."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(usage())
        return 0
    command = COMMANDS.get(arguments[0])
    if command is None:
        raise Refused(f"没有“{arguments[0]}”这个命令。\n\n{usage()}")
    if command.server:
        django_setup()
    # Read at the call, not at the top: a command without a database must not import Django with its neighbours.
    module = import_module(f"{__name__}.{command.module}")
    parser = ChineseParser(prog="jixiao")
    module.register(parser.add_subparsers(dest="command", required=True))
    chosen = parser.parse_args(arguments)
    return chosen.run(chosen) or 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The program: arguments without the program's name in, exit code out (0 done, 1 failed, 2 used wrongly)."""
    try:
        code = run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return refusal.code
    except KeyboardInterrupt:
        print("已中断。", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader left (`jixiao figures | head`): stdout goes nowhere, so that the last flush is quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code
