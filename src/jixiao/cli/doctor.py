"""`jixiao doctor`: is the whole database consistent with itself, and are its files there."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from django.conf import settings

from jixiao.domain.policy import PolicyError
from jixiao.kit import audit, contents, files
from jixiao.kit.invariants import INVARIANTS as ANY_SHEET
from jixiao.kit.invariants import Invariant
from jixiao.kit.models import Attachment, Upload
from jixiao.overview.catalogue import INVARIANTS
from jixiao.policies import load, names

from .database import pending
from .verify_audit import chains, first_break

MOST_SHOWN = 20


def _migrations() -> Iterator[str]:
    for name in pending():
        yield f"未执行 {name}，请运行 jixiao serve 或 jixiao demo 升级"


def _sm3() -> Iterator[str]:
    try:
        audit.self_test()
    except (RuntimeError, ValueError) as error:
        yield f"{error}"


def _triggers() -> Iterator[str]:
    for table in audit.missing_triggers():
        yield f"{table} 没有触发器，请运行 jixiao serve 补上，并核对此前的记录"


def _chains() -> Iterator[str]:
    for region in chains():
        found = first_break(region)
        if found:
            yield f"{region} 第 {found[0]} 条起不可信（{found[1]}）"


def _uploads() -> Iterator[str]:
    for upload in Upload.objects.order_by("id").iterator():
        try:
            files.fetch(settings.UPLOADS, upload.sha256)
        except FileNotFoundError:
            yield f"导入记录 {upload.pk}（{upload.filename}）的原始文件不在了，请从备份恢复"
        except files.Damaged as damage:
            yield f"导入记录 {upload.pk}（{upload.filename}）：{damage}"


def _attachments() -> Iterator[str]:
    for kept in Attachment.objects.order_by("id").iterator():
        try:
            files.fetch(settings.UPLOADS, kept.sha256)
        except FileNotFoundError:
            yield f"附件 {kept.pk}（{kept.filename}）的文件不在了，请从备份恢复"
        except files.Damaged as damage:
            yield f"附件 {kept.pk}（{kept.filename}）：{damage}"


def _policies() -> Iterator[str]:
    for name in names():
        try:
            load(name)
        except PolicyError as error:
            yield f"{error}"


OWN = (
    Invariant("database.migrations", "数据库已升级到本程序的版本", _migrations),
    Invariant("audit.sm3", "SM3 自检通过", _sm3),
    Invariant("audit.triggers", "审计记录和流转记录的触发器都在", _triggers),
    Invariant("audit.chains", "每个区划的审计链完整", _chains),
    Invariant("files.uploads", "每个导入的原始文件都在，内容未变", _uploads),
    Invariant("files.attachments", "每个附件的文件都在，内容未变", _attachments),
    Invariant("policies.readable", "每份政策文件可以读取", _policies),
)


def examine(invariant: Invariant) -> bool:
    """Print one line, and below it what is not so. True if nothing is."""
    violations = list(invariant.check())
    print(f"{'问题' if violations else 'ok'}　{invariant.sentence}（{invariant.key}）")
    for violation in violations[:MOST_SHOWN]:
        print(f"　　{violation}")
    if len(violations) > MOST_SHOWN:
        print(f"　　……共 {len(violations)} 处")
    return not violations


def execute(_args: argparse.Namespace) -> int:
    """0 if everything holds, 1 otherwise."""
    if not examine(OWN[0]):
        return 1
    sound = [examine(invariant) for invariant in (*OWN[1:], *ANY_SHEET, *INVARIANTS)]
    print(f"{sum(sound) + 1} 项符合，{len(sound) - sum(sound)} 项有问题")
    print(f"数据摘要 {contents.summary()}")
    return 0 if all(sound) else 1


def register(subparsers: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = subparsers.add_parser("doctor", help="检查整个数据库是否自洽")
    parser.set_defaults(run=execute)
