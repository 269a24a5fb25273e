"""`jixiao serve`: the pages over gunicorn, with a worker for long work beside them."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess  # nosec B404: the only program started is this one, by this interpreter
import sys
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connections
from gunicorn.app.base import BaseApplication

from jixiao.kit.audit import self_test

from .database import upgrade
from .environment import Refused, home

HOST, PORT = "127.0.0.1", 8000
PORTS_TRIED = 50


class Server(BaseApplication):
    """Gunicorn with its settings given here instead of in a file."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for key, value in self._settings.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        return get_wsgi_application()


class Companion:
    """The worker process beside the server; it ends with the server, even if that is killed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, _arbiter: Any) -> None:
        command = [sys.executable, "-P", "-m", "jixiao", "worker", "--parent", str(os.getpid())]
        # In a group of its own: Ctrl-C reaches the server, which then lets the worker finish what it has in hand.
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, process_group=0)  # nosec B603

    def stop(self, _arbiter: Any) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()


def is_free(host: str, port: int) -> bool:
    """Can this address be served?"""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(first: int = PORT) -> int:
    """The first free port of this machine from `first` on. Raises Refused."""
    for port in range(first, first + PORTS_TRIED):
        if is_free(HOST, port):
            return port
    raise Refused(f"{first} 至 {first + PORTS_TRIED - 1} 的端口都被占用，请用 --port 指定一个", code=1)


def gunicorn_settings(host: str, port: int, workers: int, companion: Companion | None) -> dict[str, Any]:
    """Nothing is written outside the home folder, and no control socket is opened."""
    settings: dict[str, Any] = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": 4,
        "timeout": 120,
        "graceful_timeout": 20,
        "keepalive": 5,
        "loglevel": "warning",
        "control_socket_disable": True,
        "worker_tmp_dir": str(home()),
    }
    if companion is not None:
        settings |= {"when_ready": companion.start, "on_exit": companion.stop}
    return settings


def execute(args: argparse.Namespace) -> int:
    """Serves until it is stopped. Raises Refused if the address is taken."""
    if not is_free(args.host, args.port):
        raise Refused(f"{args.host}:{args.port} 已被占用，请停止占用它的程序，或用 --port 换一个端口", code=1)
    self_test()
    if ran := upgrade():
        print(f"数据库已升级（{ran} 步）", file=sys.stderr)
    # Connections must not be shared with the processes that are about to start.
    connections.close_all()
    shown = f"[{args.host}]" if ":" in args.host else args.host
    print(f"正在服务：http://{shown}:{args.port}/　按 Ctrl+C 停止", flush=True)
    Server(gunicorn_settings(args.host, args.port, args.workers, None if args.no_worker else Companion())).run()
    return 0


def register(subparsers: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = subparsers.add_parser("serve", help="启动网页服务")
    parser.add_argument("--host", default=HOST, metavar="地址", help=f"缺省 {HOST}，只在本机可见")
    parser.add_argument("--port", type=int, default=PORT, metavar="端口", help=f"缺省 {PORT}")
    parser.add_argument("--workers", type=int, default=2, metavar="个数", help="网页进程数，缺省 2")
    parser.add_argument("--no-worker", action="store_true", help="不在旁边启动后台任务进程")
    parser.set_defaults(run=execute)
