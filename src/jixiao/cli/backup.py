"""`jixiao backup` while the program runs, and `jixiao restore` into an empty place."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.conf import settings

from jixiao.kit import backup
from jixiao.kit.files import sha256

from .database import demand_upgraded, upgrade
from .environment import Refused
from .verify_audit import chains, first_break

KEY = "审计链密钥不在备份里：请另行妥善保管 JIXIAO_HOME/audit.key（或 JIXIAO_AUDIT_KEY），恢复后放回原处。"


def write(args: argparse.Namespace) -> int:
    """0 when everything is in the file, 1 if uploaded files were missing or damaged."""
    target: Path = args.file.absolute()
    demand_upgraded()
    if target.exists():
        raise Refused(f"{target} 已存在，不覆盖；请换一个文件名")
    try:
        manifest = backup.write(target, settings.UPLOADS)
    except OSError as error:
        raise Refused(f"不能写到 {target}：{error.strerror}，请换一个位置", code=1) from None
    print(f"已备份 {manifest.rows} 行、{len(manifest.uploads)} 个文件：{target}（{target.stat().st_size} 字节）")
    print(f"SHA-256 {sha256(target.read_bytes())}")
    print(KEY)
    for digest in manifest.lacking:
        print(f"问题　导入的原始文件 {digest} 缺失或损坏，未能备份；请运行 jixiao doctor 查看")
    return 1 if manifest.lacking else 0


def restore(args: argparse.Namespace) -> int:
    """0 when everything stands as it was, 1 if the audit chains do not verify with this place's key."""
    upgrade()
    try:
        manifest = backup.restore(args.file.absolute(), settings.UPLOADS)
    except backup.BackupRefused as refusal:
        raise Refused(str(refusal), code=1) from None
    print(f"已恢复 {manifest.made_at} 的备份：{manifest.rows} 行、{len(manifest.uploads)} 个文件，逐表核对一致")
    broken = [region for region in chains() if first_break(region)]
    if broken:
        print(f"问题　{'、'.join(broken)} 的审计链用本处的密钥核验不通过。{KEY}")
    return 1 if broken else 0


def register(subparsers: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    keeping = subparsers.add_parser("backup", help="备份全部数据和上传的文件，可在运行中进行", epilog=KEY)
    keeping.add_argument("file", type=Path, metavar="文件", help="要写的备份文件，如 备份.zip")
    keeping.set_defaults(run=write)
    bringing = subparsers.add_parser("restore", help="把备份恢复到空的位置（SQLite 与 PostgreSQL 可互换）", epilog=KEY)
    bringing.add_argument("file", type=Path, metavar="文件", help="备份文件")
    bringing.set_defaults(run=restore)
