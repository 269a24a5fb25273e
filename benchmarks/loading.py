"""A load of its own: keep-alive connections in one thread of a second process, cheap beside what it measures."""

from __future__ import annotations

import selectors
import socket
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from urllib.parse import urlencode

from benchmarks.county import PASSWORD

LENGTH = b"content-length: "


@dataclass(slots=True)
class Load:
    """What one scenario gave: seconds by request in order of size, and how many bytes a page had."""

    seconds: float
    took: list[float] = field(default_factory=list)
    failed: int = 0
    size: int = 0


def sign_in(port: int, login: str) -> str:
    """The cookie header of somebody who signed in on the login page."""
    server = HTTPConnection("127.0.0.1", port)
    server.request("GET", "/login/")
    answer = server.getresponse()
    page, cookies = answer.read().decode(), _cookies(answer.headers.get_all("Set-Cookie", []))
    token = page.split('name="csrfmiddlewaretoken"')[1].split('value="')[1].split('"')[0]
    form = urlencode({"csrfmiddlewaretoken": token, "login": login, "username": login, "password": PASSWORD})
    headers = {"Cookie": "; ".join(cookies), "Content-Type": "application/x-www-form-urlencoded"}
    server.request("POST", "/login/", form, headers | {"Referer": f"http://127.0.0.1:{port}/login/"})
    answer = server.getresponse()
    cookies = _cookies(answer.headers.get_all("Set-Cookie", []))
    if answer.status != 302 or not any(cookie.startswith("sessionid=") for cookie in cookies):
        raise SystemExit(f"could not sign in: {answer.status}")
    return "; ".join(cookies)


def _cookies(headers: list[str]) -> list[str]:
    return [header.partition(";")[0] for header in headers]


def load(port: int, path: str, cookie: str, seconds: float, connections: int) -> Load:
    """Ask for one address over and over, from another process."""
    context = get_context("fork")
    answers: SimpleQueue[Load] = context.SimpleQueue()
    asker = context.Process(target=lambda: answers.put(_ask(port, path, cookie, seconds, connections)))
    asker.start()
    found = answers.get()
    asker.join()
    return found


def _ask(port: int, path: str, cookie: str, seconds: float, connections: int) -> Load:
    question = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n".encode()
    clock, found = time.perf_counter, Load(0.0)
    with selectors.DefaultSelector() as waiting:
        began = clock()
        for _ in range(connections):
            line = socket.create_connection(("127.0.0.1", port))
            waiting.register(line, selectors.EVENT_READ, [clock(), bytearray()])
            line.sendall(question)
        while clock() - began < seconds or not found.took:
            for key, _ in waiting.select(1):
                asked_at, answer = key.data
                answer += key.fileobj.recv(1 << 18)
                if not _is_whole(answer):
                    continue
                found.took.append(clock() - asked_at)
                found.failed += not answer.startswith(b"HTTP/1.1 200")
                found.size = len(answer)
                key.data[:] = clock(), bytearray()
                key.fileobj.sendall(question)
        found.seconds = clock() - began
        for key in list(waiting.get_map().values()):
            key.fileobj.close()
    found.took.sort()
    return found


def _is_whole(answer: bytearray) -> bool:
    """Is the page there to its stated end? A line that was closed is an error of the server."""
    if not answer:
        raise SystemExit("the server closed the line")
    head = answer.find(b"\r\n\r\n")
    at = answer.lower().find(LENGTH, 0, head) if head >= 0 else -1
    if at < 0:
        return False
    return len(answer) >= head + 4 + int(answer[at + len(LENGTH) : answer.index(b"\r", at)])
